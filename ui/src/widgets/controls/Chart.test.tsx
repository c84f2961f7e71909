import { readFileSync } from "node:fs";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { mended, PLACES } from "../../../frozen";
import type { Chart as ChartNode } from "../../gen/widget/Chart";
import { faults } from "../../test/controls";
import { Chart } from "./Chart";
import { numberOf, plotted, summary } from "./plotting";

function chart(more: Partial<ChartNode> = {}): ChartNode {
  const series = { stack: null, color: null, curve: null } as const;
  return {
    data: [
      { day: "Mon", sold: 3, "a.b": "4.5" },
      { day: "Tue", sold: -1 },
      { day: "Tue", sold: Number.POSITIVE_INFINITY, "a.b": "many" },
    ],
    series: [
      { ...series, type: "bar", data_key: "sold", label: "Sold" },
      { ...series, type: "line", data_key: "a.b", label: "Asked", curve: "step" },
    ],
    x_axis: { data_key: "day", hide: false, labels: { Mon: "Monday" } },
    show_y_axis: true,
    show_legend: true,
    show_tooltip: true,
    bar_gap: null,
    bar_category_gap: null,
    flex: null,
    block: {} as ChartNode["block"],
    ...more,
  };
}

const BLOCK = {
  width: null,
  height: null,
  min_width: null,
  min_height: null,
  max_width: null,
  max_height: null,
  aspect_ratio: null,
  radius: null,
  margin: null,
};

it("takes numbers from numbers and texts, and leaves gaps for the rest", () => {
  const { rows } = plotted(chart());
  expect(rows).toEqual([
    { place: 0, at: "Monday", values: [3, 4.5] },
    { place: 1, at: "Tue", values: [-1, null] },
    { place: 2, at: "Tue", values: [null, null] },
  ]);
  expect(["", " ", "x", "Infinity", Number.NaN, undefined].map(numberOf)).toEqual(Array(6).fill(null));
  expect([1e300, -1e300].map(numberOf)).toEqual([1e21, -1e21]);
});

it("reads no field that every object has, whatever the server calls its own", () => {
  const { rows } = plotted(
    chart({
      data: [{ x: 1 }],
      series: ["constructor", "__proto__", "toString"].map((data_key) => ({
        type: "bar",
        data_key,
        label: data_key,
        stack: null,
        color: null,
        curve: null,
      })),
      x_axis: { data_key: "x", hide: false, labels: {} },
    }),
  );
  expect(rows).toEqual([{ place: 0, at: "1", values: [null, null, null] }]);
});

it("gives each series a colour: its own, or the next of the palette", () => {
  const own = chart().series[0];
  if (own === undefined) throw new Error("no series");
  const { series } = plotted(
    chart({
      series: [
        own,
        { ...own, color: { type: "token", name: "red" } },
        { ...own, color: { type: "fixed", light: "#111111", dark: "#eeeeee" } },
        own,
      ],
    }),
  );
  expect(series.map(({ color }) => color)).toEqual([
    "var(--widget-blue)",
    "var(--widget-red)",
    "light-dark(#111111, #eeeeee)",
    "var(--widget-green)",
  ]);
});

it("says in words what it shows", () => {
  expect(summary(plotted(chart()))).toBe("Chart of Sold, Asked, 3 values from Monday to Tue");
  expect(summary(plotted(chart({ data: [] })))).toBe("Chart of Sold, Asked, no values");
});

it("is a table for who wants one, and names its series otherwise", async () => {
  const user = userEvent.setup();
  render(<Chart chart={chart({ block: BLOCK })} />);
  expect(within(screen.getByRole("list", { name: "Series" })).getAllByRole("listitem")).toHaveLength(2);
  await user.tab();
  await user.click(screen.getByRole("button", { name: "Show as table" }));
  const rows = screen.getAllByRole("row").map((row) => row.textContent);
  expect(rows).toEqual(["daySoldAsked", "Monday34.5", "Tue-1–", "Tue––"]);
  expect(await faults()).toEqual([]);
});

it("says that there is nothing to show", () => {
  render(<Chart chart={chart({ data: [], block: BLOCK })} />);
  expect(screen.getByText("No values to show")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

it("is drawn, with all kinds of series in it, once there is room", async () => {
  const room = { width: 400, height: 200, top: 0, left: 0, right: 400, bottom: 200, x: 0, y: 0 };
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(room as DOMRect);
  const kinds = ["bar", "area", "line", "area"] as const;
  const shared = { data_key: "sold", stack: "s", color: null, curve: "basisClosed" } as const;
  const series = kinds.map((type) => ({ ...shared, type, label: type }));
  render(<Chart chart={chart({ block: BLOCK, series })} />);
  await waitFor(() => expect(document.querySelector("svg.recharts-surface")).not.toBeNull());
  expect(await faults()).toEqual([]);
});

it("finds the places in its libraries that would not bear frozen prototypes, and mends them", () => {
  const modules = [
    "decimal.js-light/decimal.js",
    "d3-color/dist/d3-color.mjs",
    "d3-format/dist/d3-format.mjs",
  ];
  const places = modules.flatMap((path) => {
    const found = mended(readFileSync(`node_modules/${path}`, "utf8"), `/node_modules/${path}`);
    for (const { from, to } of found.places) expect(found.code).toContain(to.replace("$&", from));
    return found.places;
  });
  expect(places).toEqual(PLACES);
});
