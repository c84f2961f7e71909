import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import type { Host } from "./host";

type Call = <T>(command: string, args?: Readonly<Record<string, unknown>>) => Promise<T>;

/** The part of the host that is about what is being written. */
export function composingCommands(call: Call): Pick<Host, "saveDraft" | "newThreadDraft" | "searchEntities"> {
  return {
    saveDraft: (thread, draft) => call("save_draft", { thread, draft }),
    newThreadDraft: () => call<Draft>("draft", { thread: null }),
    searchEntities: (connection, query) => call<Entity[]>("search_entities", { connection, query }),
  };
}
