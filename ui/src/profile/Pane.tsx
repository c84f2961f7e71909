import type { ReactNode } from "react";
import { classes } from "../design/classes";
import { useWorn } from "../design/wear";
import styles from "./Pane.module.css";
import { useProfile } from "./profileOf";

const css = classes(styles);

/** Where a conversation is shown, or can be begun. It looks as the profile of its connection says. */
export function Pane({ children }: { readonly children: ReactNode }) {
  const worn = useWorn(useProfile()?.theme ?? null);
  return (
    <main className={css("pane")} data-pane="" {...worn}>
      {children}
    </main>
  );
}

/** What Kittiwake itself says in the pane: it looks as Kittiwake does, whatever a profile says. */
export function Own({ children }: { readonly children: ReactNode }) {
  return <div data-own="">{children}</div>;
}
