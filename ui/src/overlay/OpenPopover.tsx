import type { ReactNode, RefObject } from "react";
import { Popover, type PopoverProps } from "react-aria-components";
import { classes } from "../design/classes";
import styles from "./Overlay.module.css";

const css = classes(styles);

/** What lies beside the button that opened it for as long as it is there: closing it is to take it away. */
export function OpenPopover({
  anchor,
  placement,
  offset,
  label,
  onClose,
  children,
}: {
  /** What it lies beside. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly placement: NonNullable<PopoverProps["placement"]>;
  /** How far away, in CSS pixels. */
  readonly offset: number;
  /** Its name, where nothing in it gives it one. */
  readonly label?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Popover
      className={css("popover")}
      {...(label === undefined ? {} : { "aria-label": label })}
      triggerRef={anchor}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      placement={placement}
      offset={offset}
    >
      {children}
    </Popover>
  );
}
