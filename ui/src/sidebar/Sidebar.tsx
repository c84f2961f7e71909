import { PanelLeft, Search, Settings, SquarePen } from "lucide-react";
import { type KeyboardEvent, Suspense, useDeferredValue, useEffect, useMemo, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { shortcutLabel } from "../design/platform";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadView } from "../gen/ThreadView";
import { later } from "../later";
import { useApp, useClient, useView } from "../state/context";
import { groupByDay } from "./grouping";
import styles from "./Sidebar.module.css";
import type { MenuPlace } from "./ThreadMenu";
import { ThreadRow } from "./ThreadRow";

const ThreadMenu = later(() => import("./ThreadMenu"));

const css = classes(styles);

/** The conversations, and the ways to a new one, to an old one and to the settings. */
export function Sidebar() {
  const client = useClient();
  return (
    <aside className={css("sidebar")} aria-label="Sidebar">
      <div className={css("bar")}>
        <IconButton label="Hide sidebar" hint={shortcutLabel("B")} onPress={() => client.toggleSidebar()}>
          <PanelLeft size={18} />
        </IconButton>
        <span className={css("gap")} />
        <IconButton
          label="Find a conversation"
          hint={shortcutLabel("K")}
          onPress={() => client.overlay({ kind: "find" })}
        >
          <Search size={18} />
        </IconButton>
      </div>
      <div className={css("top")}>
        <NewConversation />
      </div>
      <Conversations />
      <div className={css("foot")}>
        <AriaButton
          className={css("wide")}
          onPress={() => client.overlay({ kind: "settings", section: "appearance" })}
        >
          <Settings size={17} />
          Settings
        </AriaButton>
      </div>
    </aside>
  );
}

function NewConversation() {
  const client = useClient();
  const current = useView((view) => view.open === null);
  return (
    <AriaButton
      data-testid="new-thread"
      className={css("wide", current && "current")}
      onPress={() => client.open(null)}
    >
      <SquarePen size={17} />
      New conversation
      <kbd aria-hidden="true">{shortcutLabel("N")}</kbd>
    </AriaButton>
  );
}

const NONE: readonly ThreadView[] = [];

function Conversations() {
  const client = useClient();
  const latest = useApp((app) => app.latest);
  // At the start the window is there, and takes words, before its list is.
  const threads = useDeferredValue(latest, client.isDrawn ? latest : NONE);
  const loaded = useApp((app) => app.loaded);
  const open = useView((view) => view.open);
  const [renaming, setRenaming] = useState<ThreadId | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [focused, setFocused] = useState<ThreadId | null>(null);
  const today = useToday();
  const groups = useMemo(() => groupByDay(threads, today), [threads, today]);
  const present = (id: ThreadId | null) => threads.some((thread) => thread.id === id);
  const tabStop = [focused, open].find(present) ?? threads[0]?.id;

  if (loaded && latest.length === 0) {
    return (
      <nav className={css("empty")} aria-label="Conversations">
        <p>Your conversations will be here.</p>
      </nav>
    );
  }
  return (
    // The arrows go between the rows, which are buttons; Tab alone would be a long way.
    <nav className={css("list")} aria-label="Conversations" onKeyDown={moveFocus}>
      {groups.map((group) => (
        <section key={group.label} aria-label={group.label}>
          <h2 className={css("label")}>{group.label}</h2>
          <ul>
            {group.threads.map((thread) => (
              <ThreadRow
                key={thread.id}
                thread={thread}
                current={thread.id === open}
                tabStop={thread.id === tabStop}
                renaming={thread.id === renaming}
                menuOpen={thread.id === menu?.thread}
                onFocus={setFocused}
                onRename={setRenaming}
                onMenu={setMenu}
              />
            ))}
          </ul>
        </section>
      ))}
      <Suspense fallback={null}>
        {menu !== null && (
          <ThreadMenu
            place={menu}
            onClose={() => setMenu(null)}
            onRename={(thread) => setRenaming(thread)}
            onDelete={(thread) => void client.delete(thread)}
          />
        )}
      </Suspense>
    </nav>
  );
}

/** Up, down, Home and End go from row to row. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const place = rows.indexOf(event.target as HTMLElement);
  if (place < 0) return;
  const target = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = target === undefined ? undefined : rows[target];
  if (row === undefined) return;
  event.preventDefault();
  row.focus();
}

/** The day, which changes at midnight while the window stays open. */
function useToday(): Date {
  const [today, setToday] = useState(() => new Date());
  useEffect(() => {
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
    const timer = setTimeout(() => setToday(new Date()), midnight.getTime() - today.getTime() + 1000);
    return () => clearTimeout(timer);
  }, [today]);
  return today;
}
