import { type CSSProperties, useSyncExternalStore } from "react";
import type { ThemeView } from "../gen/ThemeView";

/** The colours of the window that something else can be worn for, by their names in tokens.css. */
export const COLOURS: ReadonlySet<string> = new Set(
  `surface surface-side surface-raised surface-bubble surface-code surface-hover surface-pressed surface-selected
   text text-muted text-faint line line-strong line-control
   accent accent-hover on-accent accent-soft focus selection
   good warning warning-soft danger danger-soft danger-fill on-danger
   code-comment code-string code-constant code-keyword code-function code-type code-tag code-attribute code-inserted
   code-deleted`.split(/\s+/),
);

/** A colour as it may stand in a profile. */
const COLOUR = /^#[0-9a-f]{6}$/i;

/** How large text is that nobody has chosen a size for, in CSS pixels. */
const USUAL_SIZE = 15;

/** The sizes that can be chosen, in CSS pixels. */
const SIZES = { least: 14, most: 18 };

/** What an element wears. What is not there is as it is everywhere in the window. */
export interface Worn {
  readonly style: CSSProperties;
  readonly "data-corners"?: string;
  readonly "data-density"?: string;
}

/** What a pane wears for a theme; without its colours for who needs to see more than a profile knows. */
export function worn(theme: ThemeView | null, colours: "with colours" | "without colours"): Worn {
  if (theme === null) return { style: {} };
  const { scheme, radius, density, base_size: size, font, font_code: fontCode } = theme;
  const style: Record<string, string> = {};
  if (colours === "with colours") {
    if (scheme !== null) style["colorScheme"] = scheme;
    for (const { token, light, dark } of theme.colors)
      if (COLOURS.has(token) && COLOUR.test(light) && COLOUR.test(dark))
        style[`--${token}`] = `light-dark(${light}, ${dark})`;
  }
  if (size !== null)
    style["--scale"] = String(Math.min(Math.max(size, SIZES.least), SIZES.most) / USUAL_SIZE);
  if (font !== null) style["--font"] = `${font}, system-ui, sans-serif`;
  if (fontCode !== null) style["--font-code"] = `${fontCode}, ui-monospace, monospace`;
  return {
    style,
    ...(radius !== null && { "data-corners": radius }),
    ...(density !== null && { "data-density": density }),
  };
}

/** Who asks their system for this has colours that no profile takes away. */
const NEEDS_CONTRAST = "(prefers-contrast: more), (forced-colors: active)";

/** What a pane wears for a theme on this screen, also when the person asks for more contrast meanwhile. */
export function useWorn(theme: ThemeView | null): Worn {
  const needsContrast = useSyncExternalStore(listen, () => window.matchMedia(NEEDS_CONTRAST).matches);
  return worn(theme, needsContrast ? "without colours" : "with colours");
}

function listen(changed: () => void): () => void {
  const query = window.matchMedia(NEEDS_CONTRAST);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}
