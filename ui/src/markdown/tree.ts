import type { Node } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import type { Span } from "../gen/Span";
import { Notes } from "./notes";

/** The root of every tree: it exists before the first patch. */
export const ROOT = 0;

type Kind = Node["type"] | "root";

/** What is known of a node, whether it is on the page or not. */
export interface Entry {
  readonly node: Node | { readonly type: "root" };
  readonly parent: number;
  /** Its place among the children of its parent. */
  readonly index: number;
  /** The text of a text, a piece of code or a line of code, as far as it has come. */
  text: string;
  /** The colours of a line of code. */
  spans: readonly Span[];
  /** How many children it has. */
  children: number;
}

/** What is to know of a kind of node. */
interface Traits {
  /** Its text grows. */
  readonly grows?: true;
  /** It has no children. */
  readonly childless?: true;
  /** It begins on a line of its own when the text is read without its markup. */
  readonly line?: true;
  /** The one kind of parent that it stands in, which holds nothing else. */
  readonly within?: Kind;
}

const KINDS: Readonly<Record<Node["type"], Traits>> = {
  paragraph: { line: true },
  heading: { line: true },
  quote: {},
  list: {},
  list_item: { line: true, within: "list" },
  code_block: {},
  code_line: { grows: true, childless: true, line: true, within: "code_block" },
  rule: { childless: true },
  table: { line: true },
  table_row: { line: true, within: "table" },
  table_cell: { within: "table_row" },
  footnote: { line: true },
  text: { grows: true, childless: true },
  emphasis: {},
  strong: {},
  strikethrough: {},
  code: { grows: true, childless: true },
  link: {},
  image: { childless: true },
  math: { childless: true },
  break: { childless: true },
  footnote_mark: { childless: true },
  mark: { childless: true },
};

/** Kinds that hold one kind of node only. */
const PARTICULAR: ReadonlySet<Kind | undefined> = new Set(
  Object.values(KINDS).flatMap(({ within }) => (within === undefined ? [] : [within])),
);

function traits(kind: Kind): Traits {
  return kind === "root" ? {} : KINDS[kind];
}

/** The text as the patches have built it, in document order: small enough to be kept while nothing of it is drawn. */
export class Tree {
  readonly #entries: Entry[] = [
    { node: { type: "root" }, parent: -1, index: 0, text: "", spans: [], children: 0 },
  ];
  /** The numbers of the footnotes. */
  readonly notes = new Notes();

  /** The id of the last node; {@link ROOT} when there is none. */
  get last(): number {
    return this.#entries.length - 1;
  }

  /** A node that exists. */
  entry(id: number): Entry {
    const entry = this.#entries[id];
    if (entry === undefined) throw new RangeError(`there is no node ${id}`);
    return entry;
  }

  /** Why a patch does not fit; null if it does. */
  misfit(patch: Patch): string | null {
    switch (patch.op) {
      case "open":
        return this.#openMisfit(patch.id, patch.parent, patch.node);
      case "append": {
        const entry = this.#entries[patch.id];
        const grows = patch.id === this.last && entry !== undefined && traits(entry.node.type).grows;
        return grows && entry.spans.length === 0 ? null : `node ${patch.id} takes no more text`;
      }
      case "paint": {
        const entry = this.#entries[patch.id];
        const fits = entry?.node.type === "code_line" && covers(patch.spans, entry.text);
        return fits ? null : `node ${patch.id} is not a line of code with that text`;
      }
      case "cut":
        return patch.from > ROOT && patch.from <= this.last
          ? null
          : `node ${patch.from} cannot be cut, for it does not exist`;
      default:
        return "a patch of an unknown kind";
    }
  }

  /** Applies a patch that fits. */
  apply(patch: Patch): void {
    switch (patch.op) {
      case "open":
        this.#open(patch.parent, patch.node);
        break;
      case "append":
        this.entry(patch.id).text += patch.text;
        break;
      case "paint":
        this.entry(patch.id).spans = patch.spans;
        break;
      case "cut":
        this.#cut(patch.from);
        break;
    }
  }

  /** The code of a block, without a line break at the end. */
  codeOf(block: number): string {
    const lines: string[] = [];
    const { children } = this.entry(block);
    for (let id = block + 1; id <= block + children; id += 1) lines.push(this.entry(id).text);
    return lines.join("\n");
  }

  /**
   * The words without the markup: blocks apart by an empty line, items, rows and lines of code by a line break, cells
   * by a tab. Formulas stand as their TeX, images as their alternative text. The core's plain text is the same.
   */
  plainText(): string {
    const pieces: string[] = [];
    // How many line breaks the text ends with.
    let breaks = 0;
    const add = (piece: string) => {
      if (piece === "") return;
      pieces.push(piece);
      let end = 0;
      while (piece.at(-1 - end) === "\n") end += 1;
      breaks = end === piece.length && pieces.length > 1 ? breaks + end : end;
    };
    let rowBegins = false;
    for (const { node, parent, text } of this.#entries.slice(1)) {
      // Not words of the text.
      if (node.type === "mark") continue;
      const wanted = parent === ROOT ? 2 : traits(node.type).line ? 1 : 0;
      if (pieces.length > 0 && wanted > breaks) add("\n".repeat(wanted - breaks));
      if (node.type === "table_cell" && !rowBegins) add("\t");
      if (node.type === "table_row") rowBegins = true;
      else if (node.type === "table_cell") rowBegins = false;
      else add(wordsOf(node, text));
    }
    return pieces.join("");
  }

  #openMisfit(id: number, parent: number, node: Node): string | null {
    if (id !== this.last + 1) return `node ${id} is not the next one`;
    if (!this.#isOpen(parent)) return `node ${parent} is not open`;
    if (!Object.hasOwn(KINDS, node.type)) return `there is no kind ${node.type}`;
    const { type } = this.entry(parent).node;
    const { within } = KINDS[node.type];
    const fits = within === undefined ? !traits(type).childless && !PARTICULAR.has(type) : within === type;
    return fits ? null : `a node of the kind ${node.type} does not stand in ${type}`;
  }

  /** Whether a node is the last one or stands around it. */
  #isOpen(id: number): boolean {
    let at = this.last;
    while (at > id) at = this.entry(at).parent;
    return at === id && id >= ROOT;
  }

  #open(parent: number, node: Node): void {
    const around = this.entry(parent);
    const text = "text" in node ? node.text : "";
    const spans = node.type === "code_line" ? node.spans : [];
    this.#entries.push({ node, parent, index: around.children, text, spans, children: 0 });
    around.children += 1;
    this.notes.open(this.last, node);
  }

  #cut(from: number): void {
    for (let id = this.last; id >= from; id -= 1) {
      const { parent } = this.entry(id);
      if (parent < from) this.entry(parent).children -= 1;
    }
    this.#entries.length = from;
    this.notes.cut(from);
  }
}

/** Whether pieces together are a text. */
function covers(spans: readonly Span[], text: string): boolean {
  let at = 0;
  for (const span of spans) {
    if (!text.startsWith(span.text, at)) return false;
    at += span.text.length;
  }
  return at === text.length;
}

function wordsOf(node: Entry["node"], text: string): string {
  switch (node.type) {
    case "code_line":
      // An empty line of code is a line too.
      return text === "" ? "\n" : text;
    case "math":
      return node.tex;
    case "image":
      return node.alt;
    case "footnote_mark":
      return `[${node.label}]`;
    case "break":
      return "\n";
    default:
      return text;
  }
}
