import type { Node } from "../gen/widget/Node";
import { Control } from "./controls";

/** One component of a widget in its place. */
export function Component({ node }: { readonly node: Node }) {
  return <Control node={node} />;
}
