import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function StructuredInput(_: ItemProps<"structured_input">) {
  return <UnknownItem name="structured_input" text={null} />;
}
