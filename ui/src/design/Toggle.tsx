import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Toggle.module.css";

const css = classes(styles);

/** The line of a disclosure that opens and closes it. `label` is what it is called where its words are not enough. */
export function Toggle({ label, children }: { readonly label?: string; readonly children: ReactNode }) {
  return (
    <Button
      slot="trigger"
      className={css("toggle")}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      <ChevronRight size={13} aria-hidden="true" />
      {children}
    </Button>
  );
}
