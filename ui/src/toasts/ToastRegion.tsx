import { X } from "lucide-react";
import {
  UNSTABLE_ToastRegion as AriaRegion,
  UNSTABLE_Toast as AriaToast,
  Text,
  UNSTABLE_ToastContent as ToastContent,
} from "react-aria-components";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import { useClient } from "../state/context";
import styles from "./ToastRegion.module.css";

const css = classes(styles);

/** What is said for a moment at the lower edge. */
export default function ToastRegion() {
  const { toasts } = useClient();
  return (
    <AriaRegion queue={toasts.queue} className={css("region")} aria-label="Messages">
      {({ toast }) => (
        <AriaToast toast={toast} className={css("toast")}>
          <ToastContent className={css("content")}>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          {toast.content.undo !== undefined && (
            <Button weight="quiet" data-testid="undo" onPress={() => toasts.undo()}>
              Undo
              <kbd className={css("keys")} aria-hidden="true">
                {shortcutLabel("Z")}
              </kbd>
            </Button>
          )}
          <IconButton small label="Dismiss" slot="close">
            <X size={15} />
          </IconButton>
        </AriaToast>
      )}
    </AriaRegion>
  );
}
