import type { ReactNode } from "react";
import type { Card } from "../gen/widget/Card";
import type { NodeOf } from "./nodes";

/** What stands around the body of a card: its form, the buttons at its foot, and how it looks while one of them works. */
export function CardFrame({ children }: { readonly card: Card; readonly children: ReactNode }) {
  return children;
}

/** What stands around a line of a list: the press, where it has one. */
export function ItemFrame({
  children,
}: {
  readonly node: NodeOf<"ListViewItem">;
  readonly children: ReactNode;
}) {
  return children;
}
