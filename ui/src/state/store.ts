import { useSyncExternalStore } from "react";

/** A value that components can watch. */
export class Store<S> {
  #value: S;
  readonly #listeners = new Set<() => void>();

  constructor(value: S) {
    this.#value = value;
  }

  get(): S {
    return this.#value;
  }

  /** Puts a value in place. The same value again wakes nobody. */
  set(value: S): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/**
 * What `select` takes from a store; the component draws again only when that changes. `select` must give the same
 * object for the same state.
 */
export function useStore<S, T>(store: Store<S>, select: (state: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
