import type { Place } from "./client";

/** The open thread in the page's address, where a reload finds it again. */
export function addressPlace(page: Pick<Window, "location" | "history">): Place {
  return {
    get() {
      const name = page.location.hash.slice(1);
      try {
        return name === "" ? null : decodeURIComponent(name);
      } catch {
        return null;
      }
    },
    set(thread) {
      // Replaced, not pushed: the window has no way back that would follow the history.
      page.history.replaceState(null, "", thread === null ? "#" : `#${encodeURIComponent(thread)}`);
    },
  };
}
