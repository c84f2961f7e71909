import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Form } from "react-aria-components";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useApp, useClient } from "../state/context";
import { isLocked } from "../state/managed";
import fields from "./ConnectionForm.module.css";
import { TextLine } from "./FormField";
import { LockedNote } from "./Locked";
import styles from "./RouteForm.module.css";
import settings from "./Settings.module.css";

const css = classes(styles);
const form = classes(fields);
const base = classes(settings);

/** For how long a new route waits for a server that wants a pause, in seconds. */
const PATIENCE = 3;

/** What the form of a route begins with. */
export interface BegunRoute {
  /** The route to change; nothing for a new one. */
  readonly route: ConnectionView | null;
  readonly name: string;
  readonly members: readonly ConnectionId[];
  readonly patience: number | null;
  /** The names of connections in a file that are not here. */
  readonly missing: readonly string[];
}

interface Props {
  readonly begun: BegunRoute;
  /** What was saved, or nothing. */
  readonly onDone: (saved: ConnectionView | null) => void;
}

/** A route: its name, whom it asks and in which order. */
export function RouteForm({ begun, onDone }: Props) {
  const client = useClient();
  // The Guide answers questions about Kittiwake only: nobody wants it in the place of their server.
  const all = useApp((app) => app.connections).filter(({ route, builtin }) => !route && !builtin);
  const [name, setName] = useState(begun.name);
  const [members, setMembers] = useState(begun.members);
  const [patience, setPatience] = useState(String(begun.patience ?? PATIENCE));
  const [failure, setFailure] = useState<Failure | null>(null);
  const seconds = /^\d{1,2}$/u.test(patience.trim()) ? Number(patience) : null;
  const wrong = seconds === null || seconds > 60 ? "A number of seconds from 0 to 60." : null;
  const managed = useApp((app) => app.managed);
  const locked = (key: string) => begun.route !== null && isLocked(managed, "routes", begun.route.id, key);
  const complete = name.trim() !== "" && members.length >= 2 && wrong === null;

  async function save() {
    if (!complete) return;
    setFailure(null);
    try {
      const id = begun.route?.id ?? null;
      const draft = { id, name: name.trim(), connections: [...members], patience: seconds ?? PATIENCE };
      onDone(await client.host.putRoute(draft));
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  }

  return (
    <Form
      className={form("form")}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3 className={base("section")}>{begun.route === null ? "Add a route" : `Edit ${begun.route.name}`}</h3>
      {begun.missing.length > 0 && (
        <p className={base("lead")} role="status">
          The file also names {begun.missing.join(", ")}, which is not among your connections. Add it there
          under that name, and import the route again; or choose another one here.
        </p>
      )}
      <TextLine label="Name" value={name} onChange={setName} error={null} isLocked={locked("name")} autoFocus>
        What you talk to. The header says which of its connections answers.
      </TextLine>
      <Members all={all} members={members} isLocked={locked("connections")} onChange={setMembers} />
      <TextLine
        label="Patience, in seconds"
        value={patience}
        onChange={setPatience}
        error={wrong}
        input="number"
        isLocked={locked("patience")}
      >
        How long to wait when a server asks for a pause, before the next one is asked.
      </TextLine>
      <p className={base("lead")}>
        The next one is asked only if a message certainly did nothing, or the server says that it is away. If
        it may have been worked on, you are asked.
      </p>
      {failure !== null && <FailureCard failure={failure} />}
      <div className={form("buttons")}>
        <Button onPress={() => onDone(null)}>Cancel</Button>
        <Button weight="primary" type="submit" isDisabled={!complete}>
          Save
        </Button>
      </div>
    </Form>
  );
}

/** Whom the route asks, in order, and whom it could ask as well. */
function Members({
  all,
  members,
  isLocked,
  onChange,
}: {
  readonly all: readonly ConnectionView[];
  readonly members: readonly ConnectionId[];
  /** Whether the administrator has fixed them. */
  readonly isLocked: boolean;
  readonly onChange: (members: readonly ConnectionId[]) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const note = useId();
  const [said, setSaid] = useState("");
  const chosen = members.flatMap((id) => all.find((known) => known.id === id) ?? []);
  const others = all.filter(({ id }) => !members.includes(id));

  function change(next: readonly ConnectionId[], words: string, focus: string) {
    onChange(next);
    setSaid(words);
    // The button may be gone, or have moved and lost the focus: whoever uses the keyboard stays where they were.
    requestAnimationFrame(() => {
      const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
      const wanted = buttons.find((button) => button.dataset["name"] === focus && !button.disabled);
      (wanted ?? buttons.find((button) => !button.disabled))?.focus();
    });
  }

  function move(view: ConnectionView, by: -1 | 1) {
    const from = chosen.indexOf(view);
    const ids = chosen.map(({ id }) => id);
    ids.splice(from, 1);
    ids.splice(from + by, 0, view.id);
    const place = from + by + 1;
    const end = place === 1 ? "up" : place === ids.length ? "down" : null;
    const kept = by < 0 ? "up" : "down";
    const focus = end === kept ? (kept === "up" ? "down" : "up") : kept;
    change(ids, `${view.name} is number ${place} of ${ids.length}.`, `${focus}-${view.id}`);
  }

  return (
    <div ref={list} className={css("members")}>
      <p className={form("label")} id="route-order">
        Asked in this order
      </p>
      {isLocked && <LockedNote id={note} />}
      {chosen.length === 0 && <p className={form("help")}>Choose two or more of your connections.</p>}
      <ol
        className={css("chosen")}
        aria-labelledby="route-order"
        {...(isLocked ? { "aria-describedby": note } : {})}
      >
        {chosen.map((view, place) => (
          <li key={view.id} className={css("member")}>
            <span className={css("place")} aria-hidden="true">
              {place + 1}
            </span>
            <span className={css("name")}>{view.name}</span>
            <IconButton
              small
              label={`Ask ${view.name} earlier`}
              data-name={`up-${view.id}`}
              isDisabled={isLocked || place === 0}
              onPress={() => move(view, -1)}
            >
              <ArrowUp size={15} />
            </IconButton>
            <IconButton
              small
              label={`Ask ${view.name} later`}
              data-name={`down-${view.id}`}
              isDisabled={isLocked || place === chosen.length - 1}
              onPress={() => move(view, 1)}
            >
              <ArrowDown size={15} />
            </IconButton>
            <IconButton
              small
              label={`Take ${view.name} out`}
              isDisabled={isLocked}
              onPress={() =>
                change(
                  chosen.filter((other) => other !== view).map(({ id }) => id),
                  `${view.name} is not asked any more.`,
                  `add-${view.id}`,
                )
              }
            >
              <X size={15} />
            </IconButton>
          </li>
        ))}
      </ol>
      {others.length > 0 && !isLocked && (
        <div className={css("others")}>
          {others.map((view) => (
            <Button
              key={view.id}
              data-name={`add-${view.id}`}
              aria-label={`Add ${view.name}`}
              onPress={() =>
                change(
                  [...chosen.map(({ id }) => id), view.id],
                  `${view.name} is number ${chosen.length + 1}.`,
                  `add-${others.find((other) => other !== view)?.id ?? ""}`,
                )
              }
            >
              <Plus size={14} aria-hidden="true" />
              {view.name}
            </Button>
          ))}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}
