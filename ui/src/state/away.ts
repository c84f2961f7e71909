import type { ItemView } from "../gen/ItemView";
import { type ShownItem, shown, type ThreadState } from "./thread";

/** How many items on either side of those near the view keep what they hold. */
const KEPT = 150;

/** The places near the view, and how high an item was drawn. */
export interface Near {
  readonly first: number;
  readonly last: number;
  height(place: number): number;
}

/**
 * The state without what the items hold that are far from the view: their places stay, as high as they were. A thread
 * that was read from end to end would otherwise be in the page's memory as a whole.
 */
export function sendAway(state: ThreadState, { first, last, height }: Near): ThreadState {
  const stays = (place: number) => place >= first - KEPT && place <= last + KEPT;
  let changed = false;
  const items = state.items.map((item, place) => {
    if (item.body.kind === "away" || item.stage !== "done" || stays(place)) return item;
    changed = true;
    return { ...item, body: { kind: "away", of: item.body.kind, height: height(place) } } satisfies ShownItem;
  });
  return changed ? { ...state, items } : state;
}

/** The item before which older ones have to be asked for, so that one that is away and its neighbours come back. */
export function endOfAway(state: ThreadState, id: string): string | null {
  const place = state.items.findIndex((item) => item.id === id);
  if (state.items[place]?.body.kind !== "away") return null;
  let end = place;
  while (end < place + KEPT / 3 && state.items[end]?.body.kind === "away") end += 1;
  return state.items[end]?.id ?? null;
}

/** The state with what some items hold that were away. */
export function bringBack(state: ThreadState, views: readonly ItemView[]): ThreadState {
  const known = new Map(views.map((view) => [view.id, view]));
  let changed = false;
  const items = state.items.map((item) => {
    const view = item.body.kind === "away" ? known.get(item.id) : undefined;
    if (view === undefined) return item;
    changed = true;
    return shown(view, item.key);
  });
  return changed ? { ...state, items } : state;
}
