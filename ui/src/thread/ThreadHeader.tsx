import { PanelLeft, SquarePen } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import { RenameField } from "../design/RenameField";
import type { ThreadId } from "../gen/ThreadId";
import { useApp, useClient, useConnection, useView } from "../state/context";
import { ConnectionBadge } from "./ConnectionBadge";
import { ConnectionPicker } from "./ConnectionPicker";
import { OptionsButton } from "./OptionsButton";
import { TITLE } from "./place";
import styles from "./ThreadHeader.module.css";
import { titleOf } from "./title";

const css = classes(styles);

/** Above the conversation: what it is called, with whom it is, and whether they can be reached. */
export function ThreadHeader() {
  const client = useClient();
  const sidebar = useView((view) => view.sidebar && !view.narrow);
  const open = useView((view) => view.open);
  const connection = useConnection();
  return (
    <header className={css("header")}>
      {!sidebar && (
        <>
          <IconButton label="Show sidebar" hint={shortcutLabel("B")} onPress={() => client.toggleSidebar()}>
            <PanelLeft size={18} />
          </IconButton>
          <IconButton label="New conversation" hint={shortcutLabel("N")} onPress={() => client.open(null)}>
            <SquarePen size={17} />
          </IconButton>
        </>
      )}
      {open === null ? <ConnectionPicker /> : <Title key={open} thread={open} />}
      <span className={css("gap")} />
      {open !== null && <OptionsButton thread={open} />}
      {connection !== null && <ConnectionBadge connection={connection} named={open !== null} />}
    </header>
  );
}

function Title({ thread }: { readonly thread: ThreadId }) {
  const client = useClient();
  const view = useApp((app) => app.threads.get(thread));
  const [renaming, setRenaming] = useState(false);
  if (view === undefined) return null;
  if (renaming) {
    return (
      <div className={css("field")} data-testid="header-title">
        <RenameField
          title={view.title ?? ""}
          label="Title of the conversation"
          onDone={(title) => {
            setRenaming(false);
            if (title !== null) client.rename(thread, title);
          }}
        />
      </div>
    );
  }
  return (
    <h1 className={css("heading")}>
      <button
        type="button"
        id={TITLE}
        data-testid="header-title"
        className={css("title")}
        title="Rename"
        onClick={() => setRenaming(true)}
      >
        {titleOf(view)}
      </button>
    </h1>
  );
}
