import { classes } from "../design/classes";
import code from "./code.module.css";
import formula from "./formula.module.css";
import styles from "./markdown.module.css";
import sources from "./sources.module.css";

/** Names of this folder's style sheets. */
export const css = classes(styles, code, formula, sources);

/** A new element, with a class name that {@link css} made. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A small picture of lines in a field of 24 by 24, for eyes only. */
export function icon(className: string, ...paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}
