import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { classes } from "../design/classes";
import overlay from "../overlay/Overlay.module.css";
import { useClient } from "../state/context";
import styles from "./Drawer.module.css";
import { Sidebar } from "./Sidebar";

const css = classes(styles);
const over = classes(overlay);

/** The sidebar over a conversation that leaves no room beside it: it goes when a conversation is chosen, and on Esc. */
export default function Drawer() {
  const client = useClient();
  return (
    <ModalOverlay
      className={over("scrim")}
      isDismissable
      isOpen
      onOpenChange={(next) => {
        if (!next) client.closeDrawer();
      }}
    >
      <Modal className={css("drawer")}>
        <Dialog className={css("dialog")} aria-label="Conversations" data-testid="drawer">
          <Sidebar />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
