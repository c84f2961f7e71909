import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function ClientToolCall(_: ItemProps<"client_tool_call">) {
  return <UnknownItem name="client_tool_call" text={null} />;
}
