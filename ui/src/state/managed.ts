import type { ConnectionId } from "../gen/ConnectionId";
import type { ManagedView } from "../gen/ManagedView";

/**
 * Whether the administrator has fixed a key, by itself or by one above it. The parts of the key are given one by one, since
 * a part may have dots in it, such as the name of a model.
 */
export function isLocked({ locked }: ManagedView, ...path: readonly string[]): boolean {
  return locked.some((lock) => begins(path, lock));
}

/** Whether a path is what a lock names, or below that. What is above a lock is free. */
function begins(path: readonly string[], lock: string): boolean {
  let rest = lock;
  for (const part of path) {
    if (rest === part) return true;
    if (!rest.startsWith(`${part}.`)) return false;
    rest = rest.slice(part.length + 1);
  }
  return false;
}

/** Who brings a connection or a route, if it is not the person. */
export function bringer({ connections, environment }: ManagedView, id: ConnectionId): Bringer | null {
  if (connections.includes(id)) return "policy";
  return environment?.connection === id ? "environment" : null;
}

/** Who brings a connection. */
export type Bringer = "policy" | "environment";
