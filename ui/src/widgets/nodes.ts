import type { Node } from "../gen/widget/Node";

/** The node of one kind of component. */
export type NodeOf<Type extends Node["type"]> = Extract<Node, { type: Type }>;

/** Children, each with what tells it from its siblings: its key, its id, or its place. No two are alike. */
export function keyed(nodes: readonly Node[]): readonly (readonly [key: string, node: Node])[] {
  const times = new Map<string, number>();
  return nodes.map((node, index) => {
    const own = ownKey(node) ?? `at ${index}`;
    const time = times.get(own) ?? 0;
    times.set(own, time + 1);
    return [time === 0 ? own : `${own} (${time})`, node];
  });
}

/** By what a node is known when its siblings change. */
export function ownKey({ key, id }: Node): string | undefined {
  if (key !== undefined) return `key ${key}`;
  return id === undefined ? undefined : `id ${id}`;
}

/** What a node holds. */
export function childrenOf(node: Node): readonly Node[] {
  return "children" in node ? node.children : [];
}

/** Whether nothing of a node can be seen: it only keeps room, or holds what cannot be seen. */
export function isEmpty(node: Node): boolean {
  switch (node.type) {
    case "Spacer":
    case "Divider":
      return true;
    case "Title":
    case "Caption":
    case "Text":
      return node.value.trim() === "" && !("editable" in node && node.editable !== null);
    case "Markdown":
      return node.patches.length === 0;
    case "Card":
      return !node.status && !node.buttons.confirm && !node.buttons.cancel && node.children.every(isEmpty);
    case "ListView":
      return !node.status && node.children.every(isEmpty);
    default:
      return "children" in node && node.children.every(isEmpty);
  }
}

/** What a widget is called: its first title, or what stands above it. */
export function nameOf(node: Node): string | null {
  if (node.type === "Title") return node.value.trim() || null;
  for (const child of childrenOf(node)) {
    const name = nameOf(child);
    if (name !== null) return name;
  }
  return "status" in node ? (node.status?.text ?? null) : null;
}
