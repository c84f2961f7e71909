import type { ReactNode } from "react";

/** Something that can be chosen from the list above the message field. */
export interface Choice {
  /** Its own among those of its list. */
  readonly id: string;
  readonly label: string;
  readonly description?: string | null;
  /** Under which heading it stands. */
  readonly group?: string | null;
  /** By which other words it is found. */
  readonly words?: string;
  readonly icon?: ReactNode;
  /** The shortcut that does the same. */
  readonly keys?: string;
  /** Whether choosing it shows more to choose from. */
  readonly opens?: boolean;
  choose(): void;
}

/** So many are shown; whoever looks for another one types more. */
const SHOWN = 50;

const MARKS = /\p{M}+/gu;

/** Words as they are compared: small, and without accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLowerCase();
}

/** How well a choice fits what was typed: 0 is best, and nothing if it does not. */
function rankOf(choice: Choice, query: string): number | null {
  if (query === "") return 0;
  const label = plain(choice.label);
  if (label.startsWith(query)) return 0;
  if (label.split(/[\s\-_./]+/u).some((word) => word.startsWith(query))) return 1;
  if (label.includes(query)) return 2;
  return plain(choice.words ?? "").startsWith(query) ? 3 : null;
}

/** What fits what was typed, the best first, with those of one group beside each other. */
export function fitting(choices: readonly Choice[], typed: string): readonly Choice[] {
  const query = plain(typed.trim());
  const rated = choices.flatMap((choice) => {
    const rank = rankOf(choice, query);
    return rank === null ? [] : [{ choice, rank }];
  });
  rated.sort((one, other) => one.rank - other.rank);
  return grouped(rated.slice(0, SHOWN).map(({ choice }) => choice)).flatMap(({ choices }) => choices);
}

/** The choices under their headings, in the order in which these come. */
export function grouped(
  choices: readonly Choice[],
): readonly { readonly group: string | null; readonly choices: readonly Choice[] }[] {
  const groups = new Map<string | null, Choice[]>();
  for (const choice of choices) {
    const group = choice.group ?? null;
    const others = groups.get(group);
    if (others === undefined) groups.set(group, [choice]);
    else others.push(choice);
  }
  return [...groups].map(([group, choices]) => ({ group, choices }));
}
