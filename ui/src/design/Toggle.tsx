import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Toggle.module.css";

const css = classes(styles);

/** The line of a disclosure that opens and closes it. `label` is what it is called where its words are not enough. */
export function Toggle({
  label,
  look = "words",
  children,
}: {
  readonly label?: string;
  /** Among other words it is one of them; by itself it looks like what it is, as large as the text around it. */
  readonly look?: "words" | "button";
  readonly children: ReactNode;
}) {
  return (
    <Button
      slot="trigger"
      className={css("toggle", look === "button" && "button")}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      <ChevronRight size={13} aria-hidden="true" />
      {children}
    </Button>
  );
}
