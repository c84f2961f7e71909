import type { ExchangeView } from "../gen/ExchangeView";
import type { WireFrame } from "../gen/WireFrame";
import type { WireHit } from "../gen/WireHit";
import type { WireNews } from "../gen/WireNews";

/** One request, with what came of it so far. */
export interface Exchange {
  readonly view: ExchangeView;
  readonly frames: readonly WireFrame[];
}

/** What is known of the wire, oldest first. */
export interface WireRecord {
  readonly revision: number;
  readonly dropped: number;
  readonly exchanges: readonly Exchange[];
}

export const NOTHING: WireRecord = { revision: 0, dropped: 0, exchanges: [] };

/** The record with what is new. What the core has let go is gone here, too. */
export function withNews(record: WireRecord, news: WireNews): WireRecord {
  const kept = new Set(news.kept);
  const known = new Map(record.exchanges.map((exchange) => [exchange.view.id, exchange]));
  for (const view of news.exchanges) known.set(view.id, { frames: known.get(view.id)?.frames ?? [], view });
  for (const [id, frames] of byExchange(news.frames)) {
    const exchange = known.get(id);
    if (exchange !== undefined) known.set(id, { ...exchange, frames: [...exchange.frames, ...frames] });
  }
  const exchanges = [...known.values()].filter(({ view }) => kept.has(view.id));
  exchanges.sort((one, other) => one.view.id - other.view.id);
  return { revision: news.revision, dropped: news.dropped, exchanges };
}

function byExchange(frames: readonly WireFrame[]): Map<number, WireFrame[]> {
  const all = new Map<number, WireFrame[]>();
  for (const frame of frames) {
    const own = all.get(frame.exchange);
    if (own === undefined) all.set(frame.exchange, [frame]);
    else own.push(frame);
  }
  return all;
}

/** A line of the list. */
export type Row =
  | { readonly kind: "exchange"; readonly exchange: Exchange; readonly expanded: boolean }
  | { readonly kind: "frame"; readonly exchange: Exchange; readonly frame: WireFrame };

/** What of the record is listed. */
export interface Shown {
  /** Exchanges that the person has opened or closed against the rule. */
  readonly toggled: ReadonlySet<number>;
  /** Only what has something that Kittiwake does not know or does not do. */
  readonly marked: boolean;
  /** Only where a text was found; `null` while none is searched. */
  readonly hits: readonly WireHit[] | null;
}

/** The lines, oldest first. A conversation's own requests are open, what belongs to none is closed. */
export function rowsOf(record: WireRecord, { toggled, marked, hits }: Shown): Row[] {
  const found =
    hits === null ? null : new Set(hits.map(({ exchange, index }) => `${exchange}/${index ?? ""}`));
  const has = (id: number, index: number | null) => found === null || found.has(`${id}/${index ?? ""}`);
  const rows: Row[] = [];
  for (const exchange of record.exchanges) {
    const { id, apart } = exchange.view;
    const filtered = marked || found !== null;
    const frames = exchange.frames.filter(
      (frame) => has(id, frame.index) && (!marked || frame.marks.length > 0),
    );
    if (filtered && frames.length === 0 && (marked || !has(id, null))) continue;
    const expanded = (filtered || !apart) !== toggled.has(id);
    rows.push({ kind: "exchange", exchange, expanded });
    if (expanded) rows.push(...frames.map((frame) => ({ kind: "frame" as const, exchange, frame })));
  }
  return rows;
}

/** What a line is called, so that it is found again after others have come. */
export function nameOf(row: Row): string {
  return row.kind === "exchange" ? `${row.exchange.view.id}` : `${row.frame.exchange}-${row.frame.index}`;
}
