/** What is said, and how much of the text has been said then. */
export interface Announcement {
  /** Nothing if no sentence has ended. */
  readonly say: string | null;
  /** Characters of the text that are said. */
  readonly spoken: number;
}

const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** What ends a sentence: its mark, closing quotes after it, and the white space that shows that it is over. */
const ENDED = /[.!?…。！？:][)\]"'”’»]*\s+$|\n\s*$/u;

/**
 * What to say of a growing text of which `spoken` characters were said. Whole sentences only, because a screen reader
 * that reads tokens cannot be followed; at the end also the rest.
 */
export function announce(text: string, spoken: number, ended: boolean): Announcement {
  // A correction of the last words can make the text shorter than what was said.
  const start = Math.min(spoken, text.length);
  const rest = text.slice(start);
  let length = 0;
  for (const { segment, index } of SENTENCES.segment(rest)) {
    if (ended || ENDED.test(segment)) length = index + segment.length;
  }
  const say = rest.slice(0, length).replace(/\s+/gu, " ").trim();
  return { say: say === "" ? null : say, spoken: start + length };
}
