import { ArrowRightLeft, Download, Pencil, Plus, Trash2 } from "lucide-react";
import { type RefObject, useId, useRef, useState } from "react";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { stateWords } from "../failure/words";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { RouteView } from "../gen/RouteView";
import { asFailure } from "../host/host";
import { useApp, useClient } from "../state/context";
import { answeringIn } from "../thread/handover";
import { Bringer, useSay } from "./Bringer";
import styles from "./Connections.module.css";
import { Latency } from "./Latency";
import { LockedNote, useLocked } from "./Locked";
import type { BegunRoute } from "./RouteForm";
import { PRESET } from "./routePreset";
import settings from "./Settings.module.css";
import { Sure } from "./Sure";

const css = classes(styles);
const base = classes(settings);

interface Props {
  readonly onBegin: (begun: BegunRoute) => void;
  readonly onPreset: () => void;
}

/** The routes: several servers behind one name. */
export function Routes({ onBegin, onPreset }: Props) {
  const client = useClient();
  const all = useApp((app) => app.connections);
  const routes = all.filter((connection) => connection.route);
  const members = all.filter(({ route, builtin }) => !route && !builtin).length;
  const add = useRef<HTMLButtonElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const locked = useLocked("routes");
  // The route that most people want may need a connection that is not there yet.
  const noOffer = useLocked("connections") && members < 2;
  const note = useId();
  const why = locked ? { "aria-describedby": note } : {};

  async function importOne() {
    setFailure(null);
    try {
      const imported = await client.host.importRoute();
      if (imported === null) return;
      const { name, connections, patience, missing } = imported;
      onBegin({ route: null, name, members: connections, patience, missing });
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  }

  return (
    <section className={css("routes")} aria-label="Routes">
      <div className={css("head")}>
        <div>
          <h3 className={base("section")}>Routes</h3>
          <p className={base("lead")}>
            Several servers behind one name: when the first is away, the next one answers.
          </p>
          {locked && <LockedNote id={note} />}
        </div>
        <div className={css("ways")}>
          <Button isDisabled={locked} {...why} onPress={() => void importOne()}>
            Import a route…
          </Button>
          <Button
            ref={add}
            isDisabled={locked || members < 2}
            {...why}
            onPress={() => onBegin({ route: null, name: "", members: [], patience: null, missing: [] })}
          >
            <Plus size={15} aria-hidden="true" />
            Add a route
          </Button>
        </div>
      </div>
      {failure !== null && (
        <p className={css("wrong")} role="alert">
          {failure.message}
        </p>
      )}
      {routes.length === 0 ? (
        <div className={css("offer")}>
          <Button isDisabled={locked || noOffer} {...why} onPress={onPreset}>
            <ArrowRightLeft size={15} aria-hidden="true" />
            {PRESET}
          </Button>
        </div>
      ) : (
        <ul className={css("list")} aria-label="Routes">
          {routes.map((view) => (
            <Row key={view.id} view={view} all={all} onBegin={onBegin} add={add} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** One route: whom it asks, how it is, and what can be done with it. */
function Row({
  view,
  all,
  onBegin,
  add,
}: {
  readonly view: ConnectionView;
  readonly all: readonly ConnectionView[];
  readonly onBegin: Props["onBegin"];
  /** Where the focus goes when this row is gone. */
  readonly add: RefObject<HTMLButtonElement | null>;
}) {
  const client = useClient();
  const bin = useRef<HTMLButtonElement>(null);
  const [removing, setRemoving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { route, name, state } = view;
  const { stays } = useSay("routes", view.id);
  const note = useId();
  if (!route) return null;
  const answering = answeringIn(view, undefined, all);

  function run(action: Promise<unknown>, done: () => void = () => undefined) {
    setFailure(null);
    action.then(done, (thrown: unknown) => setFailure(asFailure(thrown)));
  }

  async function exportOne() {
    const path = await client.host.exportRoute(view.id);
    if (path !== null)
      client.toasts.say({ text: `Exported to ${path}. Its connections have files of their own.` });
  }

  return (
    <li className={css("row")}>
      <div className={css("words")}>
        <p className={css("name")}>{name}</p>
        <p className={css("address")}>{order(route, all)}</p>
        <Bringer list="routes" id={view.id} noteId={note} />
        <p className={css("state")}>
          <StateDot state={state.type} />
          {answering === null
            ? stateWords(state)
            : answering.why === null
              ? `${answering.name} answers`
              : `${answering.name} answers: ${answering.why}`}
        </p>
        {state.type === "failing" && answering === null && (
          <p className={css("why")}>{state.failure.message}</p>
        )}
        {failure !== null && (
          <p className={css("wrong")} role="alert">
            {failure.message}
          </p>
        )}
        {removing && (
          <Sure
            className={css("sure")}
            label={`Remove ${name}?`}
            onYes={() => run(client.host.removeRoute(view.id), () => add.current?.focus())}
            onKeep={() => {
              bin.current?.focus();
              setRemoving(false);
            }}
          >
            Remove this route and its conversations? They are on this computer alone, and cannot be brought
            back. Its connections stay.
          </Sure>
        )}
      </div>
      <div className={css("tools")}>
        <IconButton label={`Export ${name}`} onPress={() => run(exportOne())}>
          <Download size={16} />
        </IconButton>
        <IconButton label={`Edit ${name}`} onPress={() => onBegin(begunWith(view, route))}>
          <Pencil size={16} />
        </IconButton>
        <IconButton
          ref={bin}
          label={`Remove ${name}`}
          isDisabled={stays}
          {...(stays ? { "aria-describedby": note } : {})}
          onPress={() => setRemoving(true)}
        >
          <Trash2 size={16} />
        </IconButton>
      </div>
      <div className={css("wide")}>
        <Latency connection={view.id} name={name} />
      </div>
    </li>
  );
}

/** What the form of a route that is there begins with. */
export function begunWith(view: ConnectionView, { members, patience }: RouteView): BegunRoute {
  return { route: view, name: view.name, members, patience, missing: [] };
}

function order({ members }: RouteView, all: readonly ConnectionView[]): string {
  const names = members.flatMap((id) => all.find((known) => known.id === id)?.name ?? []);
  return names.length === 0 ? "No connections" : names.join(", then ");
}
