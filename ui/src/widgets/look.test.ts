import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BoxLook } from "../gen/widget/BoxLook";
import type { Color } from "../gen/widget/Color";
import type { Size } from "../gen/widget/Size";
import type { TextLook } from "../gen/widget/TextLook";
import { colourIn, contrast, type Rgb } from "../test/contrast";
import {
  ALIGN,
  BADGE_SIZES,
  boxStyle,
  CAPTION_SIZES,
  CARD_SIZES,
  COLUMN_SIZES,
  colorOf,
  endOf,
  fills,
  ICON_SIZES,
  JUSTIFY,
  RADIUS,
  sizeOf,
  TEXT_SIZES,
  TITLE_SIZES,
  textStyle,
  WEIGHTS,
} from "./look";
import { paletteColor } from "./palette";

const PLAIN: BoxLook = {
  direction: null,
  align: null,
  justify: null,
  wrap: null,
  flex: null,
  gap: null,
  padding: null,
  border: null,
  background: null,
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

const TEXT: TextLook = {
  size: null,
  color: null,
  weight: null,
  align: null,
  truncate: false,
  max_lines: null,
};

/** The styles that are there. */
function said(style: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));
}

const token = (name: string): Color => ({ type: "token", name });

describe("a box", () => {
  it("says nothing of what is not said", () => {
    expect(said(boxStyle(PLAIN))).toEqual({});
  });

  it.each<[Partial<BoxLook>, Record<string, unknown>]>([
    [{ direction: "row" }, { flexDirection: "row" }],
    [{ direction: "col" }, { flexDirection: "column" }],
    [{ align: "start" }, { alignItems: "flex-start" }],
    [{ align: "center" }, { alignItems: "center" }],
    [{ align: "end" }, { alignItems: "flex-end" }],
    [{ align: "baseline" }, { alignItems: "baseline" }],
    [{ align: "stretch" }, { alignItems: "stretch" }],
    [{ justify: "start" }, { justifyContent: "flex-start" }],
    [{ justify: "center" }, { justifyContent: "center" }],
    [{ justify: "end" }, { justifyContent: "flex-end" }],
    [{ justify: "between" }, { justifyContent: "space-between" }],
    [{ justify: "around" }, { justifyContent: "space-around" }],
    [{ justify: "evenly" }, { justifyContent: "space-evenly" }],
    [{ wrap: "nowrap" }, { flexWrap: "nowrap" }],
    [{ wrap: "wrap" }, { flexWrap: "wrap" }],
    [{ wrap: "wrap-reverse" }, { flexWrap: "wrap-reverse" }],
    [{ flex: "1 1 0" }, { flex: "1 1 0" }],
    [{ gap: "8px" }, { gap: "8px" }],
    [
      { padding: { top: "4px", right: null, bottom: "1rem", left: "2%" } },
      { paddingTop: "4px", paddingBottom: "1rem", paddingLeft: "2%" },
    ],
    [
      { border: { top: { size: "2px", color: null, style: null }, right: null, bottom: null, left: null } },
      { borderTop: "2px solid var(--widget-default)" },
    ],
    [
      {
        border: {
          top: null,
          right: { size: "1px", color: token("strong"), style: "dashed" },
          bottom: null,
          left: { size: "3px", color: { type: "fixed", light: "#ff0000", dark: "#00ff00" }, style: "double" },
        },
      },
      {
        borderRight: "1px dashed var(--widget-strong)",
        borderLeft: "3px double light-dark(#ff0000, #00ff00)",
      },
    ],
    [{ background: token("surface-secondary") }, { backgroundColor: "var(--widget-surface-secondary)" }],
    [
      {
        width: "50%",
        height: "8px",
        min_width: "1px",
        min_height: "2px",
        max_width: "3px",
        max_height: "4px",
      },
      { width: "50%", height: "8px", minWidth: "1px", minHeight: "2px", maxWidth: "3px", maxHeight: "4px" },
    ],
    [{ aspect_ratio: "16 / 9" }, { aspectRatio: "16 / 9" }],
    [{ radius: "full" }, { borderRadius: "9999px" }],
    [
      { margin: { top: "4px", right: "8px", bottom: "auto", left: null } },
      { marginTop: "4px", marginRight: "8px", marginBottom: "auto" },
    ],
  ])("%j is %j", (look, expected) => {
    expect(said(boxStyle({ ...PLAIN, ...look }))).toEqual(expected);
  });

  it("never lies over its neighbours: nothing is below zero", () => {
    const below = { top: "-4px", right: "-1rem", bottom: "-0.5%", left: "-1px" };
    expect(said(boxStyle({ ...PLAIN, margin: below, padding: below, gap: "-8px", width: "-1px" }))).toEqual(
      {},
    );
  });

  it("gives what is left to its children where it is told to stretch them", () => {
    expect(fills({ ...PLAIN, justify: "stretch" })).toBe(true);
    expect(fills({ ...PLAIN, justify: "between" })).toBe(false);
  });
});

describe("a text", () => {
  it.each<[Partial<TextLook>, Record<string, unknown>]>([
    [{ weight: "normal" }, { fontWeight: 400 }],
    [{ weight: "medium" }, { fontWeight: 500 }],
    [{ weight: "semibold" }, { fontWeight: 600 }],
    [{ weight: "bold" }, { fontWeight: 700 }],
    [{ align: "start" }, { textAlign: "start" }],
    [{ align: "center" }, { textAlign: "center" }],
    [{ align: "end" }, { textAlign: "end" }],
    [{ color: token("danger") }, { color: "var(--widget-danger)" }],
    [{ max_lines: 3 }, { WebkitLineClamp: 3 }],
  ])("%j is %j", (look, expected) => {
    expect(said(textStyle({ ...TEXT, ...look }))).toEqual(expected);
  });

  it("ends with dots in its line, or after some lines", () => {
    expect(endOf(TEXT)).toBeNull();
    expect(endOf({ ...TEXT, truncate: true })).toBe("truncated");
    expect(endOf({ ...TEXT, truncate: true, max_lines: 1 })).toBe("truncated");
    expect(endOf({ ...TEXT, truncate: true, max_lines: 2 })).toBe("clamped");
    expect(endOf({ ...TEXT, max_lines: 1 })).toBe("clamped");
  });
});

