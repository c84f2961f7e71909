import type { ComponentProps, ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";

const css = classes(styles);

/** How much a button asks for attention. */
type Weight = "primary" | "secondary" | "quiet" | "danger";

type Shared = Omit<ButtonProps, "className" | "children"> & { readonly ref?: Ref<HTMLButtonElement> };

/** A button with words. */
export function Button({
  weight = "secondary",
  children,
  ...props
}: Shared & { readonly weight?: Weight; readonly children: ReactNode }) {
  return (
    <AriaButton {...props} className={css("button", weight)}>
      {children}
    </AriaButton>
  );
}

/** A button that is an icon; its label is read aloud, and shown by `Hints`. */
export function IconButton({
  label,
  hint,
  small = false,
  children,
  ...props
}: Shared & {
  readonly label: string;
  /** Its shortcut, beside the label. */
  readonly hint?: string;
  readonly small?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <AriaButton
      {...props}
      aria-label={label}
      data-hint={label}
      {...(hint === undefined ? {} : { "data-keys": hint })}
      className={css("icon", small && "small")}
    >
      {children}
    </AriaButton>
  );
}

/**
 * A small icon button for what is on the page many times over: an element and no more, since a long conversation that
 * is scrolled makes a few with every frame. Its label is read aloud, and shown by `Hints`.
 */
export function LightButton({
  label,
  onPress,
  children,
  ...props
}: Omit<ComponentProps<"button">, "className" | "onClick" | "title" | "type"> & {
  readonly label: string;
  readonly onPress: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      {...props}
      type="button"
      className={css("icon", "small", "light")}
      aria-label={label}
      data-hint={label}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
