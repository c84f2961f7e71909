import { classes } from "../../design/classes";
import type { Color } from "../../gen/widget/Color";
import type { ControlSize } from "../../gen/widget/ControlSize";
import type { Variant } from "../../gen/widget/Variant";
import { colorOf } from "../look";
import fieldStyles from "./fields.module.css";
import sizeStyles from "./sizes.module.css";

const fields = classes(fieldStyles);
const sizes = classes(sizeStyles);

/** How a control looks that text is put into, or something chosen from. */
export interface ControlLook {
  readonly variant: Variant | null;
  readonly size: ControlSize | null;
  readonly pill: boolean;
}

/** The class that says how large a control is. */
export function sizeClass(size: ControlSize | null): string {
  return sizes(`size-${size ?? "md"}`);
}

/** The classes that say so; `more` are names in `fields.module.css`. */
export function boxClass({ variant, size, pill }: ControlLook, ...more: (string | false)[]): string {
  // An outline is what a field has where nothing else is said.
  return `${fields("box", variant !== "outline" && variant, pill && "pill", ...more)} ${sizeClass(size)}`;
}

/** The hues of charts, in the order in which series without a colour get them. */
export const HUES = ["blue", "purple", "orange", "green", "red", "yellow", "pink"] as const;

/** The colour of a series: its own, or the next of the palette. */
export function seriesColor(color: Color | null, place: number): string {
  return colorOf(color) ?? `var(--widget-${HUES[place % HUES.length]})`;
}
