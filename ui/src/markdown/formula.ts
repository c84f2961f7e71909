import { css, element } from "./elements";

/** Longer formulas are shown as their TeX, in bytes of UTF-8. */
const LONGEST = 2048;

/** Formulas of more elements than this are shown as their TeX: a macro can make many out of little. */
const MOST_ELEMENTS = 2000;

/** How many drawn formulas are kept to be drawn again, when their message comes back into view. */
const KEPT = 256;

const INLINE = css("math");
const DISPLAY = css("math", "display", "scroller");
const TEX = css("inlineCode", "tex");

type Draw = typeof import("./mathml").mathml;

let draw: Draw | null = null;
let loading: Promise<void> | null = null;
const kept = new Map<string, Element | null>();

/** Loads what draws formulas. The window starts without it, for most answers have none. */
export function loadFormulas(): Promise<void> {
  loading ??= import("./mathml").then(
    (module) => {
      draw = module.mathml;
    },
    () => {
      // Formulas stay as their TeX, and the next one tries again.
      loading = null;
    },
  );
  return loading;
}

/** A formula; as its TeX if it cannot be drawn, or not yet. */
export function formula(tex: string, display: boolean): HTMLElement {
  const holder = element("span", display ? DISPLAY : INLINE);
  if (isTooLong(tex)) {
    holder.append(asTex(tex));
  } else if (draw !== null) {
    holder.append(drawn(draw, tex, display));
  } else {
    holder.append(asTex(tex));
    void loadFormulas().then(() => {
      if (draw !== null) holder.replaceChildren(drawn(draw, tex, display));
    });
  }
  return holder;
}

function isTooLong(tex: string): boolean {
  return tex.length > LONGEST || new TextEncoder().encode(tex).length > LONGEST;
}

function drawn(by: Draw, tex: string, display: boolean): Node {
  const key = `${display ? "D" : "I"}${tex}`;
  let math = kept.get(key);
  if (math === undefined) {
    math = by(tex, display, MOST_ELEMENTS);
    const oldest = kept.keys().next();
    if (kept.size >= KEPT && !oldest.done) kept.delete(oldest.value);
    kept.set(key, math);
  }
  return math === null ? asTex(tex) : math.cloneNode(true);
}

function asTex(tex: string): HTMLElement {
  const code = element("code", TEX);
  code.append(tex);
  return code;
}
