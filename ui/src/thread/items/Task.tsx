import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function Task(_: ItemProps<"task">) {
  return <UnknownItem name="task" text={null} />;
}
