import type { Alignment } from "../gen/Alignment";
import { type Entry, ROOT, type Tree } from "./tree";

/** What a node's looks depend on besides itself. */
export class Around {
  readonly #tree: Tree;
  readonly #id: number;
  readonly #prefix: string;

  /** The prefix makes the ids of footnotes unique among the documents of a page. */
  constructor(tree: Tree, id: number, prefix: string) {
    this.#tree = tree;
    this.#id = id;
    this.#prefix = prefix;
  }

  /** Whether a cell stands in the head of its table. */
  isHead(): boolean {
    const { node } = this.#above(1);
    return node.type === "table_row" && node.head;
  }

  /** How a cell is aligned. */
  alignment(): Alignment {
    const { node } = this.#above(2);
    const column = this.#tree.entry(this.#id).index;
    return (node.type === "table" ? node.alignments[column] : undefined) ?? "none";
  }

  /** Whether the node stands in a link. */
  inLink(): boolean {
    let { parent } = this.#tree.entry(this.#id);
    while (parent > ROOT) {
      const entry = this.#tree.entry(parent);
      if (entry.node.type === "link") return true;
      parent = entry.parent;
    }
    return false;
  }

  /** The number of a footnote. */
  number(label: string): number {
    return this.#tree.notes.number(label);
  }

  /** The id of the page's element that explains a footnote, or that is its first mark. */
  anchor(label: string, role: "mark" | "text"): string {
    return `${this.#prefix}-${role}-${this.number(label)}`;
  }

  /** Whether links to a footnote lead to this very node. */
  leads(label: string): boolean {
    return this.#tree.notes.leads(this.#id, label);
  }

  #above(levels: number): Entry {
    let id = this.#id;
    for (let level = 0; level < levels; level += 1) id = Math.max(ROOT, this.#tree.entry(id).parent);
    return this.#tree.entry(id);
  }
}
