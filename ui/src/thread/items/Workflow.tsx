import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function Workflow(_: ItemProps<"workflow">) {
  return <UnknownItem name="workflow" text={null} />;
}
