import { RefreshCw, Search } from "lucide-react";
import { type RefObject, useMemo, useRef, useState } from "react";
import { Virtualizer } from "virtua";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import settings from "../settings/Settings.module.css";
import { useApp, useClient, useConnection } from "../state/context";
import { indexOf, type Known } from "../state/models";
import { ConnectionChoice } from "./ConnectionChoice";
import { ModelRow } from "./ModelRow";
import styles from "./ModelsSection.module.css";

const css = classes(styles);
const base = classes(settings);

/** How high a row mostly is, in CSS pixels. */
const ROW = 54;

/** The models of each connection: what they are called, which are offered, and with which one conversations begin. */
export function ModelsSection() {
  const connections = useWithModels();
  const current = useConnection();
  const [wanted, setWanted] = useState<ConnectionId | null>(null);
  const find = (id: ConnectionId | null | undefined) => connections.find((known) => known.id === id);
  const shown = find(wanted) ?? find(current?.id) ?? connections[0];
  return (
    <div className={css("section")}>
      <h3 className={base("section")}>Models</h3>
      <p className={base("lead")}>
        What you can choose from below the message field. The lists are kept here, and are there without a
        network.
      </p>
      {shown === undefined ? (
        <p className={css("none")}>Add a server under Connections first. Its models will stand here.</p>
      ) : (
        <>
          <ConnectionChoice connections={connections} chosen={shown} onChoose={setWanted} />
          <Published key={`list ${shown.id}`} connection={shown} />
          <Models key={shown.id} connection={shown} />
        </>
      )}
    </div>
  );
}

/** The connections that have models: all but the Guide, and routes only if there is one of their own. */
function useWithModels(): readonly ConnectionView[] {
  const all = useApp((app) => app.connections);
  const models = useApp((app) => app.catalogue.models);
  return useMemo(() => {
    const index = indexOf(models);
    return all.filter(({ id, builtin, route }) => !builtin && (!route || index.has(id)));
  }, [all, models]);
}

/** When the server's own list was last read, and the button that reads it again. */
function Published({ connection }: { readonly connection: ConnectionView }) {
  const client = useClient();
  const list = useApp((app) => app.catalogue.published.find((known) => known.connection === connection.id));
  const [state, setState] = useState<"idle" | "reading" | Failure>("idle");
  const reading = state === "reading";
  function refresh() {
    if (reading) return;
    setState("reading");
    client.host.refreshModels(connection.id).then(
      () => setState("idle"),
      (thrown: unknown) => setState(asFailure(thrown)),
    );
  }
  return (
    <div className={css("published")}>
      <p role="status">
        {reading
          ? "Reading the server's list…"
          : list === undefined
            ? "The server's list has not been read."
            : `The server's list was read on ${when(list.read_at)}.`}
      </p>
      <Button onPress={refresh}>
        <RefreshCw size={14} aria-hidden="true" />
        Refresh
      </Button>
      {typeof state === "object" && (
        <p className={css("wrong")} role="alert">
          {state.message}
        </p>
      )}
    </div>
  );
}

/** `time` in milliseconds since 1970 UTC. */
function when(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

const NONE: readonly Known[] = [];

function Models({ connection }: { readonly connection: ConnectionView }) {
  const models = useApp((app) => app.catalogue.models);
  const known = indexOf(models).get(connection.id) ?? NONE;
  const [query, setQuery] = useState("");
  const scroller = useRef<HTMLElement>(null);
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return known.filter((one) => words.every((word) => one.words.includes(word)));
  }, [known, query]);
  return (
    <>
      <div className={css("tools")}>
        <div className={css("field")}>
          <Search size={15} aria-hidden="true" />
          <input
            className={css("input")}
            aria-label={`Find a model of ${connection.name}`}
            placeholder={known.length === 1 ? "1 model" : `Find among ${known.length} models`}
            spellCheck={false}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
        <AddModel connection={connection} known={known} onAdded={setQuery} />
      </div>
      {found.length === 0 ? (
        <p className={css("none")}>
          {known.length === 0
            ? "No model is known. Refresh the list, or add one by the name that the server has for it."
            : "Nothing was found."}
        </p>
      ) : (
        <Rows scroller={scroller} connection={connection} found={found} />
      )}
    </>
  );
}

function Rows({
  scroller,
  connection,
  found,
}: {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly connection: ConnectionView;
  readonly found: readonly Known[];
}) {
  return (
    <section ref={scroller} className={css("list")} aria-label={`Models of ${connection.name}`}>
      <Virtualizer data={found} scrollRef={scroller} itemSize={ROW} as="ul" item="li">
        {({ view }: Known) => <ModelRow key={view.id} view={view} />}
      </Virtualizer>
    </section>
  );
}

/** Writes down a model that the server has and does not publish. */
function AddModel({
  connection,
  known,
  onAdded,
}: {
  readonly connection: ConnectionView;
  readonly known: readonly Known[];
  readonly onAdded: (id: string) => void;
}) {
  const client = useClient();
  const [id, setId] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  function add() {
    const wanted = id.trim();
    if (wanted === "") return;
    if (known.some(({ view }) => view.id === wanted)) {
      setFailure("This model is in the list already.");
      return;
    }
    const model = { connection: connection.id, id: wanted };
    client.host.putModel({ model, label: "", hidden: false, default: false }).then(
      () => {
        setId("");
        onAdded(wanted);
      },
      (thrown: unknown) => setFailure(asFailure(thrown).message),
    );
  }
  return (
    <form
      className={css("add")}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className={css("field")}>
        <input
          className={css("input")}
          aria-label="Name of a model to add"
          placeholder="Name of a model"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={id}
          onChange={(event) => {
            setId(event.currentTarget.value);
            setFailure(null);
          }}
        />
      </div>
      <Button type="submit" isDisabled={id.trim() === ""}>
        Add
      </Button>
      {failure !== null && (
        <p className={css("wrong")} role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
