import type { Color } from "../../gen/widget/Color";
import type { ControlSize } from "../../gen/widget/ControlSize";
import type { Variant } from "../../gen/widget/Variant";
import { colorOf } from "../look";

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

/** The hues of charts, in the order in which series without a colour get them. */
export const HUES = ["blue", "purple", "orange", "green", "red", "yellow", "pink"] as const;

/** The colour of a series: its own, or the next of the palette. */
export function seriesColor(color: Color | null, place: number): string {
  return colorOf(color) ?? `var(--widget-${HUES[place % HUES.length]})`;
}
