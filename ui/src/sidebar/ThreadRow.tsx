import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, memo, useRef } from "react";
import { classes } from "../design/classes";
import { RenameField } from "../design/RenameField";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadView } from "../gen/ThreadView";
import { type Rights, useRights } from "../profile/profileOf";
import { useClient } from "../state/context";
import { titleOf } from "../thread/title";
import type { MenuPlace } from "./ThreadMenu";
import styles from "./ThreadRow.module.css";

const css = classes(styles);

interface Props {
  readonly thread: ThreadView;
  readonly current: boolean;
  /** Whether Tab comes to this row; the arrows go to the others. */
  readonly tabStop: boolean;
  readonly renaming: boolean;
  readonly menuOpen: boolean;
  readonly onFocus: (thread: ThreadId) => void;
  readonly onRename: (thread: ThreadId | null) => void;
  readonly onMenu: (place: MenuPlace) => void;
}

/** A conversation in the sidebar. */
export const ThreadRow = memo(function ThreadRow(props: Props) {
  const { thread, current, renaming, onRename } = props;
  const client = useClient();
  const row = useRef<HTMLButtonElement>(null);
  const rights = useRights(thread.connection);

  if (renaming && rights.rename) {
    return (
      <li className={css("row", "renaming")} data-testid="thread-row" data-thread={thread.id}>
        <RenameField
          title={thread.title ?? ""}
          label="Title of the conversation"
          onDone={(title) => {
            onRename(null);
            if (title !== null) client.rename(thread.id, title);
            // The row comes back in the next drawing; then it can take the focus again.
            setTimeout(() => row.current?.focus());
          }}
        />
      </li>
    );
  }
  return (
    <li
      className={css("row", current && "current", props.menuOpen && "open")}
      data-testid="thread-row"
      data-thread={thread.id}
      data-activity={thread.activity}
      onFocus={() => props.onFocus(thread.id)}
    >
      <button
        ref={row}
        type="button"
        data-row=""
        className={css("title")}
        tabIndex={props.tabStop ? 0 : -1}
        aria-current={current ? "page" : undefined}
        title={titleOf(thread)}
        onClick={() => client.open(thread.id)}
        onDoubleClick={() => rights.rename && onRename(thread.id)}
        onKeyDown={(event) => onKey(event, props, rights, () => void client.delete(thread.id))}
        onContextMenu={(event) => {
          event.preventDefault();
          if (!rights.rename && !rights.remove) return;
          const keyboard = event.clientX === 0 && event.clientY === 0;
          const box = event.currentTarget.getBoundingClientRect();
          const x = keyboard ? box.left + 24 : event.clientX;
          const y = keyboard ? box.bottom : event.clientY;
          props.onMenu({ thread: thread.id, x, y });
        }}
      >
        <span className={css("text", thread.activity === "unread" && "unread")}>{titleOf(thread)}</span>
        <Activity thread={thread} />
      </button>
      {(rights.rename || rights.remove) && (
        <button
          type="button"
          className={css("more")}
          aria-label={`Actions for ${titleOf(thread)}`}
          tabIndex={props.tabStop ? 0 : -1}
          aria-haspopup="menu"
          aria-expanded={props.menuOpen}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            props.onMenu({ thread: thread.id, x: box.left, y: box.bottom + 4 });
          }}
        >
          <Ellipsis size={16} />
        </button>
      )}
    </li>
  );
});

const ACTIVITIES: Readonly<Record<ThreadView["activity"], string>> = {
  idle: "",
  running: "(answering)",
  held: "(waiting to be sent)",
  unread: "(new answer)",
};

function Activity({ thread }: { readonly thread: ThreadView }) {
  const { activity } = thread;
  if (activity === "idle") return null;
  return (
    <span className={css("dot", activity !== "unread" && activity)}>
      <span className="visually-hidden">{ACTIVITIES[activity]}</span>
    </span>
  );
}

function onKey(event: KeyboardEvent, { thread, onRename }: Props, rights: Rights, remove: () => void) {
  if (event.key === "F2" && rights.rename) onRename(thread.id);
  else if (event.key === "Delete" && rights.remove) {
    focusNeighbour(event.currentTarget);
    remove();
  } else return;
  event.preventDefault();
}

/** The focus goes to the row after, or before, one that is about to go; else it would be lost. */
function focusNeighbour(row: Element) {
  const rows = [...(row.closest("nav")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const place = rows.indexOf(row as HTMLElement);
  (rows[place + 1] ?? rows[place - 1])?.focus();
}
