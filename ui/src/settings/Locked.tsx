import { Lock } from "lucide-react";
import { Text } from "react-aria-components";
import { classes } from "../design/classes";
import { useApp } from "../state/context";
import { isLocked } from "../state/managed";
import styles from "./Locked.module.css";

const css = classes(styles);

/** What stands beside everything that the administrator has fixed. */
export const LOCKED = "Set by your administrator";

/** Whether the administrator has fixed a key; its parts are given one by one. */
export function useLocked(...path: readonly string[]): boolean {
  return useApp((app) => isLocked(app.managed, ...path));
}

/** Says so beside buttons, which name it with `aria-describedby`. */
export function LockedNote({ id }: { readonly id?: string }) {
  return (
    <p id={id} className={css("note")}>
      <Lock size={13} aria-hidden="true" />
      {LOCKED}
    </p>
  );
}

/**
 * Says so in a group of choices or a field, whose description it is then. Such a control is read-only and not disabled, so
 * that the keyboard reaches it and a screen reader reads both what it says and why it cannot be changed.
 */
export function LockedDescription() {
  return (
    <Text slot="description" className={css("note", "below")}>
      <LockedWords />
    </Text>
  );
}

/** The same words where the description says something else as well. */
export function LockedWords() {
  return (
    <span className={css("note")}>
      <Lock size={13} aria-hidden="true" />
      {LOCKED}
    </span>
  );
}
