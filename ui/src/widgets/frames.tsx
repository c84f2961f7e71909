import type { ReactNode } from "react";
import type { Card } from "../gen/widget/Card";
import type { NodeOf } from "./nodes";

/** What stands around the body of a card: its form, the buttons at its foot. One that is collapsed hides its body. */
export function CardFrame({ card, children }: { readonly card: Card; readonly children: ReactNode }) {
  return card.collapsed ? null : children;
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

/** What holds for a widget as a whole, around all of it. */
export function WidgetScope({ children }: { readonly children: ReactNode }) {
  return children;
}
