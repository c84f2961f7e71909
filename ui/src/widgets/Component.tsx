import type { Node } from "../gen/widget/Node";
// biome-ignore lint/suspicious/noImportCycles: a form holds components, and is one
import { Control } from "./controls";

/** One component of a widget in its place. */
export function Component({ node }: { readonly node: Node }) {
  if (node.type !== "Box") return <Control node={node} />;
  return node.children.map((child, place) => <Component key={child.key ?? place} node={child} />);
}
