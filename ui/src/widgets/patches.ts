import type { Patch } from "../gen/Patch";

/**
 * The patches that make one document out of another, both given as what builds them from nothing. What they begin with
 * alike stays untouched; the rest is cut off and built anew.
 */
export function between(before: readonly Patch[], next: readonly Patch[]): readonly Patch[] {
  let alike = 0;
  while (alike < before.length && alike < next.length && isSameNode(before[alike], next[alike])) alike += 1;
  if (alike === before.length) return next.slice(alike);
  const first = before[alike];
  // What builds a document from nothing only opens nodes. Should it ever do more, all of it is built anew.
  const from = first?.op === "open" && next.every(({ op }) => op === "open") ? first.id : 1;
  return [{ op: "cut", from }, ...next.slice(from === 1 ? 0 : alike)];
}

function isSameNode(one: Patch | undefined, other: Patch | undefined): boolean {
  return one === other || (one?.op === "open" && JSON.stringify(one) === JSON.stringify(other));
}
