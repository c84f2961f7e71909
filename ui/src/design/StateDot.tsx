import { classes } from "./classes";
import styles from "./StateDot.module.css";

const css = classes(styles);

/** A dot for the state of a connection. Filled, hollow or crossed, so that it is not the colour alone that tells. */
export function StateDot({ state }: { readonly state: "untried" | "online" | "failing" }) {
  return <span className={css("dot", state)} aria-hidden="true" />;
}
