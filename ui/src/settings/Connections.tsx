import { Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { Detail } from "../failure/FailureCard";
import { stateWords } from "../failure/words";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useApp, useClient } from "../state/context";
import { ConnectionForm } from "./ConnectionForm";
import styles from "./Connections.module.css";
import settings from "./Settings.module.css";

const css = classes(styles);
const base = classes(settings);

/** What the section shows: the list, or the form for a new connection or one of them. */
type Page =
  | { readonly kind: "list"; readonly returned: boolean }
  | { readonly kind: "form"; readonly connection: ConnectionView | null };

/** The servers that can be talked to. */
export function Connections() {
  const client = useClient();
  const connections = useApp((app) => app.connections);
  const add = useRef<HTMLButtonElement>(null);
  const [page, setPage] = useState<Page>({ kind: "list", returned: false });

  if (page.kind === "form") {
    return (
      <ConnectionForm
        connection={page.connection}
        onDone={(saved) => {
          setPage({ kind: "list", returned: true });
          if (saved === null) return;
          if (saved.state.type === "untried") client.checkConnection(saved.id);
          // Who has just added a server wants to talk to it.
          if (page.connection === null) client.choose(saved.id);
        }}
      />
    );
  }
  return (
    <>
      <div className={css("head")}>
        <div>
          <h3 className={base("section")}>Connections</h3>
          <p className={base("lead")}>The servers you can talk to.</p>
        </div>
        <Button
          ref={add}
          weight="primary"
          // Whoever comes back from the form is still in the dialog, and Esc still closes it.
          autoFocus={page.returned}
          onPress={() => setPage({ kind: "form", connection: null })}
        >
          <Plus size={15} aria-hidden="true" />
          Add a server
        </Button>
      </div>
      <ul className={css("list")} aria-label="Connections">
        {connections.map((connection) => (
          <Row
            key={connection.id}
            connection={connection}
            onEdit={() => setPage({ kind: "form", connection })}
            onRemoved={() => add.current?.focus()}
          />
        ))}
      </ul>
    </>
  );
}

function Row({
  connection,
  onEdit,
  onRemoved,
}: {
  readonly connection: ConnectionView;
  readonly onEdit: () => void;
  readonly onRemoved: () => void;
}) {
  const client = useClient();
  const bin = useRef<HTMLButtonElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [checking, setChecking] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { state } = connection;

  function check() {
    if (checking) return;
    setFailure(null);
    setChecking(true);
    client.host
      .checkConnection(connection.id)
      .catch((thrown: unknown) => setFailure(asFailure(thrown)))
      .finally(() => setChecking(false));
  }

  function remove() {
    setFailure(null);
    client.host
      .removeConnection(connection.id)
      .then(onRemoved, (thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <li className={css("row")}>
      <div className={css("words")}>
        <p className={css("name")}>{connection.name}</p>
        <p className={css("address")}>{connection.builtin ? "Built into Kittiwake" : connection.address}</p>
        <p className={css("state")}>
          <StateDot state={state.type} />
          {checking ? "Checking…" : stateWords(state)}
        </p>
        {state.type === "failing" && !checking && (
          <div className={css("why")}>
            <p>{state.failure.message}</p>
            {state.failure.detail && <Detail text={state.failure.detail} />}
          </div>
        )}
        {failure !== null && (
          <p className={css("wrong")} role="alert">
            {failure.message}
          </p>
        )}
        {removing && (
          <div className={css("sure")} role="alertdialog" aria-label={`Remove ${connection.name}?`}>
            <p>
              Remove this connection, its token, and the copies of its conversations on this computer? What
              the server has stored stays there.
            </p>
            <Button weight="danger" autoFocus onPress={remove}>
              Remove
            </Button>
            <Button
              onPress={() => {
                bin.current?.focus();
                setRemoving(false);
              }}
            >
              Keep
            </Button>
          </div>
        )}
      </div>
      <div className={css("tools")}>
        <IconButton label={`Test ${connection.name}`} onPress={check}>
          <RefreshCw size={16} />
        </IconButton>
        {!connection.builtin && (
          <>
            <IconButton label={`Edit ${connection.name}`} onPress={onEdit}>
              <Pencil size={16} />
            </IconButton>
            <IconButton ref={bin} label={`Remove ${connection.name}`} onPress={() => setRemoving(true)}>
              <Trash2 size={16} />
            </IconButton>
          </>
        )}
      </div>
    </li>
  );
}
