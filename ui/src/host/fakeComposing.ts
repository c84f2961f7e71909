import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import type { ThreadId } from "../gen/ThreadId";
import type { Args, FakeCore } from "./fake";

/** What stands beside the words of a message. */
export type Beside = Omit<Draft, "text">;

/** Nothing of it. */
export const NOTHING: Beside = { mentions: [], quoted_text: null, tool: null };

/** What the fake core has of messages that are being written. */
export class FakeComposing {
  /** What stands beside the words of the start screen's draft. */
  beside: Beside = NOTHING;
  /** What the server finds, by what was typed; nothing for all else. */
  readonly found = new Map<string, readonly Entity[]>();
  /** While there is one for what was typed, nothing is answered before it is settled. */
  readonly gates = new Map<string, Promise<void>>();
}

export function composingCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    save_draft: ({ thread, draft }) => {
      const { text, ...beside } = draft as Draft;
      if (thread === null) {
        core.draft = text;
        core.composing.beside = beside;
        return;
      }
      const kept = core.threads.get(thread as ThreadId);
      if (kept === undefined) throw { code: "unknown", message: "There is no such conversation." };
      kept.draft = text;
      kept.beside = beside;
    },
    draft: (): Draft => ({ text: core.draft, ...core.composing.beside }),
    search_entities: async ({ query }) => {
      await core.composing.gates.get(query as string);
      return structuredClone(core.composing.found.get(query as string) ?? []);
    },
  };
}
