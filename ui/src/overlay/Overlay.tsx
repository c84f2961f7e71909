import type { ReactNode } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { classes } from "../design/classes";
import { useClient } from "../state/context";
import styles from "./Overlay.module.css";

const css = classes(styles);

interface OverlayProps {
  /** The size and place of what lies over the window. */
  readonly className: string | undefined;
  readonly testId: string;
  /** Its name, where no heading in it says so. */
  readonly label?: string;
  readonly isOpen?: boolean;
  /** Whether a click beside it closes it, too. */
  readonly isDismissable?: boolean;
  readonly children: ReactNode;
}

/** What lies over the window until it is answered, or closed with Escape or a click beside it. */
export function Overlay({
  className,
  testId,
  label,
  isOpen = true,
  isDismissable = true,
  children,
}: OverlayProps) {
  const client = useClient();
  return (
    <ModalOverlay
      className={css("scrim")}
      isDismissable={isDismissable}
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (!next) client.closeOverlay();
      }}
    >
      <Modal className={className ?? ""}>
        <Dialog
          className={css("dialog")}
          data-testid={testId}
          {...(label === undefined ? {} : { "aria-label": label })}
        >
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
