import { expect, it } from "vitest";
import type { ThreadView } from "../gen/ThreadView";
import { groupByDay } from "./grouping";

const NOW = new Date(2026, 2, 30, 0, 30);

function at(...date: [number, number, number, number?]): ThreadView {
  const [year, month, day, hour = 12] = date;
  const updated_at = new Date(year, month - 1, day, hour).getTime();
  return {
    id: String(updated_at),
    connection: "c",
    title: null,
    status: { type: "active" },
    updated_at,
    activity: "idle",
  };
}

it("groups conversations by the person's calendar, not by hours", () => {
  const threads = [
    at(2026, 4, 2),
    at(2026, 3, 30, 0),
    at(2026, 3, 29, 23),
    at(2026, 3, 29, 1),
    at(2026, 3, 28),
    at(2026, 3, 23),
    at(2026, 3, 22),
    at(2026, 2, 28),
    at(2026, 2, 20),
    at(2025, 12, 24),
  ];
  const groups = groupByDay(threads, NOW).map(({ label, threads: inside }) => [label, inside.length]);
  expect(groups).toEqual([
    ["Today", 2],
    ["Yesterday", 2],
    ["Previous 7 days", 2],
    ["Previous 30 days", 2],
    ["February", 1],
    ["December 2025", 1],
  ]);
});
