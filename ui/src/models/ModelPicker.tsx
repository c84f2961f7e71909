import { ChevronDown } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { flushSync } from "react-dom";
import under from "../composer/Under.module.css";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import { later } from "../later";
import { useApp } from "../state/context";
import styles from "./Models.module.css";
import { MODEL_BUTTON } from "./place";
import { useTarget } from "./target";

const ModelSheet = later(() => import("./ModelSheet"));

const css = classes(under, styles);

/** Which model answers, in the composer's box; the list of the others behind it. Absent where nothing can be chosen. */
export function ModelPicker() {
  const target = useTarget();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const route = target?.connection.route;
  const member = useApp((app) =>
    route ? app.connections.find(({ id }) => id === target?.current?.connection)?.name : undefined,
  );
  if (target === null) return null;
  const name = `Model: ${target.label}${member === undefined ? "" : `, ${member}`}`;
  return (
    <div className={css("place")}>
      <AriaButton
        ref={button}
        id={MODEL_BUTTON}
        className={css("button", "picker", target.gone && "gone")}
        data-testid="model-button"
        data-model={target.current?.id}
        aria-label={target.gone ? `${name}, no longer offered` : name}
        data-hint={name}
        data-keys={shortcutLabel("L")}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        <bdi className={css("label")}>{target.label}</bdi>
        <ChevronDown size={14} aria-hidden="true" />
      </AriaButton>
      <Suspense fallback={null}>
        {open && (
          <ModelSheet
            target={target}
            button={button}
            // The list does not let the focus out: it must be gone before anything else can have it.
            onClose={() => flushSync(() => setOpen(false))}
          />
        )}
      </Suspense>
    </div>
  );
}
