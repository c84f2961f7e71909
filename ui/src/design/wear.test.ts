import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ThemeView } from "../gen/ThemeView";
import { COLOURS, worn } from "./wear";

const PLAIN: ThemeView = {
  scheme: null,
  radius: null,
  density: null,
  base_size: null,
  font: null,
  font_code: null,
  colors: [],
};

const TOKENS = readFileSync("src/design/tokens.css", "utf8");
const PANE = readFileSync("src/design/pane.css", "utf8");

describe("what a pane wears", () => {
  it("is nothing without a theme, or with one that says nothing", () => {
    expect(worn(null, "with colours")).toEqual({ style: {} });
    expect(worn(PLAIN, "with colours")).toEqual({ style: {} });
  });

  it("is all that a theme says", () => {
    const theme: ThemeView = {
      scheme: "dark",
      radius: "sharp",
      density: "compact",
      base_size: 18,
      font: '"Inter", Arial',
      font_code: "Iosevka",
      colors: [{ token: "accent", light: "#aa0000", dark: "#ffaaaa" }],
    };
    expect(worn(theme, "with colours")).toEqual({
      style: {
        colorScheme: "dark",
        "--accent": "light-dark(#aa0000, #ffaaaa)",
        "--scale": "1.2",
        "--font": '"Inter", Arial, system-ui, sans-serif',
        "--font-code": "Iosevka, ui-monospace, monospace",
      },
      "data-corners": "sharp",
      "data-density": "compact",
    });
  });

  it("has no colours for who needs more contrast, and all the rest", () => {
    const colors = [{ token: "accent", light: "#aa0000", dark: "#ffaaaa" }];
    const theme: ThemeView = { ...PLAIN, scheme: "dark", radius: "soft", base_size: 15, colors };
    expect(worn(theme, "without colours")).toEqual({ style: { "--scale": "1" }, "data-corners": "soft" });
  });

  it.each([
    ["no-such-name", "#aa0000", "#ffaaaa"],
    ["scale", "#aa0000", "#ffaaaa"],
    ["accent", "url(https://a.example/)", "#ffaaaa"],
    ["accent", "#aa0000", "#fff); --surface: #000000"],
  ])("has no colour %s of %s and %s", (token, light, dark) => {
    expect(worn({ ...PLAIN, colors: [{ token, light, dark }] }, "with colours")).toEqual({ style: {} });
  });

  it("keeps to sizes that can be read", () => {
    expect(worn({ ...PLAIN, base_size: 200 }, "with colours").style).toEqual({ "--scale": "1.2" });
    expect(worn({ ...PLAIN, base_size: 1 }, "with colours").style).toEqual({ "--scale": String(14 / 15) });
  });
});

describe("the style sheets", () => {
  it("have every colour that can be worn, and no other that a profile would miss", () => {
    const named = [...TOKENS.matchAll(/--([\w-]+): light-dark\(#/g)].map(([, name]) => name);
    expect(named.filter((name) => name !== "scrim").sort()).toEqual([...COLOURS].sort());
  });

  it.each(["pill", "round", "soft", "sharp"])("have corners that are %s", (name) => {
    expect(PANE).toContain(`[data-corners="${name}"] {`);
  });

  it.each(["compact", "spacious"])("have a density that is %s", (name) => {
    expect(PANE).toContain(`[data-density="${name}"] {`);
  });
});
