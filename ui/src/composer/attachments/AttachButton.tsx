import { Paperclip } from "lucide-react";
import { IconButton } from "../../design/Button";
import { classes } from "../../design/classes";
import { useClient, useConnection } from "../../state/context";
import styles from "./Attachments.module.css";
import { limits } from "./words";

const css = classes(styles);

/** Adds files to the message; not there for a connection that takes none. It says what is taken before one is chosen. */
export function AttachButton({ disabled }: { readonly disabled: boolean }) {
  const client = useClient();
  const taken = useConnection()?.files ?? null;
  if (taken === null) return null;
  return (
    <div className={css("add")}>
      <IconButton
        data-testid="attach"
        label={limits(taken)}
        isDisabled={disabled}
        onPress={client.files.pick}
      >
        <Paperclip size={17} />
      </IconButton>
    </div>
  );
}
