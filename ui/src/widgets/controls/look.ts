import type { CSSProperties } from "react";
import type { Color } from "../../gen/widget/Color";
import type { ControlSize } from "../../gen/widget/ControlSize";
import type { Edges } from "../../gen/widget/Edges";
import type { Size } from "../../gen/widget/Size";
import type { TextLook } from "../../gen/widget/TextLook";
import type { Variant } from "../../gen/widget/Variant";

/** How a control looks that text is put into, or something chosen from. */
export interface ControlLook {
  readonly variant: Variant | null;
  readonly size: ControlSize | null;
  readonly pill: boolean;
}

/** The names of the classes that say so, in `fields.module.css`. */
export function boxNames({ variant, size, pill }: ControlLook): (string | false | null)[] {
  // An outline is what a field has where nothing else is said.
  return ["box", variant !== "outline" && variant, `size-${size ?? "md"}`, pill && "pill"];
}

/** The colours of texts that have a name of their own. */
const TEXT_COLORS: Readonly<Record<string, string>> = {
  prose: "var(--text)",
  primary: "var(--text)",
  emphasis: "var(--text)",
  secondary: "var(--text-muted)",
  tertiary: "var(--text-faint)",
  success: "var(--good)",
  warning: "var(--warning)",
  danger: "var(--danger)",
};

/** A colour for a style, in both schemes; nothing for a name that is not one of `named`. */
function colorOf(color: Color, named: (name: string) => string | undefined): string | undefined {
  return color.type === "fixed" ? `light-dark(${color.light}, ${color.dark})` : named(color.name);
}

/** The colour of a text. */
export function textColor(color: Color | null): string | undefined {
  if (color === null) return undefined;
  return colorOf(color, (name) => (Object.hasOwn(TEXT_COLORS, name) ? TEXT_COLORS[name] : hue(name)));
}

/** The hues of charts, in the order in which series without a colour get them. */
export const HUES = ["blue", "purple", "orange", "green", "red", "yellow", "pink"] as const;

/** The colour of a series: its own, or the next of the palette. */
export function seriesColor(color: Color | null, place: number): string {
  const next = `var(--chart-${HUES[place % HUES.length]})`;
  return (color === null ? undefined : colorOf(color, hue)) ?? next;
}

/** The hue that a token such as `blue` or `red-100` begins with. */
function hue(name: string): string | undefined {
  const found = HUES.find((known) => name === known || name.startsWith(`${known}-`));
  return found === undefined ? undefined : `var(--chart-${found})`;
}

const TEXT_SIZES: Readonly<Record<Size, string>> = {
  xs: "0.6875rem",
  sm: "0.75rem",
  md: "0.875rem",
  lg: "1rem",
  xl: "1.125rem",
  "2xl": "1.25rem",
  "3xl": "1.5rem",
  "4xl": "1.75rem",
  "5xl": "2rem",
  full: "0.875rem",
};

const WEIGHTS = { normal: 400, medium: 500, semibold: 600, bold: 700 } as const;

/** How a label, or a text that can be written over, looks. */
export function textStyle(look: TextLook): CSSProperties {
  const color = textColor(look.color);
  return {
    ...(look.size === null ? {} : { fontSize: TEXT_SIZES[look.size] }),
    ...(look.weight === null ? {} : { fontWeight: WEIGHTS[look.weight] }),
    ...(look.align === null ? {} : { textAlign: look.align }),
    ...(color === undefined ? {} : { color }),
  };
}

/** A margin, side by side. */
export function marginStyle(margin: Edges | null): CSSProperties {
  return {
    ...(margin?.top == null ? {} : { marginTop: margin.top }),
    ...(margin?.right == null ? {} : { marginRight: margin.right }),
    ...(margin?.bottom == null ? {} : { marginBottom: margin.bottom }),
    ...(margin?.left == null ? {} : { marginLeft: margin.left }),
  };
}
