import { Paperclip } from "lucide-react";
import { classes } from "../../design/classes";
import { useClient, useConnection } from "../../state/context";
import { useStore } from "../../state/store";
import styles from "./Attachments.module.css";

const css = classes(styles);

/** Says, while files are held over the window, what letting them go would do. */
export function DropOverlay() {
  const client = useClient();
  const count = useStore(client.files.over, (over) => over);
  const connection = useConnection();
  if (count === 0 || connection === null) return null;
  const files = count === 1 ? "the file" : `the ${count} files`;
  const words = connection.files
    ? `Drop ${files} to add ${count === 1 ? "it" : "them"} to the message`
    : `${connection.name} takes no files`;
  return (
    <div className={css("over")} data-testid="drop-overlay" role="status">
      <span className={css("words")}>
        <Paperclip size={18} aria-hidden="true" />
        {words}
      </span>
    </div>
  );
}
