import { CircleDashed } from "lucide-react";
import { classes } from "../../design/classes";
import styles from "./items.module.css";

const css = classes(styles);

/** Something that this version does not draw: one neutral line, because it is kept and nothing is wrong. */
export function UnknownItem({ name }: { readonly name: string }) {
  return (
    <p className={css("unknown")}>
      <CircleDashed size={14} aria-hidden="true" />
      <span>
        This version of Kittiwake does not show “<bdi>{name}</bdi>”.
      </span>
    </p>
  );
}
