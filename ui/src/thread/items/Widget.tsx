import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function Widget(_: ItemProps<"widget">) {
  return <UnknownItem name="widget" text={null} />;
}
