import { ChevronRight, CircleDashed } from "lucide-react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../../design/classes";
import styles from "./items.module.css";

const css = classes(styles);

/** What can be read of things that are not drawn is called, by the names that servers have for them. */
const READABLE: Readonly<Record<string, string | undefined>> = {
  reasoning: "What the model thought",
  function_call: "The model asked for a tool, which is not run",
};

/** Something that this version does not draw: one neutral line, because it is kept and nothing is wrong. */
export function UnknownItem({ name, text }: { readonly name: string; readonly text: string | null }) {
  const label = READABLE[name];
  if (label !== undefined && text !== null) return <Readable label={label} text={text} />;
  return (
    <p className={css("unknown")}>
      <CircleDashed size={14} aria-hidden="true" />
      <span>
        This version of Kittiwake does not show “<bdi>{name}</bdi>”.
      </span>
    </p>
  );
}

/** Its words stand behind the line: they are no part of the answer. */
function Readable({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <Disclosure className={css("readable")}>
      <Button slot="trigger" className={css("unknown")}>
        <ChevronRight size={14} aria-hidden="true" />
        {label}
      </Button>
      <DisclosurePanel>
        <p className={css("words")} dir="auto">
          {text}
        </p>
      </DisclosurePanel>
    </Disclosure>
  );
}
