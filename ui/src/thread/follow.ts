/** How near the end counts as the end, in CSS pixels: less than a line of text. */
const SLACK = 16;

/** What the scrolled area measures, in CSS pixels. */
export interface Extent {
  /** How far it is scrolled. */
  readonly offset: number;
  /** How high its content is. */
  readonly size: number;
  /** How high the area itself is. */
  readonly viewport: number;
}

/** Whether the newest text is kept in sight, and what was last seen of the area. */
export interface Follow extends Extent {
  readonly following: boolean;
}

/** A thread that was just opened shows its end. */
export const FOLLOWING: Follow = { following: true, offset: 0, size: 0, viewport: 0 };

/** Whether the end is in sight. */
export function atEnd({ offset, size, viewport }: Extent): boolean {
  return size - viewport - offset <= SLACK;
}

/**
 * The area has scrolled, by whatever cause. Only a movement up that no change of size explains is the person's wish
 * to read; only a movement down that reaches the end is the wish to follow again.
 */
export function scrolled(state: Follow, extent: Extent): Follow {
  const down = extent.offset > state.offset;
  const up = extent.offset < state.offset;
  const sizeExplains = extent.size < state.size || extent.viewport > state.viewport;
  let { following } = state;
  if (up && !sizeExplains && !atEnd(extent)) following = false;
  if (down && atEnd(extent)) following = true;
  return { ...extent, following };
}

/** The person has turned the wheel up, or pressed a key that goes up: known before anything has scrolled. */
export function turnedUp(state: Follow): Follow {
  const scrollable = state.size > state.viewport + SLACK;
  return scrollable && state.offset > 0 ? { ...state, following: false } : state;
}

/** What becomes of the place where somebody reads at the end, when something is added there. */
export type Growth = "follow" | "stay";

/** The content or the area has another size. Answers with the offset to scroll to, if the end is followed. */
export function resized(
  state: Follow,
  extent: Extent,
  growth: Growth = "follow",
): { readonly state: Follow; readonly scrollTo: number | null } {
  // What fits needs no scrolling, and is followed whatever was wished before.
  const fits = extent.size <= extent.viewport;
  const following = fits || (state.following && growth === "follow");
  if (!following) return { state: { ...extent, following }, scrollTo: null };
  const end = Math.max(0, extent.size - extent.viewport);
  const scrollTo = Math.abs(end - extent.offset) >= 1 ? end : null;
  // The scroll that follows from this is not taken for the person's.
  return { state: { ...extent, offset: end, following }, scrollTo };
}
