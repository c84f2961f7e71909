import type { Node } from "../gen/widget/Node";
// Made by `cargo xtask types` from crates/widgets/gallery.json, which is written as servers write.
import examples from "./gallery.json";

/** An example of what a server can send. */
export interface Example {
  readonly name: string;
  readonly root: Node;
}

/** One example of each component, with each thing that can be said of it. For looking, and for tests. */
export const GALLERY = examples as unknown as readonly Example[];

/** An example by its name. */
export function example(name: string): Node {
  const found = GALLERY.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there is no example ${name}`);
  return found.root;
}
