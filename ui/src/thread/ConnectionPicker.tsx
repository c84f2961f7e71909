import { ChevronDown } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { classes } from "../design/classes";
import { later } from "../later";
import { useConnection } from "../state/context";
import styles from "./Connection.module.css";

const ConnectionMenu = later(() => import("./ConnectionMenu"));

const css = classes(styles);

/** With whom the next conversation begins. */
export function ConnectionPicker() {
  const current = useConnection();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <AriaButton
        ref={button}
        className={css("picker")}
        data-testid="connection-picker"
        aria-haspopup="menu"
        aria-expanded={open}
        onPress={() => setOpen(true)}
        onKeyDown={({ key }) => {
          if (key === "ArrowDown" || key === "ArrowUp") setOpen(true);
        }}
      >
        <span className="visually-hidden">Talk to </span>
        <span className={css("name")}>{current?.name ?? "No connection"}</span>
        <ChevronDown size={15} aria-hidden="true" />
      </AriaButton>
      <Suspense fallback={null}>
        {open && <ConnectionMenu button={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
