import { failureTitle } from "../../failure/words";
import type { DetailsView } from "../../gen/DetailsView";
import type { FailureCode } from "../../gen/FailureCode";

/** A line of the details: what, and how much. */
export interface DetailsRow {
  readonly label: string;
  readonly value: string;
}

/** How an answer came about, line by line, in the person's way to write numbers. */
export function detailsRows(details: DetailsView, locale?: string): readonly DetailsRow[] {
  const { usage, rate } = details;
  const number = (count: number) => count.toLocaleString(locale);
  const time = (ms: number) => duration(ms, locale);
  const rows: [string, string | null][] = [
    [details.first_byte_ms === null ? "Asked" : "Answered by", details.name || null],
    ["Model", modelWords(details)],
    [
      "Began",
      new Date(details.began_at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" }),
    ],
    ["Ended", endWords(details)],
    ["Session", details.session_ms === null ? null : time(details.session_ms)],
    ["First byte", details.first_byte_ms === null ? null : time(details.first_byte_ms)],
    ["First token", details.first_text_ms === null ? null : time(details.first_text_ms)],
    ["In all", time(details.whole_ms)],
    ["Speed", rate === null ? null : speedWords(rate, locale)],
    ["Tokens sent", withPart(usage?.input_tokens, usage?.cached_tokens, "from its cache", number)],
    ["Tokens received", withPart(usage?.output_tokens, usage?.reasoning_tokens, "to think", number)],
    ["Tokens", usage === null && details.pieces > 0 ? "The server did not say" : null],
    ["Length", details.pieces > 0 ? lengthWords(details, number) : null],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

/** What came to nothing on the way, each in a line. */
export function wayRows({ way }: DetailsView, locale?: string): readonly string[] {
  return way.map((step) => `${`${step.name} ${step.words}`.trim()} (${duration(step.took_ms, locale)})`);
}

/** All of it as text, to be copied. */
export function detailsText(details: DetailsView, locale?: string): string {
  const rows = detailsRows(details, locale).map(({ label, value }) => `${label}: ${value}`);
  const way = wayRows(details, locale);
  return [...rows, ...(way.length > 0 ? ["On the way:", ...way.map((step) => `- ${step}`)] : [])].join("\n");
}

/** A time with its unit, as exact as it matters. */
export function duration(ms: number, locale?: string): string {
  if (ms < 1) return "under 1 ms";
  if (ms < 1000) return `${ms.toLocaleString(locale)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toLocaleString(locale, { maximumFractionDigits: 2 })} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60).toLocaleString(locale)} min ${seconds % 60} s`;
}

function modelWords({ model_asked, model_used, is_other_model }: DetailsView): string | null {
  if (model_used === null) return model_asked === null ? null : `Asked for ${model_asked}`;
  if (is_other_model) return `Asked for ${model_asked}, answered by ${model_used}`;
  return model_used;
}

function endWords({ end, failure }: DetailsView): string | null {
  const why = failure === null ? "" : `: ${failureTitle({ code: failure as FailureCode }).toLowerCase()}`;
  switch (end) {
    case "done":
      return null;
    case "stopped":
      return "Stopped by you";
    case "interrupted":
      return `Interrupted${why}`;
    case "failed":
      return `Failed${why}`;
    default:
      return "In a way that this version does not know";
  }
}

function speedWords({ per_second, of }: NonNullable<DetailsView["rate"]>, locale?: string): string {
  const digits = per_second < 10 ? 1 : 0;
  const count = per_second.toLocaleString(locale, { maximumFractionDigits: digits });
  return of === "tokens" ? `${count} tokens per second` : `${count} pieces per second`;
}

function withPart(
  whole: number | null | undefined,
  part: number | null | undefined,
  words: string,
  number: (count: number) => string,
): string | null {
  if (whole === null || whole === undefined) return null;
  return part ? `${number(whole)}, ${number(part)} of them ${words}` : number(whole);
}

function lengthWords({ characters, pieces }: DetailsView, number: (count: number) => string): string {
  const length = `${number(characters)} ${characters === 1 ? "character" : "characters"}`;
  return `${length} in ${number(pieces)} ${pieces === 1 ? "piece" : "pieces"}`;
}
