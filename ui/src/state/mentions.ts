import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import type { Mention } from "../gen/Mention";

/** Where a mention ends in the words, in UTF-16 code units. */
export function endOf({ at, entity }: Mention): number {
  return at + entity.title.length;
}

/**
 * The draft with other words. What is mentioned moves with the words before it; one whose own words were touched is words
 * and no more. `caret` is where the person stands after the change, which tells two equal letters apart.
 */
export function rewritten(draft: Draft, text: string, caret: number | null = null): Draft {
  if (text === draft.text) return draft;
  if (draft.mentions.length === 0) return { ...draft, text };
  const { from, to, by } = changed(draft.text, text, caret);
  const mentions = draft.mentions.flatMap((mention) => {
    if (endOf(mention) <= from) return [mention];
    return mention.at >= to ? [{ ...mention, at: mention.at + by }] : [];
  });
  return { ...draft, text, mentions: mentions.filter((mention) => stands(text, mention)) };
}

/** The draft with something mentioned in place of a part of its words, and where the person stands then. */
export function mentioning(
  draft: Draft,
  entity: Entity,
  from: number,
  to: number,
): { readonly draft: Draft; readonly caret: number } {
  const gap = /^\s/.test(draft.text.slice(to)) ? "" : " ";
  const inserted = entity.title + gap;
  const text = draft.text.slice(0, from) + inserted + draft.text.slice(to);
  const moved = rewritten(draft, text, from + inserted.length);
  const mentions = [...moved.mentions, { at: from, entity }].sort((one, other) => one.at - other.at);
  return { draft: { ...moved, text, mentions }, caret: from + entity.title.length + 1 };
}

/** What is mentioned right before a place in the words, where nothing is between. */
export function endingAt(mentions: readonly Mention[], place: number): Mention | null {
  return mentions.find((mention) => endOf(mention) === place) ?? null;
}

/** The words in pieces: what is mentioned, and what stands between. */
export function pieces(draft: Draft): readonly { readonly text: string; readonly mention: Mention | null }[] {
  const all: { text: string; mention: Mention | null }[] = [];
  let done = 0;
  for (const mention of draft.mentions) {
    if (mention.at > done) all.push({ text: draft.text.slice(done, mention.at), mention: null });
    all.push({ text: mention.entity.title, mention });
    done = endOf(mention);
  }
  if (done < draft.text.length) all.push({ text: draft.text.slice(done), mention: null });
  return all;
}

function stands(text: string, mention: Mention): boolean {
  return text.slice(mention.at, endOf(mention)) === mention.entity.title;
}

/** Which part of the old words is gone, and by how much the rest has moved. */
function changed(before: string, after: string, caret: number | null) {
  const most = Math.min(before.length, after.length);
  let tail = 0;
  const behind = caret === null ? null : after.slice(caret);
  if (behind !== null && before.endsWith(behind)) tail = behind.length;
  else while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  let from = 0;
  while (from < most - tail && before[from] === after[from]) from += 1;
  return { from, to: Math.max(from, before.length - tail), by: after.length - before.length };
}
