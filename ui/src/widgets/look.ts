import type { CSSProperties } from "react";
import type { Align } from "../gen/widget/Align";
import type { Block } from "../gen/widget/Block";
import type { Border } from "../gen/widget/Border";
import type { Borders } from "../gen/widget/Borders";
import type { BoxLook } from "../gen/widget/BoxLook";
import type { CellAlign } from "../gen/widget/CellAlign";
import type { Color } from "../gen/widget/Color";
import type { Edges } from "../gen/widget/Edges";
import type { Justify } from "../gen/widget/Justify";
import type { Radius } from "../gen/widget/Radius";
import type { Size } from "../gen/widget/Size";
import type { TextLook } from "../gen/widget/TextLook";
import type { Weight } from "../gen/widget/Weight";
import { paletteColor } from "./palette";

// What the words of a server mean on the page. The core has parsed every length and colour, so nothing here is a text of
// the server's; React sets styles through the object model, which the window's policy allows.

/** Styles, with custom properties that style sheets of this folder read. */
export type Style = CSSProperties & { [property: `--${string}`]: string | undefined };

/** The names in tokens.css. */
const TOKENS: ReadonlySet<string> = new Set([
  ...["prose", "primary", "emphasis", "secondary", "tertiary"],
  ...["success", "warning", "caution", "danger", "info", "discovery"],
  ...["surface", "surface-secondary", "surface-tertiary", "surface-elevated", "surface-elevated-secondary"],
  ...["default", "subtle", "strong"],
  ...["blue", "purple", "orange", "green", "red", "yellow", "pink", "gray"],
]);

/** A colour as CSS knows it; nothing where there is none. */
export function colorOf(color: Color | null | undefined): string | undefined {
  if (color === null || color === undefined) return undefined;
  if (color.type === "token") return named(color.name);
  const [light, dark] = [sideOf(color.light), sideOf(color.dark)];
  if (light === dark) return light;
  return light && dark && `light-dark(${light}, ${dark})`;
}

function sideOf(side: string): string | undefined {
  return /^#[0-9a-f]{3,8}$/i.test(side) ? side : named(side);
}

function named(name: string): string | undefined {
  return TOKENS.has(name) ? `var(--widget-${name})` : paletteColor(name);
}

export const ALIGN: Readonly<Record<Align, string>> = {
  start: "flex-start",
  center: "center",
  end: "flex-end",
  baseline: "baseline",
  stretch: "stretch",
};

/** Where there is room left, `stretch` gives it to the children: {@link fills}. */
export const JUSTIFY: Readonly<Record<Justify, string>> = {
  start: "flex-start",
  center: "center",
  end: "flex-end",
  between: "space-between",
  around: "space-around",
  evenly: "space-evenly",
  stretch: "flex-start",
};

export const RADIUS: Readonly<Record<Radius, string>> = {
  "2xs": "0.125rem",
  xs: "0.25rem",
  sm: "0.375rem",
  md: "0.5rem",
  lg: "0.625rem",
  xl: "0.75rem",
  "2xl": "1rem",
  "3xl": "1.25rem",
  "4xl": "1.5rem",
  full: "9999px",
  "100%": "100%",
  none: "0",
};

/** Sizes of a kind of thing; those that it does not have are the usual one. */
type Sizes = Readonly<Partial<Record<Size, string>>>;

export const TEXT_SIZES: Sizes = {
  xs: "0.75rem",
  sm: "0.8125rem",
  md: "0.9375rem",
  lg: "1.0625rem",
  xl: "1.25rem",
};

export const TITLE_SIZES: Sizes = {
  sm: "1rem",
  md: "1.125rem",
  lg: "1.25rem",
  xl: "1.5rem",
  "2xl": "1.75rem",
  "3xl": "2.125rem",
  "4xl": "2.5rem",
  "5xl": "3rem",
};

export const CAPTION_SIZES: Sizes = { sm: "0.6875rem", md: "0.75rem", lg: "0.8125rem" };

export const BADGE_SIZES: Sizes = { sm: "0.6875rem", md: "0.75rem", lg: "0.8125rem" };

export const ICON_SIZES: Sizes = {
  xs: "0.75rem",
  sm: "0.875rem",
  md: "1rem",
  lg: "1.25rem",
  xl: "1.5rem",
  "2xl": "1.75rem",
  "3xl": "2rem",
};

