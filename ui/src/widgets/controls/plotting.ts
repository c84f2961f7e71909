import type { Chart } from "../../gen/widget/Chart";
import type { Datum } from "../../gen/widget/Datum";
import { seriesColor } from "./look";

/** Beyond this nothing can be told apart, and sums of it are still numbers. */
const LARGEST = 1e21;

/** One place of the axis: what is read there, and the value of each series, or none. */
export interface PlotRow {
  /** How many rows come before it: two may be called alike. */
  readonly place: number;
  readonly at: string;
  readonly values: readonly (number | null)[];
}

/** One series, ready to be drawn. */
export interface PlotSeries {
  readonly label: string;
  readonly kind: Chart["series"][number]["type"];
  readonly curve: NonNullable<Chart["series"][number]["curve"]>;
  readonly stack: string | null;
  /** A colour of CSS. */
  readonly color: string;
}

/** What a chart shows, without the names that the server has for it. */
export interface Plotted {
  readonly rows: readonly PlotRow[];
  readonly series: readonly PlotSeries[];
}

/** Takes from each row what is drawn of it. A value that is no number is a gap. */
export function plotted({ data, series, x_axis }: Chart): Plotted {
  return {
    rows: data.map((row, place) => ({
      place,
      at: axisText(at(row, x_axis.data_key), x_axis.labels, place),
      values: series.map(({ data_key }) => numberOf(at(row, data_key))),
    })),
    series: series.map(({ label, type, curve, stack, color }, place) => ({
      label,
      kind: type,
      curve: curve ?? "monotone",
      stack,
      color: seriesColor(color, place),
    })),
  };
}

/** What is read at a place of the axis: the server's word for it, or its value, or how many it is. */
function axisText(datum: Datum | undefined, labels: Chart["x_axis"]["labels"], place: number): string {
  if (datum === undefined || datum === null) return String(place + 1);
  const text = String(datum);
  return at(labels, text) ?? text;
}

/** A field of the server's, which may be called like something that every object has. */
function at<T>(fields: { readonly [key in string]: T }, key: string): T | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** A number, also where it came as a text. */
export function numberOf(datum: Datum | undefined): number | null {
  const number = typeof datum === "string" && datum.trim() !== "" ? Number(datum) : datum;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return Math.max(-LARGEST, Math.min(LARGEST, number));
}

const DIGITS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });
const SHORT = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

/** A value in full; a gap is a dash. */
export function valueText(value: number | null): string {
  return value === null ? "–" : DIGITS.format(value);
}

/** A value beside an axis, where there is little room. */
export function tickText(value: number): string {
  return Math.abs(value) < 10_000 ? DIGITS.format(value) : SHORT.format(value);
}

/** What a chart is called for who cannot see it. */
export function summary({ rows, series }: Plotted): string {
  const names = series.map(({ label }) => label).join(", ");
  const what = names === "" ? "Chart" : `Chart of ${names}`;
  const [first, last] = [rows[0]?.at, rows.at(-1)?.at];
  if (first === undefined || last === undefined) return `${what}, no values`;
  return rows.length === 1 ? `${what}, ${first}` : `${what}, ${rows.length} values from ${first} to ${last}`;
}
