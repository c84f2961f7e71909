import "temml/dist/Temml-Local.css";
import temml from "temml";

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** How deep the parts of a formula may stand in one another: whoever lays them out goes down as deep. */
const DEEPEST = 64;

/** What a formula may consist of. Anything else, links and pictures above all, makes it no formula. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle " +
    "msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
  ).split(" "),
);

const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "accent accentunder class columnalign columnlines columnspacing depth display displaystyle fence form frame height " +
    "largeop linebreak linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize " +
    "movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy style symmetric voffset width " +
    "xmlns"
  ).split(" "),
);

/**
 * A formula as MathML, or null if it is not valid TeX, wants what formulas may not do, or becomes more elements than
 * allowed.
 */
export function mathml(tex: string, display: boolean, mostElements: number): Element | null {
  const holder = document.createElement("span");
  try {
    temml.render(tex, holder, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 500,
      // The largest space or rule: in em, and in points.
      maxSize: [20, 240],
    });
  } catch {
    // Not only parse errors: deep nesting ends the stack.
    return null;
  }
  const math = holder.firstElementChild;
  return math !== null && clean(math, mostElements) ? math : null;
}

/** Takes away what does not belong into a formula; false if it cannot stand at all. */
function clean(math: Element, mostElements: number): boolean {
  if (math.getElementsByTagName("*").length >= mostElements) return false;
  return cleanPart(math, 0);
}

function cleanPart(part: Element, depth: number): boolean {
  if (depth > DEEPEST || part.namespaceURI !== MATHML || !ELEMENTS.has(part.localName)) return false;
  for (const { name } of [...part.attributes]) if (!ATTRIBUTES.has(name)) part.removeAttribute(name);
  for (const child of [...part.children]) {
    // Equations are not numbered: numbers would run on from one message to the next.
    if (child.localName === "span" && child.className === "tml-eqn") child.remove();
    else if (!cleanPart(child, depth + 1)) return false;
  }
  return true;
}
