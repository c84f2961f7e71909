import { Braces, RefreshCw, Settings } from "lucide-react";
import type { RefObject } from "react";
import { Dialog } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { developerOf } from "../developer/developer";
import { Detail } from "../failure/FailureCard";
import { stateWords } from "../failure/words";
import type { AnsweringView } from "../gen/AnsweringView";
import type { ConnectionView } from "../gen/ConnectionView";
import type { RouteView } from "../gen/RouteView";
import { OpenPopover } from "../overlay/OpenPopover";
import { useApp, useClient } from "../state/context";
import { shownState } from "../state/standing";
import { useTrying } from "../state/useTrying";
import styles from "./Connection.module.css";
import { useAnswering } from "./useAnswering";

const css = classes(styles);

/** What is known of a connection, below the badge that says it in short. */
export default function ConnectionSheet({
  connection,
  badge,
  onClose,
}: {
  readonly connection: ConnectionView;
  readonly badge: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const state = shownState(connection);
  const [checking, check] = useTrying(connection.id);
  const answering = useAnswering(connection);

  return (
    <OpenPopover anchor={badge} placement="bottom end" offset={6} onClose={onClose}>
      <Dialog className={css("sheet")} aria-label={`Connection: ${connection.name}`}>
        <h2 className={css("heading")}>{connection.name}</h2>
        {!connection.route && (
          <p className={css("address")}>{connection.builtin ? "Built into Kittiwake" : connection.address}</p>
        )}
        <p className={css("line")}>
          <StateDot state={state.type} />
          {checking ? "Checking…" : stateWords(state)}
        </p>
        {state.type === "failing" && (
          <>
            <p className={css("message")}>{state.failure.message}</p>
            {state.failure.detail && <Detail text={state.failure.detail} />}
          </>
        )}
        {connection.route && <Members route={connection.route} answering={answering} />}
        <div className={css("actions")}>
          <Button onPress={check}>
            <RefreshCw size={14} aria-hidden="true" />
            Check now
          </Button>
          {!connection.builtin && (
            <Button weight="quiet" onPress={() => client.editConnection(connection.id)}>
              <Settings size={14} aria-hidden="true" />
              Settings
            </Button>
          )}
          <Button
            weight="quiet"
            onPress={() => {
              onClose();
              developerOf(client).show();
            }}
          >
            <Braces size={14} aria-hidden="true" />
            Developer view
          </Button>
        </div>
      </Dialog>
    </OpenPopover>
  );
}

/** Whom a route asks, in its order: how each of them is, and which one answers. */
function Members({
  route,
  answering,
}: {
  readonly route: RouteView;
  readonly answering: AnsweringView | null;
}) {
  const all = useApp((app) => app.connections);
  const members = route.members.flatMap((id) => all.find((known) => known.id === id) ?? []);
  return (
    <>
      {answering !== null && answering.why !== null && (
        <p className={css("message")}>
          {answering.name} answers: {answering.why}.
        </p>
      )}
      <ol className={css("members")} aria-label="Asked in this order">
        {members.map((member) => (
          <li key={member.id}>
            <StateDot state={shownState(member).type} />
            <span className={css("name")}>{member.name}</span>
            <span className={css("memberState")}>
              {member.disabled ? "Switched off" : stateWords(shownState(member))}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
