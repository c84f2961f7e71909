import { classes } from "../../design/classes";
import type { ButtonLook } from "../../gen/widget/ButtonLook";
import type { Size } from "../../gen/widget/Size";
// biome-ignore lint/suspicious/noImportCycles: a button shows an icon, which is a component like the button
import { Component } from "../Component";
import { ActionButton, type Appearance, SubmitButton } from "./ActionButton";
import { useAction } from "./actions";
import styles from "./buttons.module.css";
import { readable } from "./naming";

const css = classes(styles);

/** A button: it asks for something, or submits its form. */
export function Button({ node }: { readonly node: ButtonLook }) {
  const { press, loading, blocked } = useAction(node.on_click, "button");
  const shared = {
    look: appearance(node),
    label: node.label === null ? wordsOf(node) : undefined,
    isBusy: loading,
    isDisabled: node.disabled || blocked,
    children: (
      <>
        <Icon name={node.icon_start} size={node.icon_size} />
        {node.label !== null && <span className={css("label")}>{node.label}</span>}
        <Icon name={node.icon_end} size={node.icon_size} />
      </>
    ),
  };
  if (node.submit) return <SubmitButton {...shared} own={() => press()} />;
  return <ActionButton {...shared} onPress={() => press()} />;
}

/** What it looks like: `style` says it where nothing more exact does. */
function appearance({ style, color, variant, size, pill, uniform, block }: ButtonLook): Appearance {
  const isPrimary = style === "primary";
  return {
    tone: color ?? (isPrimary ? "primary" : "secondary"),
    variant: variant ?? (isPrimary || (color !== null && style === null) ? "solid" : "outline"),
    size: size ?? "md",
    pill,
    uniform,
    block,
  };
}

/** Words for a button that has none: its icon's, or its action's. */
function wordsOf({ icon_start, icon_end, on_click, submit }: ButtonLook): string {
  return readable(icon_start ?? icon_end ?? on_click?.type ?? (submit ? "Submit" : "Button"));
}

function Icon({ name, size }: { readonly name: string | null; readonly size: Size | null }) {
  if (name === null) return null;
  return <Component node={{ type: "Icon", name, color: null, size: size ?? "sm" }} />;
}
