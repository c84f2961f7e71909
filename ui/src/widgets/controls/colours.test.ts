import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HUES } from "./look";

const SHEETS = ["src/design/tokens.css", "src/widgets/tokens.css", "src/widgets/controls/colours.css"].map(
  (path) => readFileSync(path, "utf8"),
);

function colours(scheme: "light" | "dark"): ReadonlyMap<string, string> {
  const found = SHEETS.join("\n").matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g);
  return new Map(
    [...found].map(([, name, light, dark]) => [name ?? "", (scheme === "light" ? light : dark) ?? ""]),
  );
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const TONES = ["primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"];

const WORDS = TONES.flatMap((tone): [string, string][] => [
  [`tone-${tone}-on`, `tone-${tone}`],
  [`tone-${tone}`, `tone-${tone}-soft`],
  [`tone-${tone}`, "surface"],
  [`tone-${tone}`, "surface-raised"],
]);

const SIGNS = HUES.flatMap((hue): [string, string][] => [
  [`widget-${hue}`, "surface"],
  [`widget-${hue}`, "surface-raised"],
]);

describe.each(["light", "dark"] as const)("controls and charts in %s", (scheme) => {
  const all = colours(scheme);
  const below = (pairs: [string, string][], least: number) =>
    pairs
      .map(([one, other]) => ({ one, other, ratio: contrast(all.get(one) ?? "#", all.get(other) ?? "#") }))
      .filter(({ ratio }) => !(ratio >= least));

  it("lets the words of all tones be read", () => expect(below(WORDS, 4.5)).toEqual([]));
  it("lets all series be seen", () => expect(below(SIGNS, 3)).toEqual([]));
});
