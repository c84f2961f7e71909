import { LoaderCircle } from "lucide-react";
import { classes } from "./classes";
import styles from "./Turning.module.css";

const css = classes(styles);

/** Something is being done, and it is not known for how long. For the eyes alone: words say what. */
export function Turning({ size }: { readonly size: number }) {
  return <LoaderCircle size={size} aria-hidden="true" className={css("turning")} />;
}
