import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { colourIn, type Pair, tooNear } from "../test/contrast";

const SHEET = "src/design/tokens.css";
const TOKENS = readFileSync(SHEET, "utf8");

const SURFACES = ["surface", "surface-side", "surface-raised", "surface-selected", "surface-bubble"];
const TEXT = ["text", "text-muted", "text-faint"];
const CODE = [...TOKENS.matchAll(/--(code-\w+):/g)].map(([, name]) => name ?? "");

/** Text and what it stands on: 4.5 to 1. */
const WORDS: Pair[] = [
  ...SURFACES.flatMap((surface) => TEXT.map((text): Pair => [text, surface])),
  ...CODE.map((token): Pair => [token, "surface-code"]),
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
const SIGNS: Pair[] = [
  ["line-control", "surface"],
  ["focus", "surface"],
  ["focus", "surface-side"],
  ["good", "surface"],
  ["accent", "surface-selected"],
  ["warning", "warning-soft"],
];

describe.each(["light", "dark"] as const)("contrast in %s", (scheme) => {
  const colour = colourIn([SHEET], scheme);

  it("lets all text be read", () => expect(tooNear(colour, WORDS, 4.5)).toEqual([]));
  it("lets all signs be seen", () => expect(tooNear(colour, SIGNS, 3)).toEqual([]));
});
