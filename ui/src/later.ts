import { type ComponentType, lazy } from "react";

const loads: (() => Promise<unknown>)[] = [];

/** A part of the window that the start does not wait for. */
export function later<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  loads.push(load);
  return lazy(load);
}

/** Loads all such parts, so that nothing waits when it is first asked for. */
export function loadAll(): void {
  // What cannot be loaded now is tried again when it is asked for.
  for (const load of loads) load().catch(() => undefined);
}
