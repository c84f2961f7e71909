import type { ReactNode } from "react";
import type { Node } from "../../gen/widget/Node";

/** What the person works with: buttons, fields, forms, charts. Everything else is nothing here. */
export function Control(_: { readonly node: Node }): ReactNode {
  return null;
}
