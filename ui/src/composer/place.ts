/** The one composer of a window has one name, by which the rest of the window finds it. */
export const COMPOSER = "composer";

/** Whoever has closed something goes on writing. */
export function toComposer(): void {
  document.getElementById(COMPOSER)?.focus();
}
