import type { ItemId } from "../gen/ItemId";
import type { QuestionAnswer } from "../gen/QuestionAnswer";
import type { QuestionView } from "../gen/QuestionView";
import type { StructuredAnswer } from "../gen/StructuredAnswer";

/** What the person has put in for one question so far. */
export interface AnswerDraft {
  /** The places of the suggestions that are chosen, and {@link OWN} where the own words are. */
  readonly chosen: readonly string[];
  /** The person's own words. */
  readonly own: string;
}

/** What stands among the chosen for the person's own words; suggestions stand there as numbers. */
export const OWN = "own";

export const NO_ANSWER: AnswerDraft = { chosen: [], own: "" };

/** The drafts of one item, by question. */
export type AnswerDrafts = ReadonlyMap<string, AnswerDraft>;

/** What was put in and not sent, by item: it is there again when the person comes back to the conversation. */
const kept = new Map<ItemId, AnswerDrafts>();

export function keptAnswers(item: ItemId): AnswerDrafts {
  return kept.get(item) ?? new Map();
}

export function keepAnswers(item: ItemId, drafts: AnswerDrafts): void {
  kept.set(item, drafts);
}

/** The server has the answers. Until then they stay: sending them may fail. */
export function forgetAnswers(item: ItemId): void {
  kept.delete(item);
}

/** All answers, as they are sent. A question without an answer is passed over. */
export function structuredAnswer(questions: readonly QuestionView[], drafts: AnswerDrafts): StructuredAnswer {
  const answers: Record<string, QuestionAnswer> = {};
  for (const question of questions)
    answers[question.id] = answerTo(question, drafts.get(question.id) ?? NO_ANSWER);
  return { skipped: false, answers };
}

function answerTo({ body }: QuestionView, { chosen, own }: AnswerDraft): QuestionAnswer {
  const words = own.trim();
  const values: string[] = [];
  if (body.kind === "freeform") values.push(words);
  else {
    values.push(...body.options.filter((_, index) => chosen.includes(String(index))));
    if (chosen.includes(OWN)) values.push(words);
  }
  const given = values.filter((value) => value !== "");
  return { values: given, skipped: given.length === 0 };
}

/** Whether there is any answer among them. */
export function hasAnswer({ answers }: StructuredAnswer): boolean {
  return Object.values(answers).some((answer) => answer !== undefined && !answer.skipped);
}
