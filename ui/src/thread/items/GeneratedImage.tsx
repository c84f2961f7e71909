import type { ItemProps } from "./Item";
import { UnknownItem } from "./UnknownItem";

export function GeneratedImage(_: ItemProps<"generated_image">) {
  return <UnknownItem name="generated_image" text={null} />;
}
