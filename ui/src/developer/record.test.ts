import { expect, it } from "vitest";
import type { ExchangeView } from "../gen/ExchangeView";
import type { WireFrame } from "../gen/WireFrame";
import { NOTHING, rowsOf, withNews } from "./record";
import { pretty, sizeWords, timeWords } from "./words";

const view = (id: number) => ({ id, apart: false }) as ExchangeView;
const frame = (exchange: number, index: number) => ({ exchange, index, marks: [] as unknown[] }) as WireFrame;
const news = (revision: number, kept: number[], ids: number[], frames: WireFrame[]) => ({
  revision,
  kept,
  dropped: 0,
  exchanges: ids.map(view),
  frames,
  more: false,
});

it("adds what is new, and lets go what the core let go", () => {
  const first = withNews(NOTHING, news(3, [1, 2], [2, 1], [frame(1, 0), frame(2, 0)]));
  const then = withNews(first, news(5, [2], [2], [frame(2, 1)]));
  expect(first.exchanges.map((exchange) => exchange.view.id)).toEqual([1, 2]);
  expect(then.exchanges.map((exchange) => exchange.frames.length)).toEqual([2]);
  expect(then.revision).toBe(5);
});

it("lists an exchange that was found by its request alone", () => {
  const record = withNews(NOTHING, news(1, [1], [1], [frame(1, 0)]));
  const rows = rowsOf(record, { toggled: new Set(), marked: false, hits: [{ exchange: 1, index: null }] });
  expect(rows.map((row) => row.kind)).toEqual(["exchange"]);
});

it("says times and sizes for people", () => {
  expect([900, 25_000, 2_500_000].map(timeWords)).toEqual(["0.9 ms", "25 ms", "2.50 s"]);
  expect([12, 1_500, 2_000_000].map(sizeWords)).toEqual(["12 B", "1.5 kB", "2.0 MB"]);
});

it("sets JSON over several lines and leaves other text alone", () => {
  expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(pretty("not { json")).toBe("not { json");
});
