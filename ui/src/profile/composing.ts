import type { Command } from "../gen/Command";
import type { Deed } from "../gen/Deed";
import type { Entity } from "../gen/Entity";
import type { Client } from "../state/client";

/** What a profile can do with the message that is being written. */
export interface Composing {
  /** Writes where the person stands. */
  insert(text: string): void;
  mention(entity: Entity): void;
  /** Chooses a tool for the next message. */
  tool(id: string): void;
  /** Shows commands to choose from. */
  menu(commands: readonly Command[]): void;
  send(text: string): void;
}

let current: Composing | null = null;

/** The message field is there; it is told what a profile wants of it until it goes away again. */
export function registerComposing(composing: Composing): () => void {
  current = composing;
  return () => {
    if (current === composing) current = null;
  };
}

/** Does what a profile says. Where there is no message field, what is about it is left undone. */
export function perform(client: Client, deed: Deed): void {
  switch (deed.type) {
    case "open_url":
      client.openLink(deed.url);
      break;
    case "new_thread":
      client.open(null);
      break;
    case "send":
      current?.send(deed.text);
      break;
    case "insert":
      current?.insert(deed.text);
      break;
    case "mention":
      current?.mention(deed.entity);
      break;
    case "tool":
      current?.tool(deed.id);
      break;
    case "menu":
      current?.menu(deed.commands);
      break;
  }
}
