/** What a shortcut does anywhere in the window. */
export type Shortcut =
  | "new"
  | "find"
  | "settings"
  | "sidebar"
  | "model"
  | "quote"
  | "undo"
  | "stop"
  | "developer";

/** The part of a key event that matters. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

const WITH_COMMAND: ReadonlyMap<string, Shortcut> = new Map([
  ["n", "new"],
  ["k", "find"],
  [",", "settings"],
  ["b", "sidebar"],
  ["l", "model"],
  ["j", "quote"],
  ["z", "undo"],
]);

const WITH_SHIFT: ReadonlyMap<string, Shortcut> = new Map([["d", "developer"]]);

/** The shortcut that a key means, if any. Control on most systems, Command on a Mac: never the other one. */
export function shortcut(key: Key, mac: boolean): Shortcut | null {
  if (key.isComposing || key.altKey) return null;
  const command = mac ? key.metaKey : key.ctrlKey;
  const other = mac ? key.ctrlKey : key.metaKey;
  if (other) return null;
  if (command) return (key.shiftKey ? WITH_SHIFT : WITH_COMMAND).get(key.key.toLowerCase()) ?? null;
  if (key.shiftKey) return null;
  return key.key === "Escape" ? "stop" : null;
}
