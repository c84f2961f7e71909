import type { ConnectionId } from "../gen/ConnectionId";
import type { ThreadId } from "../gen/ThreadId";

/** Where the page remembers its open thread over a reload; a browser's address, or a stand-in. */
export interface Place {
  get(): ThreadId | null;
  set(thread: ThreadId | null): void;
}

/** Which part of the settings is shown. */
export type SettingsSection = "appearance" | "connections" | "models" | "about";

/** The settings over the window. */
export interface SettingsOverlay {
  readonly kind: "settings";
  readonly section: SettingsSection;
  /** The connection whose form is to be there at once; the settings close when it is saved. */
  readonly edit?: ConnectionId;
  /** The connection that is to be tested at once. */
  readonly test?: ConnectionId;
}

/** What the button with more of a connection is called, by which the rest of the window finds it. */
export function moreOf(connection: ConnectionId): string {
  return `more-${connection}`;
}
