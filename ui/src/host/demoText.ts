import type { Node } from "../gen/Node";
import type { Patch } from "../gen/Patch";
import type { Token } from "../gen/Token";

/** A node with its children, for texts that are written down here. */
export interface Tree {
  readonly node: Node;
  readonly children: readonly Tree[];
}

/** The patches that build trees from nothing. */
export function patchesOf(trees: readonly Tree[]): Patch[] {
  const patches: Patch[] = [];
  const open = (tree: Tree, parent: number) => {
    const id = patches.length + 1;
    patches.push({ op: "open", id, parent, node: tree.node });
    for (const child of tree.children) open(child, id);
  };
  for (const tree of trees) open(tree, 0);
  return patches;
}

export const text = (words: string): Tree => ({ node: { type: "text", text: words }, children: [] });
export const strong = (words: string): Tree => ({ node: { type: "strong" }, children: [text(words)] });
export const code = (words: string): Tree => ({ node: { type: "code", text: words }, children: [] });
export const link = (words: string, href: string): Tree => ({
  node: { type: "link", href, title: null },
  children: [text(words)],
});
export const paragraph = (...children: Tree[]): Tree => ({ node: { type: "paragraph" }, children });
export const heading = (words: string): Tree => ({
  node: { type: "heading", level: 2 },
  children: [text(words)],
});
export const list = (start: number | null, ...items: Tree[][]): Tree => ({
  node: { type: "list", start },
  children: items.map((children) => ({ node: { type: "list_item", checked: null }, children })),
});

export function table(head: readonly string[], ...rows: string[][]): Tree {
  const row = (cells: readonly string[], isHead: boolean): Tree => ({
    node: { type: "table_row", head: isHead },
    children: cells.map((words) => ({ node: { type: "table_cell" }, children: [text(words)] })),
  });
  return {
    node: { type: "table", alignments: head.map((_, index) => (index === 0 ? "none" : "right")) },
    children: [row(head, true), ...rows.map((cells) => row(cells, false))],
  };
}

type Piece = string | readonly [string, Token];

/** A block of code; each line is pieces of plain or coloured text. */
export function codeBlock(language: string, ...lines: Piece[][]): Tree {
  return {
    node: { type: "code_block", language },
    children: lines.map((pieces) => {
      const spans = pieces.map((piece) =>
        typeof piece === "string" ? { text: piece, token: null } : { text: piece[0], token: piece[1] },
      );
      const whole = spans.map((span) => span.text).join("");
      return { node: { type: "code_line", text: whole, spans }, children: [] };
    }),
  };
}
