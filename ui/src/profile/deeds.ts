import { toComposer } from "../composer/place";
import type { Command } from "../gen/Command";
import type { Deed } from "../gen/Deed";
import type { Entity } from "../gen/Entity";
import type { Client } from "../state/client";
import { useConnection, useOpenThread, useView } from "../state/context";
import { Store, useStore } from "../state/store";

/** What a message field does that knows of mentions, tools and commands. The one of a window says here that it is there. */
export interface Composing {
  /** Writes where the person would write. */
  insert(text: string): void;
  /** Puts something that can be mentioned there. */
  mention(entity: Entity): void;
  /** Chooses one of the profile's tools for the next message. */
  chooseTool(id: string): void;
  /** Offers commands. */
  offer(commands: readonly Command[]): void;
}

const composing = new Store<Composing | null>(null);

/** Says that there is such a message field, until what this returns is called. */
export function compose(field: Composing): () => void {
  composing.set(field);
  return () => {
    if (composing.get() === field) composing.set(null);
  };
}

/** Whether a deed can be done: not in this window, not now, or now. What nobody here can do is not offered. */
export type Readiness = "never" | "later" | "now";

/** Whether a deed of the profile can be done. */
export function useReadiness(deed: Deed): Readiness {
  const field = useStore(composing, (field) => field);
  const sends = useSends();
  switch (deed.type) {
    case "open_url":
    case "new_thread":
      return "now";
    case "send":
      return sends ? "now" : "later";
    case "insert":
    case "mention":
    case "tool":
    case "menu":
      return field === null ? "never" : "now";
    default:
      // A deed of a newer core.
      return "never";
  }
}

/** Whether a message can be sent now. */
function useSends(): boolean {
  const open = useView((view) => view.open);
  const starting = useView((view) => view.starting);
  const connected = useConnection() !== null;
  const ready = useOpenThread(
    ({ thread }) => open === null || (thread?.view.status.type === "active" && thread.turn.phase === "idle"),
  );
  return connected && !starting && ready;
}

/** How long the second press of a double click may come after the first, in milliseconds. */
const DOUBLE_MS = 500;

let sentAt = Number.NEGATIVE_INFINITY;

/** Does what a button or a command of a profile is for, because the person pressed it. */
export function doDeed(client: Client, deed: Deed): void {
  const field = composing.get();
  switch (deed.type) {
    case "open_url":
      client.openLink(deed.url);
      break;
    case "send":
      send(client, deed.text);
      break;
    case "new_thread": {
      const connection = client.connection();
      if (connection !== null) client.choose(connection.id);
      client.open(null);
      toComposer();
      break;
    }
    case "insert":
      field?.insert(deed.text);
      break;
    case "mention":
      field?.mention(deed.entity);
      break;
    case "tool":
      field?.chooseTool(deed.id);
      break;
    case "menu":
      field?.offer(deed.commands);
      break;
  }
}

/** Sends words of the profile. They are the same each time, and each time they are another message. */
function send(client: Client, text: string) {
  const now = performance.now();
  if (now - sentAt < DOUBLE_MS) return;
  sentAt = now;
  client.drafts.anew(client.view.get().open);
  void client.send(text);
}
