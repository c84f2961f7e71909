import type { CatalogueView } from "../gen/CatalogueView";
import type { Entry, Group } from "./offer";

/** How high things are in the list, in CSS pixels. All rows are alike: so each one's place is known without drawing it. */
export interface Heights {
  readonly head: number;
  readonly row: number;
}

const HEAD_REM = 1.875;
const ROW_REM = { roomy: 3, dense: 2.125 } as const;

/** How high rows are: two lines where there is something to say about a model beside its name. */
export function heightsOf({ models }: Pick<CatalogueView, "models">): Heights {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const roomy = models.some(
    ({ id, label, description, tags }) => id !== label || description || (tags ?? []).length > 0,
  );
  return { head: HEAD_REM * rem, row: ROW_REM[roomy ? "roomy" : "dense"] * rem };
}

/** A group with where it stands. */
export interface Placed {
  readonly group: Group;
  /** The number of its first entry among all. */
  readonly first: number;
  /** Where its first entry begins, in CSS pixels. */
  readonly top: number;
}

/** Where everything stands, and how high and how many it is in all. */
export interface Layout {
  readonly placed: readonly Placed[];
  readonly count: number;
  readonly height: number;
}

/** Puts the groups one below the other. */
export function layoutOf(groups: readonly Group[], { head, row }: Heights): Layout {
  let count = 0;
  let height = 0;
  const placed = groups.map((group): Placed => {
    const here = { group, first: count, top: height + head };
    count += group.entries.length;
    height += head + group.entries.length * row;
    return here;
  });
  return { placed, count, height };
}

/** An entry by its number, with its group. */
export function entryAt(
  { placed }: Layout,
  number: number,
): { readonly entry: Entry; readonly group: Group } | null {
  const here = placed.findLast(({ first }) => first <= number);
  const entry = here?.group.entries[number - here.first];
  return here === undefined || entry === undefined ? null : { entry, group: here.group };
}

/** Where an entry begins, in CSS pixels; the first of a group is seen with the group's name. */
export function topOf({ placed, height }: Layout, { head, row }: Heights, number: number): number {
  const here = placed.findLast(({ first }) => first <= number);
  if (here === undefined || number - here.first >= here.group.entries.length) return height;
  return here.top + (number - here.first) * row - (number === here.first ? head : 0);
}
