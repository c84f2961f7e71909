import { CirclePause, Hourglass, KeyRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { left, useLeft } from "../design/useLeft";
import type { ConnectionView } from "../gen/ConnectionView";
import { useClient, useConnection } from "../state/context";
import { type Standing, standing } from "../state/standing";
import styles from "./StandingBar.module.css";

const css = classes(styles);

/** Above the composer, while messages cannot reach the connection: why, and the one button that helps. */
export function StandingBar() {
  const connection = useConnection();
  const now = connection === null ? null : standing(connection);
  if (connection === null || now === null) return null;
  return <Bar key={`${connection.id} ${now.kind}`} connection={connection} now={now} />;
}

function Bar({ connection, now }: { readonly connection: ConnectionView; readonly now: Standing }) {
  const client = useClient();
  const { name } = connection;
  switch (now.kind) {
    case "signed_out":
      return (
        <Line
          kind={now.kind}
          icon={<KeyRound size={16} aria-hidden="true" />}
          title={`Signed out of ${name}`}
          button={
            connection.has_token ? (
              <Button weight="primary" onPress={() => client.editConnection(connection.id)}>
                Sign in
              </Button>
            ) : (
              <TryNow connection={connection} label="Try again" />
            )
          }
        >
          {now.failure.message}
        </Line>
      );
    case "waiting":
      return (
        <Line
          kind={now.kind}
          icon={<Hourglass size={16} aria-hidden="true" />}
          title={<Waiting name={name} until={now.until} />}
          button={<TryNow connection={connection} label="Try now" />}
        >
          {now.failure.message}
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
      className={css("bar", kind !== "disabled" && "grave")}
      data-testid="standing"
      data-kind={kind}
      aria-label="Connection"
    >
      {icon}
      <div className={css("words")} role="status">
        <p className={css("title")}>{title}</p>
        <p className={css("why")}>{children}</p>
      </div>
      {button}
    </section>
  );
}

/** The seconds are for the eyes: read aloud, each of them would interrupt what is being heard. */
function Waiting({ name, until }: { readonly name: string; readonly until: number }) {
  const rest = useLeft(until);
  if (rest === 0) return <>{name} can be asked again: the next message does</>;
  return (
    <>
      {name} wants to be asked later<span aria-hidden="true">: in {left(rest)}</span>
    </>
  );
}

function TryNow({ connection, label }: { readonly connection: ConnectionView; readonly label: string }) {
  const client = useClient();
  const [trying, setTrying] = useState(false);
  function tryNow() {
    if (trying) return;
    setTrying(true);
    client.host
      .checkConnection(connection.id)
      .catch((thrown: unknown) => client.report(thrown))
      .finally(() => setTrying(false));
  }
  return <Button onPress={tryNow}>{trying ? "Trying…" : label}</Button>;
}
