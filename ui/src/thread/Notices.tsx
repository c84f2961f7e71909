import { Info, TriangleAlert, X } from "lucide-react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { useClient } from "../state/context";
import type { ShownNotice } from "../state/thread";
import styles from "./Notices.module.css";

const css = classes(styles);

/** What the server says beside the thread, until it is read. */
export function Notices({ notices }: { readonly notices: readonly ShownNotice[] }) {
  const client = useClient();
  if (notices.length === 0) return null;
  return (
    <div className={css("notices")}>
      {notices.map(({ number, notice }) => (
        <div
          key={number}
          className={css("notice", notice.level === "info" ? null : notice.level)}
          role={notice.level === "danger" ? "alert" : "status"}
        >
          {notice.level === "info" ? (
            <Info size={16} aria-hidden="true" />
          ) : (
            <TriangleAlert size={16} aria-hidden="true" />
          )}
          <div className={css("words")}>
            {notice.title !== null && <strong>{notice.title}</strong>}
            <p>{notice.message}</p>
          </div>
          <IconButton small label="Dismiss" onPress={() => client.thread.dismissNotice(number)}>
            <X size={15} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
