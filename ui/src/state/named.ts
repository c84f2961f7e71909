import type { ConnectionId } from "../gen/ConnectionId";
import type { ThreadId } from "../gen/ThreadId";

/** Where the page remembers its open thread over a reload; a browser's address, or a stand-in. */
export interface Place {
  get(): ThreadId | null;
  set(thread: ThreadId | null): void;
}

/** What the button with more of a connection is called, by which the rest of the window finds it. */
export function moreOf(connection: ConnectionId): string {
  return `more-${connection}`;
}
