import type { Node } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import type { Span } from "../gen/Span";
import { MarkdownDocument } from "../markdown";

// The page of the tests knows styles of HTML only; those of a formula are kept here.
const styles = new WeakMap<Element, Record<string, string>>();
Object.defineProperty(Element.prototype, "style", {
  configurable: true,
  get(this: Element) {
    const style = styles.get(this) ?? {};
    styles.set(this, style);
    return style;
  },
});

/** A tree as it is written down in a test: a node and its children; a string stands for a text. */
export type Sketch = string | readonly [Node, ...Sketch[]];

/** The patches that build sketches from nothing. */
export function patchesOf(...sketches: readonly Sketch[]): Patch[] {
  const patches: Patch[] = [];
  const open = (sketch: Sketch, parent: number) => {
    const id = patches.length + 1;
    const [node, ...children]: readonly [Node, ...Sketch[]] =
      typeof sketch === "string" ? [{ type: "text", text: sketch }] : sketch;
    patches.push({ op: "open", id, parent, node });
    for (const child of children) open(child, id);
  };
  for (const sketch of sketches) open(sketch, 0);
  return patches;
}

/** A document on a page, with what it asked for. */
export function mounted(document: MarkdownDocument) {
  const place = globalThis.document.createElement("div");
  globalThis.document.body.append(place);
  const opened: string[] = [];
  const copied: string[] = [];
  const unmount = document.mount(place, {
    openLink: (href) => opened.push(href),
    copyText: (text) => copied.push(text),
  });
  return { document, place, opened, copied, unmount };
}

/** Sketches on a page. */
export function shown(...sketches: readonly Sketch[]) {
  return mounted(new MarkdownDocument(patchesOf(...sketches)));
}

/** The page as text, alike for two documents with the same content, whether they grew or were there at once. */
export function serialised(place: Element): string {
  const text = new XMLSerializer().serializeToString(place);
  return text.replace(/note-\d+-/g, "note-N-").replaceAll('class="group whole"', 'class="group"');
}

/** Random numbers that are the same in each run (a linear congruence). */
export function randomness(seed: number) {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(from: readonly [T, ...T[]]): T => from[next(from.length)] ?? from[0];
  return { next, pick };
}

const BLOCKS = [
  { type: "paragraph" },
  { type: "heading", level: 2 },
  { type: "quote" },
  { type: "list", start: null },
  { type: "list", start: 7 },
  { type: "code_block", language: "rust" },
  { type: "rule" },
  { type: "table", alignments: ["left", "none"] },
  { type: "footnote", label: "a" },
  { type: "footnote", label: "b" },
] as const satisfies Node[];

const INLINES = [
  { type: "text", text: "words" },
  { type: "text", text: "" },
  { type: "emphasis" },
  { type: "strong" },
  { type: "strikethrough" },
  { type: "code", text: "x" },
  { type: "link", href: "https://example.org/", title: null },
  { type: "link", href: "javascript:1", title: null },
  { type: "image", href: "https://example.org/a.png", alt: "A", title: null },
  { type: "math", tex: "x^2", display: false },
  { type: "break" },
  { type: "footnote_mark", label: "a" },
  { type: "footnote_mark", label: "b" },
] as const satisfies Node[];

const LINES = [
  { type: "code_line", text: "", spans: [] },
  { type: "code_line", text: "let a", spans: [] },
  { type: "code_line", text: "end", spans: [{ text: "end", token: "keyword" }] },
] as const satisfies Node[];

interface Made {
  readonly parent: number;
  readonly node: Node;
  text: string;
  spans: Span[];
}

/** A random sequence of patches, each of which fits, and those that build what comes of them from nothing. */
export function randomPatches(seed: number, length: number): { patches: Patch[]; snapshot: Patch[] } {
  const { next, pick } = randomness(seed);
  const made: Made[] = [];
  const at = (id: number) => made[id - 1];

  const open = (): Patch => {
    const path = [0];
    for (let id = made.length; id > 0; id = at(id)?.parent ?? 0) path.push(id);
    let parent = path[next(path.length)] ?? 0;
    let node = childOf(at(parent)?.node, next(4) > 0, pick);
    while (node === null) {
      parent = at(parent)?.parent ?? 0;
      node = childOf(at(parent)?.node, true, pick);
    }
    const text = "text" in node ? node.text : "";
    made.push({ parent, node, text, spans: "spans" in node ? node.spans : [] });
    return { op: "open", id: made.length, parent, node };
  };

  const append = (): Patch | null => {
    const last = made.at(-1);
    if (last === undefined || !("text" in last.node) || last.spans.length > 0) return null;
    const text = pick([" more", "", "<b>", "\u{1f426}"]);
    last.text += text;
    return { op: "append", id: made.length, text };
  };

  const paint = (): Patch | null => {
    const id = made.findLastIndex(({ node }) => node.type === "code_line") + 1;
    const line = at(id);
    if (line === undefined) return null;
    const half = next(line.text.length + 1);
    const spans: Span[] = [
      { text: line.text.slice(0, half), token: pick([null, "string", "keyword"]) },
      { text: line.text.slice(half), token: null },
    ];
    line.spans = spans;
    return { op: "paint", id, spans };
  };

  const cut = (): Patch | null => {
    if (made.length === 0) return null;
    const from = Math.max(1, made.length + 1 - next(next(8) === 0 ? 80 : 6) - 1);
    made.length = from - 1;
    return { op: "cut", from };
  };

  const patches = Array.from({ length }, () => {
    const kind = next(10);
    const other = kind < 3 ? append() : kind < 4 ? paint() : kind < 5 ? cut() : null;
    return other ?? open();
  });
  return { patches, snapshot: made.map(opened) };
}

function opened({ parent, node, text, spans }: Made, index: number): Patch {
  const grown = "text" in node ? { ...node, text } : node;
  return {
    op: "open",
    id: index + 1,
    parent,
    node: grown.type === "code_line" ? { ...grown, spans } : grown,
  };
}

type Pick = ReturnType<typeof randomness>["pick"];

/** A node that may stand in another; null if the other has no children. */
function childOf(parent: Node | undefined, wantsBlock: boolean, pick: Pick): Node | null {
  switch (parent?.type) {
    case undefined:
    case "quote":
    case "footnote":
      return pick<Node>(BLOCKS);
    case "list_item":
      return wantsBlock ? pick<Node>(BLOCKS) : pick<Node>(INLINES);
    case "list":
      return { type: "list_item", checked: pick([null, true, false]) };
    case "code_block":
      return pick<Node>(LINES);
    case "table":
      return { type: "table_row", head: pick([true, false]) };
    case "table_row":
      return { type: "table_cell" };
    case "paragraph":
    case "heading":
    case "table_cell":
    case "emphasis":
    case "strong":
    case "strikethrough":
    case "link":
      return pick<Node>(INLINES);
    default:
      return null;
  }
}
