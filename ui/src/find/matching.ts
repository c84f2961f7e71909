import type { SearchHit } from "../gen/SearchHit";
import type { ThreadView } from "../gen/ThreadView";
import { titleOf } from "../thread/title";

/** A conversation that was found. */
export interface Found {
  readonly thread: ThreadView;
  /** Where in a message, if not in the title. */
  readonly excerpt: string | null;
}

/** How many conversations are offered at once: more cannot be surveyed. */
const MOST = 50;

/** The threads whose title has every word of the query, latest first; all of them for an empty query. */
export function matchTitles(threads: readonly ThreadView[], query: string): readonly ThreadView[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return threads.filter((thread) => {
    const title = fold(titleOf(thread));
    return words.every((word) => title.includes(word));
  });
}

/** What to offer: titles first, which are known at once, then what the core found in messages. */
export function combine(titles: readonly ThreadView[], hits: readonly SearchHit[]): readonly Found[] {
  const seen = new Set(titles.map((thread) => thread.id));
  const found: Found[] = titles.map((thread) => ({ thread, excerpt: null }));
  for (const { thread, excerpt } of hits) {
    if (!seen.has(thread.id)) found.push({ thread, excerpt });
    seen.add(thread.id);
  }
  return found.slice(0, MOST);
}

/** Without case and accents: "Möwe" is found by "mowe". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