describe("a size", () => {
  const px = (size: string | undefined) => Number.parseFloat(size ?? "NaN");

  it.each([
    ["texts", TEXT_SIZES, ["xs", "sm", "md", "lg", "xl"]],
    ["titles", TITLE_SIZES, ["sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl"]],
    ["captions", CAPTION_SIZES, ["sm", "md", "lg"]],
    ["badges", BADGE_SIZES, ["sm", "md", "lg"]],
    ["icons", ICON_SIZES, ["xs", "sm", "md", "lg", "xl", "2xl", "3xl"]],
    ["cards", CARD_SIZES, ["sm", "md", "lg", "full"]],
    ["columns", COLUMN_SIZES, ["xs", "sm", "md", "lg", "xl"]],
  ] as const)("of %s grows from word to word", (_, sizes, words: readonly Size[]) => {
    expect(Object.keys(sizes)).toEqual(words);
    const all = words.map((word) => px(sizes[word]));
    expect(all).toEqual([...all].sort((one, other) => one - other));
    expect(new Set(all).size).toBe(all.length);
  });

  it("that there is not for a kind of thing is the usual one", () => {
    expect(sizeOf(CAPTION_SIZES, "5xl", "md")).toBe(CAPTION_SIZES.md);
    expect(sizeOf(CAPTION_SIZES, null, "md")).toBe(CAPTION_SIZES.md);
    expect(sizeOf(CAPTION_SIZES, "sm", "md")).toBe(CAPTION_SIZES.sm);
  });

  it("of a corner, a weight, a place is told from the others", () => {
    for (const table of [RADIUS, WEIGHTS, ALIGN]) {
      const all = Object.values(table);
      expect(new Set(all).size).toBe(all.length);
    }
    expect(new Set(Object.values(JUSTIFY)).size).toBe(Object.keys(JUSTIFY).length - 1);
  });
});

const SHEET = readFileSync("src/widgets/tokens.css", "utf8");
const DESIGN = readFileSync("src/design/tokens.css", "utf8");

describe("a colour", () => {
  it.each<[Color | null, string | undefined]>([
    [null, undefined],
    [token("secondary"), "var(--widget-secondary)"],
    [token("blue"), "var(--widget-blue)"],
    [token("nothing-of-ours"), undefined],
    [token("red-1001"), undefined],
    [token("toString-100"), undefined],
    [{ type: "fixed", light: "#ffffff", dark: "#ffffff" }, "#ffffff"],
    [{ type: "fixed", light: "#ffffff", dark: "#00000080" }, "light-dark(#ffffff, #00000080)"],
    [{ type: "fixed", light: "success", dark: "#000000" }, "light-dark(var(--widget-success), #000000)"],
    [{ type: "fixed", light: "url(x)", dark: "#000000" }, undefined],
  ])("%j is %s", (color, expected) => {
    expect(colorOf(color)).toBe(expected);
  });

  it("of the palette is a pair, turned round in dark", () => {
    expect(paletteColor("blue-0")).toBe("light-dark(oklch(0.985 0 255), oklch(0.2 0 255))");
    expect(paletteColor("blue-1000")).toBe("light-dark(oklch(0.2 0 255), oklch(0.985 0 255))");
    expect(paletteColor("red-500")).toBe("light-dark(oklch(0.593 0.19 25), oklch(0.593 0.19 25))");
  });

  it("by name has a value in the style sheet, and all of those have a name", () => {
    const names = [...SHEET.matchAll(/--widget-([\w-]+):/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) expect(colorOf(token(name)), name).toBe(`var(--widget-${name})`);
    for (const [, used] of SHEET.matchAll(/var\(--([\w-]+)\)/g)) expect(DESIGN).toContain(`--${used}:`);
  });
});

/** What a soft badge stands on: a tenth of its own colour over a surface. */
function soft(tone: Rgb, surface: Rgb): Rgb {
  return tone.map((value, index) => 0.1 * value + 0.9 * (surface[index] ?? 0));
}

describe.each(["light", "dark"] as const)("contrast in %s", (scheme) => {
  const colour = colourIn(["src/widgets/tokens.css", "src/design/tokens.css"], scheme);
  const of = (name: string) => colour(`widget-${name}`);
  const tones = ["primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"];
  const surfaces = ["surface", "surface-secondary", "surface-elevated"];

  it("lets all texts be read", () => {
    const texts = ["prose", "emphasis", "tertiary", ...tones];
    for (const text of texts)
      for (const surface of surfaces)
        expect(contrast(of(text), of(surface)), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  it("lets all badges be read", () => {
    for (const tone of tones) {
      const under = soft(of(tone), of("surface-elevated"));
      expect(contrast(of(tone), under), `soft ${tone}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of("surface"), of(tone)), `solid ${tone}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("lets all colours of charts be seen", () => {
    for (const hue of ["blue", "purple", "orange", "green", "red", "yellow", "pink", "gray"])
      expect(contrast(of(hue), of("surface-elevated")), hue).toBeGreaterThanOrEqual(3);
  });
});
