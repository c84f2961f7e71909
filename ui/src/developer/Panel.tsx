import { FileDown, Trash2, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { IS_MAC } from "../design/platform";
import type { WireHit } from "../gen/WireHit";
import { useClient, useView } from "../state/context";
import { useStore } from "../state/store";
import { Detail } from "./Detail";
import styles from "./Developer.module.css";
import type { Developer, Scope } from "./developer";
import { List } from "./List";
import { nameOf, rowsOf } from "./record";

const css = classes(styles);

/** How long it is waited for the next letter of a search, in milliseconds. */
const TYPING_MS = 200;

/** The developer view. */
export default function Panel({ developer }: { readonly developer: Developer }) {
  const client = useClient();
  const { scope, record } = useStore(developer.state, (state) => state);
  const open = useView((view) => view.open);
  const thread = scope === "everything" ? null : open;
  useEffect(() => developer.follow(thread), [developer, thread]);

  const [marked, setMarked] = useState(false);
  const [text, setText] = useState("");
  const hits = useHits(thread, text, record.revision);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => rowsOf(record, { toggled, marked, hits }), [record, toggled, marked, hits]);
  const [active, setActive] = useState<string | null>(null);
  const chosen = rows.find((row) => nameOf(row) === active) ?? null;

  async function save(exchange: number | null) {
    try {
      const where = await client.host.saveWire(thread, exchange);
      if (where !== null) client.toasts.say({ text: `Saved as ${where}` });
    } catch (thrown) {
      client.report(thrown);
    }
  }

  function toggle(id: number) {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  }

  return (
    <aside className={css("panel")} aria-label="Developer view" data-testid="developer">
      <header className={css("head")}>
        <h2 className={css("title")}>On the wire</h2>
        <ScopeField scope={scope} onChange={(next) => developer.setScope(next)} />
        <span className={css("gap")} />
        <IconButton small label="Save all as a trace" onPress={() => void save(null)}>
          <FileDown size={15} />
        </IconButton>
        <IconButton small label="Clear" onPress={() => developer.clear()}>
          <Trash2 size={15} />
        </IconButton>
        <IconButton
          small
          label="Close the developer view"
          hint={IS_MAC ? "⇧⌘D" : "Ctrl Shift D"}
          onPress={() => developer.close()}
        >
          <X size={16} />
        </IconButton>
      </header>
      <div className={css("tools")}>
        <input
          type="search"
          className={css("search")}
          placeholder="Search in what was sent and received"
          aria-label="Search in what was sent and received"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <label className={css("only")}>
          <input type="checkbox" checked={marked} onChange={(event) => setMarked(event.target.checked)} />
          Only what is not understood
        </label>
      </div>
      {record.dropped > 0 && (
        <p className={css("note")}>
          {record.dropped} older requests were let go to keep this small. “Save all as a trace” saves what is
          listed.
        </p>
      )}
      <div className={css("parts")}>
        {rows.length === 0 ? (
          <Empty isSearch={marked || text !== ""} />
        ) : (
          <List rows={rows} active={active} onActive={setActive} onToggle={toggle} />
        )}
        {chosen !== null && <Detail key={nameOf(chosen)} row={chosen} onSave={(id) => void save(id)} />}
      </div>
    </aside>
  );
}

function ScopeField({
  scope,
  onChange,
}: {
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}) {
  return (
    <select
      className={css("scope")}
      aria-label="Whose requests"
      value={scope}
      onChange={(event) => onChange(event.target.value as Scope)}
    >
      <option value="conversation">This conversation</option>
      <option value="everything">Everything</option>
    </select>
  );
}

function Empty({ isSearch }: { readonly isSearch: boolean }) {
  return (
    <p className={css("empty")}>
      {isSearch
        ? "Nothing here is like that."
        : "Nothing yet. Requests are recorded while this view is open, in memory only and without secrets: send a message, and watch it leave."}
    </p>
  );
}

/** Where a text is found; asked anew when something has come, and `null` while nothing is searched. */
function useHits(thread: string | null, text: string, revision: number): readonly WireHit[] | null {
  const { host } = useClient();
  const [found, setFound] = useState<readonly WireHit[]>([]);
  const wanted = text.trim();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has come since may hold the text as well
  useEffect(() => {
    if (wanted === "") return;
    let current = true;
    const timer = setTimeout(() => {
      host.wireFind(thread, wanted).then(
        (hits) => current && setFound(hits),
        () => current && setFound([]),
      );
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [host, thread, wanted, revision]);
  return wanted === "" ? null : found;
}
