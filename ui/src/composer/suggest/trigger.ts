import type { Draft } from "../../gen/Draft";
import { endOf } from "../../state/mentions";

/** What the person is about to write that can be chosen from a list instead. */
export interface Trigger {
  readonly kind: "mention" | "command";
  /** Where it begins in the words, with its sign, and where it ends, in UTF-16 code units. */
  readonly from: number;
  readonly to: number;
  /** What stands behind the sign. */
  readonly query: string;
}

/** The longest name that is looked for, in UTF-16 code units. */
const LONGEST = 60;

/** An `@` that begins a word, and what follows it up to the caret. */
const MENTION = /(?:^|[\s([{"'„“‘«])@((?:[^\s@][^\n@]*)?)$/u;

/** A `/` that begins the message, and what follows it. */
const COMMAND = /^\/(?:[^\s/][^\n]*)?$/u;

/** What can be chosen where the person stands. */
export function triggerAt(
  draft: Draft,
  caret: number,
  offered: ReadonlySet<Trigger["kind"]>,
): Trigger | null {
  const { text, mentions } = draft;
  if (offered.has("command") && caret > 0 && caret === text.length && COMMAND.test(text))
    return { kind: "command", from: 0, to: caret, query: text.slice(1) };
  if (!offered.has("mention")) return null;
  const query = MENTION.exec(text.slice(0, caret))?.[1];
  if (query === undefined || query.length > LONGEST) return null;
  const from = caret - query.length - 1;
  const isTaken = mentions.some((mention) => endOf(mention) > from && mention.at < caret);
  return isTaken ? null : { kind: "mention", from, to: caret, query };
}
