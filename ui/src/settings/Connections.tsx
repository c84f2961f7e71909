import { Plus } from "lucide-react";
import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure, type Host } from "../host/host";
import { settingsIn } from "../state/client";
import { useApp, useClient, useView } from "../state/context";
import { signsInOnPage, standing } from "../state/standing";
import { type Begun, ConnectionForm } from "./ConnectionForm";
import { ConnectionRow } from "./ConnectionRow";
import styles from "./Connections.module.css";
import { LockedNote, useLocked } from "./Locked";
import { Patience } from "./Patience";
import { type BegunRoute, RouteForm } from "./RouteForm";
import { begunWith, Routes } from "./Routes";
import { preset } from "./routePreset";
import settings from "./Settings.module.css";
import { Unreachable } from "./Unreachable";

const css = classes(styles);
const base = classes(settings);

/** What the section shows: the list, or the form for a new connection or one of them. */
type Page =
  | { readonly kind: "list"; readonly returned: boolean }
  | { readonly kind: "form"; readonly begun: Begun; readonly forPreset?: boolean }
  | { readonly kind: "route"; readonly begun: BegunRoute };

/** The servers that can be talked to. */
export function Connections() {
  const client = useClient();
  const all = useApp((app) => app.connections);
  const connections = all.filter((connection) => !connection.route);
  const add = useRef<HTMLButtonElement>(null);
  const [page, setPage] = useState<Page>({ kind: "list", returned: false });

  const [failure, setFailure] = useState<Failure | null>(null);
  const locked = useLocked("connections");
  const movable = useMovable(connections);

  const beginRoute = (begun: BegunRoute) => setPage({ kind: "route", begun });

  /** Makes the route that most people want, or leads to what is missing for it. */
  async function beginPreset(known: readonly ConnectionView[]) {
    const made = preset(known);
    if (made.kind === "ready") {
      const { name, members } = made;
      beginRoute({ route: null, name, members, patience: null, missing: [] });
      return;
    }
    try {
      const forms = await client.host.connectionForms();
      const begun: Begun = { connection: null, forms, kind: made.add, name: "", values: {} };
      setPage({ kind: "form", begun, forPreset: true });
    } catch (thrown) {
      client.report(thrown);
    }
  }

  async function begin(connection: ConnectionView | null, duplicate = false) {
    if (connection?.route) {
      beginRoute(begunWith(connection, connection.route));
      return;
    }
    try {
      const forms = await client.host.connectionForms();
      const values = connection === null ? {} : await client.host.connectionValues(connection.id);
      const kind = connection?.kind ?? forms[0]?.kind ?? "chatkit";
      const name = connection?.name ?? "";
      const begun: Begun = duplicate
        ? { connection: null, forms, kind, name: `${name} copy`, values }
        : { connection, forms, kind, name, values };
      setPage({ kind: "form", begun });
    } catch (thrown) {
      client.report(thrown);
    }
  }

  async function importOne() {
    try {
      const begun = await imported(client.host);
      if (begun !== null) setPage({ kind: "form", begun });
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  }

  const wanted = useWanted((connection) => void begin(connection));

  if (page.kind === "route") {
    return (
      <RouteForm
        begun={page.begun}
        onDone={(saved) => {
          if (wanted === null) setPage({ kind: "list", returned: true });
          else client.overlay(null);
          // Who has just made a route wants to talk to it.
          if (saved !== null && page.begun.route === null) client.choose(saved.id);
        }}
      />
    );
  }
  if (page.kind === "form") {
    return (
      <ConnectionForm
        begun={page.begun}
        onDone={(saved) => {
          // Who came from a conversation goes back to it.
          if (wanted === null) setPage({ kind: "list", returned: true });
          else client.overlay(null);
          if (saved === null) return;
          if (saved.state.type === "untried") client.checkConnection(saved.id);
          if (page.forPreset) {
            const others = client.app.get().connections.filter(({ id }) => id !== saved.id);
            void beginPreset([...others, saved]);
          }
          const added = page.begun.connection === null;
          // Who has just added a server wants to talk to it.
          if (added) client.choose(saved.id);
          if (isToSignIn(saved, added)) client.signIn(saved);
        }}
      />
    );
  }
  const order = locked ? [] : movable;
  return (
    <>
      <Head
        add={add}
        isLocked={locked}
        isReturned={page.returned}
        onImport={() => void importOne()}
        onAdd={() => void begin(null)}
      />
      {failure !== null && (
        <p className={css("wrong")} role="alert">
          {failure.message}
        </p>
      )}
      <ul className={css("list")} aria-label="Connections">
        {connections.map((connection) => (
          <ConnectionRow
            key={connection.id}
            connection={connection}
            onEdit={() => void begin(connection)}
            onDuplicate={locked ? undefined : () => void begin(connection, true)}
            onUp={moved(order, connection.id, -1, client.orderConnections)}
            onDown={moved(order, connection.id, 1, client.orderConnections)}
            onRemoved={() => add.current?.focus()}
          />
        ))}
      </ul>
      <Routes onBegin={beginRoute} onPreset={() => void beginPreset(connections)} />
      <Unreachable />
      <Patience />
    </>
  );
}

/** What the list is, and how it grows. */
function Head({
  add,
  isLocked,
  isReturned,
  onImport,
  onAdd,
}: {
  readonly add: RefObject<HTMLButtonElement | null>;
  /** Whether the administrator has fixed the list. */
  readonly isLocked: boolean;
  /** Whether the person comes back from the form. */
  readonly isReturned: boolean;
  readonly onImport: () => void;
  readonly onAdd: () => void;
}) {
  const note = useId();
  const fixed = { isDisabled: isLocked, ...(isLocked ? { "aria-describedby": note } : {}) };
  return (
    <div className={css("head")}>
      <div>
        <h3 className={base("section")}>Connections</h3>
        <p className={base("lead")}>The servers you can talk to.</p>
        {isLocked && <LockedNote id={note} />}
      </div>
      <div className={css("ways")}>
        <Button {...fixed} onPress={onImport}>
          Import…
        </Button>
        <Button
          {...fixed}
          ref={add}
          weight="primary"
          // Whoever comes back from the form is still in the dialog, and Esc still closes it.
          autoFocus={isReturned}
          onPress={onAdd}
        >
          <Plus size={15} aria-hidden="true" />
          Add a server
        </Button>
      </div>
    </div>
  );
}

/** What a file says that the person chooses; nothing if they chose none. */
async function imported(host: Host): Promise<Begun | null> {
  const file = await host.importConnection();
  if (file === null) return null;
  const { kind, name, values } = file;
  return { connection: null, forms: await host.connectionForms(), kind, name, values, imported: file };
}

/** Whether to sign in is what comes next, on a page of the provider. */
function isToSignIn(saved: ConnectionView, added: boolean): boolean {
  if (!signsInOnPage(saved) || saved.disabled) return false;
  return standing(saved)?.kind === "signed_out" || (added && saved.sign_in?.session.phase.type === "absent");
}

/** Begins the form of the connection that the settings were opened for, if they were, and says which it is. */
function useWanted(begin: (connection: ConnectionView) => void): ConnectionId | null {
  const wanted = useView((view) => settingsIn(view)?.edit ?? null);
  const connection = useApp((app) => app.connections.find(({ id }) => id === wanted) ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that the settings are opened
  useEffect(() => {
    if (connection !== null) begin(connection);
  }, [wanted]);
  return wanted;
}

/** The connections that the person can put in order: the environment's comes first, and the Guide last. */
function useMovable(connections: readonly ConnectionView[]): ConnectionId[] {
  const first = useApp((app) => app.managed.environment?.connection);
  return connections.filter(({ builtin, id }) => !builtin && id !== first).map(({ id }) => id);
}

/** What moves a connection by a place; nothing where it is the first or the last. */
function moved(
  order: readonly ConnectionId[],
  id: ConnectionId,
  by: -1 | 1,
  put: (order: ConnectionId[]) => void,
): (() => void) | undefined {
  const from = order.indexOf(id);
  const other = order[from + by];
  if (from < 0 || other === undefined) return undefined;
  return () => put(order.map((known) => (known === id ? other : known === other ? id : known)));
}
