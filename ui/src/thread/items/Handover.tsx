import { ArrowRightLeft } from "lucide-react";
import { classes } from "../../design/classes";
import { handoverWords } from "../handover";
import styles from "./items.module.css";

const css = classes(styles);

/** One calm line: from here on another connection of the route answers. */
export function Handover({ to, why }: { readonly to: string; readonly why: string | null }) {
  return (
    <p className={css("handover")} data-testid="handover">
      <ArrowRightLeft size={14} aria-hidden="true" />
      <span dir="auto">{handoverWords(to, why)}</span>
    </p>
  );
}