export const CARD_SIZES: Sizes = { sm: "22.5rem", md: "27.5rem", lg: "35rem", full: "100%" };

export const COLUMN_SIZES: Sizes = { xs: "4rem", sm: "6rem", md: "9rem", lg: "14rem", xl: "20rem" };

/** A size of a kind of thing. */
export function sizeOf(sizes: Sizes, size: Size | null, usual: Size): string | undefined {
  return (size === null ? undefined : sizes[size]) ?? sizes[usual];
}

/** A size of text, which grows with all text where somebody wants that. */
export function textSizeOf(sizes: Sizes, size: Size | null, usual: Size): string {
  return `calc(${sizeOf(sizes, size, usual) ?? "1em"} * var(--scale))`;
}

export const WEIGHTS: Readonly<Record<Weight, number>> = {
  normal: 400,
  medium: 500,
  semibold: 600,
  bold: 700,
};

/** How something stands that holds others. */
export function boxStyle(look: BoxLook): Style {
  return {
    flexDirection: look.direction === null ? undefined : look.direction === "row" ? "row" : "column",
    alignItems: look.align === null ? undefined : ALIGN[look.align],
    justifyContent: look.justify === null ? undefined : JUSTIFY[look.justify],
    flexWrap: look.wrap ?? undefined,
    flex: look.flex ?? undefined,
    gap: notNegative(look.gap),
    backgroundColor: colorOf(look.background),
    ...paddingStyle(look.padding),
    ...borderStyle(look.border),
    ...blockStyle(look),
  };
}

/** Whether children share the room that is left. */
export function fills(look: Pick<BoxLook, "justify">): boolean {
  return look.justify === "stretch";
}

/** The room that something takes. */
export function blockStyle(block: Block): Style {
  const margin = block.margin;
  return {
    width: notNegative(block.width),
    height: notNegative(block.height),
    minWidth: notNegative(block.min_width),
    minHeight: notNegative(block.min_height),
    maxWidth: notNegative(block.max_width),
    maxHeight: notNegative(block.max_height),
    aspectRatio: block.aspect_ratio ?? undefined,
    borderRadius: block.radius === null ? undefined : RADIUS[block.radius],
    marginTop: notNegative(margin?.top),
    marginRight: notNegative(margin?.right),
    marginBottom: notNegative(margin?.bottom),
    marginLeft: notNegative(margin?.left),
  };
}

export function paddingStyle(edges: Edges | null): Style {
  return {
    paddingTop: notNegative(edges?.top),
    paddingRight: notNegative(edges?.right),
    paddingBottom: notNegative(edges?.bottom),
    paddingLeft: notNegative(edges?.left),
  };
}

export function borderStyle(borders: Borders | null): Style {
  return {
    borderTop: lineOf(borders?.top),
    borderRight: lineOf(borders?.right),
    borderBottom: lineOf(borders?.bottom),
    borderLeft: lineOf(borders?.left),
  };
}

function lineOf(border: Border | null | undefined): string | undefined {
  if (border === null || border === undefined) return undefined;
  return `${border.size} ${border.style ?? "solid"} ${colorOf(border.color) ?? "var(--widget-default)"}`;
}

/** How a text looks, but for its size. */
export function textStyle(look: TextLook): Style {
  return {
    color: colorOf(look.color),
    fontWeight: look.weight === null ? undefined : WEIGHTS[look.weight],
    textAlign: look.align ?? undefined,
    WebkitLineClamp: look.max_lines ?? undefined,
  };
}

/** Which end a text that is too long for its room has, by the name of a class. */
export function endOf(look: TextLook): "clamped" | "truncated" | null {
  if (look.max_lines !== null && !(look.truncate && look.max_lines === 1)) return "clamped";
  return look.truncate ? "truncated" : null;
}

export const CELL_ALIGN: Readonly<Record<CellAlign, "start" | "center" | "end">> = {
  start: "start",
  center: "center",
  end: "end",
};

export const CELL_VALIGN: Readonly<Record<CellAlign, "top" | "middle" | "bottom">> = {
  start: "top",
  center: "middle",
  end: "bottom",
};

/** A length, unless it is below nothing: that would lay one thing over another. */
function notNegative(length: string | null | undefined): string | undefined {
  return length === null || length === undefined || length.startsWith("-") ? undefined : length;
}
