import { PanelLeft, SquarePen } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import { RenameField } from "../design/RenameField";
import type { ProfileView } from "../gen/ProfileView";
import type { ThreadId } from "../gen/ThreadId";
import { later } from "../later";
import { useApp, useClient, useConnection, useView } from "../state/context";
import { ConnectionBadge } from "./ConnectionBadge";
import { ConnectionPicker } from "./ConnectionPicker";
import { OptionsButton } from "./OptionsButton";
import { TITLE } from "./place";
import styles from "./ThreadHeader.module.css";
import { titleOf } from "./title";

const HeaderButton = later(() => import("../profile/HeaderButton"));

const css = classes(styles);

/** Above the conversation: what it is called, with whom it is, and whether they can be reached. */
export function ThreadHeader() {
  const client = useClient();
  const sidebar = useView((view) => view.sidebar && !view.narrow);
  const open = useView((view) => view.open);
  const connection = useConnection();
  const profile = connection?.profile ?? null;
  const from = connection?.name ?? "";
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
      <Suspense fallback={<span className={css("place")} />}>
        {profile?.left_action && <HeaderButton action={profile.left_action} from={from} />}
      </Suspense>
      {open === null ? <ConnectionPicker /> : <Title key={open} thread={open} profile={profile} />}
      <span className={css("gap")} />
      <Suspense fallback={<span className={css("place")} />}>
        {profile?.right_action && <HeaderButton action={profile.right_action} from={from} />}
      </Suspense>
      {open !== null && <OptionsButton thread={open} />}
      {connection !== null && <ConnectionBadge connection={connection} named={open !== null} />}
    </header>
  );
}

/** What the conversation is called, or what its connection's profile says in place of that. */
function Title({ thread, profile }: { readonly thread: ThreadId; readonly profile: ProfileView | null }) {
  const client = useClient();
  const view = useApp((app) => app.threads.get(thread));
  const [renaming, setRenaming] = useState(false);
  if (view === undefined) return null;
  const title = profile?.title ?? null;
  if (profile?.hides_title) return <h1 className="visually-hidden">{titleOf(view)}</h1>;
  if (title !== null || profile?.no_rename) {
    return (
      <h1 className={css("heading")}>
        <span className={css("title", "fixed")} data-testid="header-title" dir="auto">
          {title ?? titleOf(view)}
        </span>
      </h1>
    );
  }
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
