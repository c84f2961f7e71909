import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { settingsIn } from "../state/client";
import { useApp, useClient, useView } from "../state/context";
import { signsInOnPage, standing } from "../state/standing";
import { type Begun, ConnectionForm } from "./ConnectionForm";
import { ConnectionRow } from "./ConnectionRow";
import styles from "./Connections.module.css";
import { Patience } from "./Patience";
import settings from "./Settings.module.css";
import { Unreachable } from "./Unreachable";

const css = classes(styles);
const base = classes(settings);

/** What the section shows: the list, or the form for a new connection or one of them. */
type Page =
  | { readonly kind: "list"; readonly returned: boolean }
  | { readonly kind: "form"; readonly begun: Begun };

/** The servers that can be talked to. */
export function Connections() {
  const client = useClient();
  const connections = useApp((app) => app.connections);
  const add = useRef<HTMLButtonElement>(null);
  const [page, setPage] = useState<Page>({ kind: "list", returned: false });

  const [failure, setFailure] = useState<Failure | null>(null);

  async function begin(connection: ConnectionView | null, duplicate = false) {
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
      const imported = await client.host.importConnection();
      if (imported === null) return;
      const { kind, name, values } = imported;
      const forms = await client.host.connectionForms();
      setPage({ kind: "form", begun: { connection: null, forms, kind, name, values, imported } });
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  }

  const wanted = useWanted((connection) => void begin(connection));

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
          const added = page.begun.connection === null;
          // Who has just added a server wants to talk to it.
          if (added) client.choose(saved.id);
          if (isToSignIn(saved, added)) client.signIn(saved);
        }}
      />
    );
  }
  const own = connections.filter((connection) => !connection.builtin).map(({ id }) => id);
  return (
    <>
      <div className={css("head")}>
        <div>
          <h3 className={base("section")}>Connections</h3>
          <p className={base("lead")}>The servers you can talk to.</p>
        </div>
        <div className={css("ways")}>
          <Button onPress={() => void importOne()}>Import…</Button>
          <Button
            ref={add}
            weight="primary"
            // Whoever comes back from the form is still in the dialog, and Esc still closes it.
            autoFocus={page.returned}
            onPress={() => void begin(null)}
          >
            <Plus size={15} aria-hidden="true" />
            Add a server
          </Button>
        </div>
      </div>
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
            onDuplicate={() => void begin(connection, true)}
            onUp={moved(own, connection.id, -1, client.orderConnections)}
            onDown={moved(own, connection.id, 1, client.orderConnections)}
            onRemoved={() => add.current?.focus()}
          />
        ))}
      </ul>
      <Unreachable />
      <Patience />
    </>
  );
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
