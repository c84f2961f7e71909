import { CirclePause, CloudOff, Hourglass, KeyRound } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { left, useLeft } from "../design/useLeft";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { TurnOutcome } from "../gen/TurnOutcome";
import { useClient, useConnection, useOpenThread } from "../state/context";
import { isAsking, type Part, type Standing, standing } from "../state/standing";
import { useTrying } from "../state/useTrying";
import styles from "./StandingBar.module.css";

const css = classes(styles);

/** Above the composer, while messages cannot reach the connection: why, and the one button that helps. */
export function StandingBar() {
  const connection = useConnection();
  const now = useStanding(connection);
  const told = useOpenThread(({ thread }) => failureOf(thread?.turn.outcome ?? null)?.message ?? null);
  if (connection === null || now === null) return null;
  return <Bar key={`${connection.id} ${now.kind}`} connection={connection} now={now} told={told} />;
}

/** How it stands. While a server that was waited for is asked again, it still stands as before: nothing jumps. */
function useStanding(connection: ConnectionView | null): Standing | null {
  const id = connection?.id;
  const now = connection === null ? null : standing(connection);
  const before = useRef<{ id: ConnectionId | undefined; now: Standing | null }>({ id, now });
  const asking = connection !== null && isAsking(connection);
  const waited = before.current.id === id && before.current.now?.kind === "waiting";
  const shown = asking && waited ? before.current.now : now;
  useEffect(() => {
    before.current = { id, now: shown };
  });
  return shown;
}

/** Why the last turn failed, if it did: that stands at the end of the conversation. */
function failureOf(outcome: TurnOutcome | null): Failure | null {
  return outcome?.type === "failed" || outcome?.type === "interrupted" ? outcome.failure : null;
}

function Bar({
  connection,
  now,
  told,
}: {
  readonly connection: ConnectionView;
  readonly now: Standing;
  /** What is said above already. */
  readonly told: string | null;
}) {
  const client = useClient();
  const { name } = connection;
  const why = ({ message }: Failure) => (message === told ? null : message);
  switch (now.kind) {
    case "signed_out":
      return (
        <Line
          kind={now.kind}
          icon={<KeyRound size={16} aria-hidden="true" />}
          title={`Signed out of ${name}`}
          button={
            connection.builtin ? (
              <TryNow connection={connection} label="Try again" />
            ) : (
              <Button weight="primary" onPress={() => client.signIn(connection)}>
                Sign in
              </Button>
            )
          }
        >
          {why(now.failure)}
        </Line>
      );
    case "waiting":
      return (
        <Line
          kind={now.kind}
          icon={<Hourglass size={16} aria-hidden="true" />}
          title={<Waiting key={now.until} connection={connection} part={now.part} until={now.until} />}
          button={<TryNow connection={connection} label="Try now" />}
        >
          {why(now.failure)}
        </Line>
      );
    case "offline":
      return (
        <Line
          kind={now.kind}
          icon={<CloudOff size={16} aria-hidden="true" />}
          title={
            <>
              {name} cannot be reached
              <NextTry key={now.again} again={now.again} />
            </>
          }
          button={<TryNow connection={connection} label="Try now" />}
        >
          {why(now.failure)}
        </Line>
      );
    case "disabled":
      return (
        <Line
          kind={now.kind}
          icon={<CirclePause size={16} aria-hidden="true" />}
          title={`${name} is switched off`}
          button={<Button onPress={() => client.switchOn(connection.id)}>Switch on</Button>}
        >
          Its conversations can be read, and nothing is sent.
        </Line>
      );
  }
}

function Line({
  kind,
  icon,
  title,
  button,
  children,
}: {
  readonly kind: Standing["kind"];
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly button: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section
      className={css("bar", kind !== "disabled" && kind !== "offline" && "grave")}
      data-testid="standing"
      data-kind={kind}
      aria-label="Connection"
    >
      {icon}
      <div className={css("words")} role="status">
        <p className={css("title")}>{title}</p>
        {children !== null && <p className={css("why")}>{children}</p>}
      </div>
      {button}
    </section>
  );
}

/**
 * The seconds are for the eyes: read aloud, each of them would interrupt what is being heard. Whoever looks at this waits
 * for the server, so when they are over it is asked.
 */
function Waiting({
  connection,
  part,
  until,
}: {
  readonly connection: ConnectionView;
  readonly part: Part;
  readonly until: number;
}) {
  const client = useClient();
  const rest = useLeft(until);
  const due = rest === 0;
  useEffect(() => {
    if (due && document.visibilityState === "visible") client.checkConnection(connection.id);
  }, [client, connection.id, due]);
  const { name } = connection;
  if (due) return part === "session" ? <>Asking {name} for a session…</> : <>Signing in to {name}…</>;
  return (
    <>
      {part === "session" ? "No session with" : "Not signed in to"} {name}
      <span aria-hidden="true">. Next try in {left(rest)}</span>
    </>
  );
}

/** The core tries again by itself; this only says when. Read aloud, the seconds would interrupt what is being heard. */
function NextTry({ again }: { readonly again: number | null }) {
  const rest = useLeft(again);
  return <span aria-hidden="true">{rest === 0 ? ". Trying again…" : `. Next try in ${left(rest)}`}</span>;
}

function TryNow({ connection, label }: { readonly connection: ConnectionView; readonly label: string }) {
  const [trying, begin] = useTrying(connection.id);
  return <Button onPress={begin}>{trying ? "Trying…" : label}</Button>;
}
