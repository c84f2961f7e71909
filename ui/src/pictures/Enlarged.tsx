import { X } from "lucide-react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import styles from "./Picture.module.css";
import type { PictureState } from "./store";

const css = classes(styles);

/** A picture over the window, as large as it is or as there is room. A click beside it, or Escape, closes it. */
export function Enlarged({
  state,
  name,
  onClose,
}: {
  readonly state: Extract<PictureState, { type: "shown" }>;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const change = (isOpen: boolean) => {
    if (!isOpen) onClose();
  };
  return (
    <ModalOverlay className={css("scrim")} isDismissable isOpen onOpenChange={change}>
      <Modal className={css("modal")}>
        <Dialog className={css("dialog")} aria-label={name} data-testid="enlarged">
          <img
            className={css("large")}
            src={state.src}
            alt={name}
            width={state.width}
            height={state.height}
            draggable={false}
          />
          <div className={css("close")}>
            <IconButton label="Close" autoFocus onPress={onClose}>
              <X size={18} aria-hidden="true" />
            </IconButton>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
