import { CalendarDate, resetLocalTimeZone, setLocalTimeZone } from "@internationalized/date";
import { afterEach, expect, it } from "vitest";
import { dayOf, isoOf } from "./days";

afterEach(resetLocalTimeZone);

it.each([
  ["2026-03-01", "2026-03-01"],
  ["2026-03-01T00:00:00", "2026-03-01"],
  ["2026-03-01T23:30:00", "2026-03-01"],
  ["2026-03-01T00:00:00Z", "2026-03-01"],
  ["2026-03-01T00:00:00.000Z", "2026-03-01"],
  ["2026-03-01T00:00:00+09:00", "2026-03-01"],
  ["2026-03-01T22:30:00Z", "2026-03-01"],
  ["2026-03-02T03:30:00+0000", "2026-03-01"],
  ["  2026-03-01T12:00:00-05:00 ", "2026-03-01"],
])("reads %s in New York as %s", (text, day) => {
  setLocalTimeZone("America/New_York");
  expect(dayOf(text)?.toString()).toBe(day);
});

it.each(["", "soon", "2026-13-01", "2026-02-30T00:00:00Z", "1e9", "__proto__"])(
  "finds no day in “%s”",
  (text) => {
    expect(dayOf(text)).toBeNull();
  },
);

it("writes the beginning of a day here, which every reader of ISO 8601 takes for that day", () => {
  setLocalTimeZone("Europe/Berlin");
  const day = new CalendarDate(2026, 7, 9);
  expect(isoOf(day)).toBe("2026-07-09T00:00:00+02:00");
  expect(dayOf(isoOf(day))?.toString()).toBe("2026-07-09");
  setLocalTimeZone("Asia/Tokyo");
  expect(dayOf("2026-07-09T00:00:00+02:00")?.toString()).toBe("2026-07-09");
});
