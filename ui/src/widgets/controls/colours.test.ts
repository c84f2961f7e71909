import { describe, expect, it } from "vitest";
import { colourIn, type Pair, tooNear } from "../../test/contrast";
import { HUES } from "./look";

const SHEETS = ["src/design/tokens.css", "src/widgets/tokens.css", "src/widgets/controls/colours.css"];

const TONES = ["primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"];

const WORDS = TONES.flatMap((tone): Pair[] => [
  [`tone-${tone}-on`, `tone-${tone}`],
  [`tone-${tone}`, `tone-${tone}-soft`],
  [`tone-${tone}`, "surface"],
  [`tone-${tone}`, "surface-raised"],
]);

const SIGNS = HUES.flatMap((hue): Pair[] => [
  [`widget-${hue}`, "surface"],
  [`widget-${hue}`, "surface-raised"],
]);

describe.each(["light", "dark"] as const)("controls and charts in %s", (scheme) => {
  const colour = colourIn(SHEETS, scheme);

  it("lets the words of all tones be read", () => expect(tooNear(colour, WORDS, 4.5)).toEqual([]));
  it("lets all series be seen", () => expect(tooNear(colour, SIGNS, 3)).toEqual([]));
});
