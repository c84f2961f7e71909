import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const TOKENS = readFileSync("src/design/tokens.css", "utf8");

/** The colours of one scheme by name; those with transparency have no contrast of their own. */
function colours(scheme: "light" | "dark"): ReadonlyMap<string, string> {
  const found = TOKENS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g);
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

const SURFACES = ["surface", "surface-side", "surface-raised", "surface-selected", "surface-bubble"];
const TEXT = ["text", "text-muted", "text-faint"];
const CODE = [...TOKENS.matchAll(/--(code-\w+):/g)].map(([, name]) => name ?? "");

/** Text and what it stands on: 4.5 to 1. */
const WORDS: [string, string][] = [
  ...SURFACES.flatMap((surface) => TEXT.map((text): [string, string] => [text, surface])),
  ...CODE.map((token): [string, string] => [token, "surface-code"]),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["accent", "surface-raised"],
  ["text", "accent-soft"],
  ["text", "warning-soft"],
  ["text", "danger-soft"],
  ["text-muted", "danger-soft"],
  ["text-muted", "warning-soft"],
  ["warning", "surface"],
  ["danger", "surface-raised"],
  ["danger", "danger-soft"],
];

/** Edges and signs that carry meaning: 3 to 1. */
const SIGNS: [string, string][] = [
  ["line-control", "surface"],
  ["focus", "surface"],
  ["focus", "surface-side"],
  ["good", "surface"],
  ["accent", "surface-selected"],
  ["warning", "warning-soft"],
];

describe.each(["light", "dark"] as const)("contrast in %s", (scheme) => {
  const all = colours(scheme);
  const below = (pairs: [string, string][], least: number) =>
    pairs
      .map(([one, other]) => ({ one, other, ratio: contrast(all.get(one) ?? "", all.get(other) ?? "") }))
      .filter(({ ratio }) => !(ratio >= least));

  it("lets all text be read", () => expect(below(WORDS, 4.5)).toEqual([]));
  it("lets all signs be seen", () => expect(below(SIGNS, 3)).toEqual([]));
});
