import { Send, Undo2 } from "lucide-react";
import { takeBack } from "../composer/Composer";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { ConnectionId } from "../gen/ConnectionId";
import type { TurnView } from "../gen/TurnView";
import type { Client } from "../state/client";
import { useClient, useConnection } from "../state/context";
import type { ShownItem } from "../state/thread";
import { useTrying } from "../state/useTrying";
import styles from "./TurnEnd.module.css";

const css = classes(styles);

/** What stands after the last item: that an answer is coming, or why there is none. */
export function TurnEnd({ turn, items }: { readonly turn: TurnView; readonly items: readonly ShownItem[] }) {
  const client = useClient();
  if (turn.phase !== "idle") return <Coming turn={turn} items={items} />;
  const { outcome } = turn;
  if (outcome?.type !== "failed" && outcome?.type !== "interrupted") return null;
  const title = outcome.type === "interrupted" ? { title: "The answer was interrupted", grave: false } : {};
  const retry = outcome.can_retry ? { onRetry: () => client.retry() } : {};
  const { next } = turn;
  const instead = next ? { instead: { name: next.name, onAsk: () => askNext(client) } } : {};
  return (
    <div className={css("failure")}>
      <FailureCard
        failure={outcome.failure}
        {...title}
        {...retry}
        {...instead}
        onSettings={() => {
          const connection = client.connection();
          if (connection !== null) client.editConnection(connection.id);
        }}
      />
    </div>
  );
}

/** Has another connection of the route asked, which only the person can decide. */
function askNext(client: Client) {
  const { open } = client.view.get();
  if (open !== null) client.host.askNext(open).catch((thrown: unknown) => client.report(thrown));
}

function Coming({ turn, items }: { readonly turn: TurnView; readonly items: readonly ShownItem[] }) {
  if (turn.phase === "held") return <Held sending={items.at(-1)?.stage === "sending"} />;
  const growing = items.at(-1)?.stage === "streaming";
  if (turn.phase === "stopping") return <p className={css("line")}>Stopping…</p>;
  if (turn.progress !== null) return <p className={css("line", "moving")}>{turn.progress.text}</p>;
  if (growing) return null;
  return (
    <p className={css("dots")}>
      <span className="visually-hidden">Waiting for the answer</span>
      <span />
      <span />
      <span />
    </p>
  );
}

/** The server cannot be reached, and nothing was sent: that waits, or is taken back. */
function Held({ sending }: { readonly sending: boolean }) {
  const client = useClient();
  const connection = useConnection();
  const name = connection?.name ?? "the server";
  return (
    <div className={css("held")} data-testid="held">
      <p>{sending ? `Will be sent when ${name} can be reached.` : `Goes on when ${name} can be reached.`}</p>
      <div className={css("choices")}>
        {connection !== null && (
          <SendNow connection={connection.id} label={sending ? "Send now" : "Try now"} />
        )}
        <Button weight="quiet" data-testid="take-back" onPress={() => takeBack(client)}>
          <Undo2 size={14} aria-hidden="true" />
          {sending ? "Take back" : "Stop waiting"}
        </Button>
      </div>
    </div>
  );
}

function SendNow({ connection, label }: { readonly connection: ConnectionId; readonly label: string }) {
  const [trying, begin] = useTrying(connection);
  return (
    <Button data-testid="send-now" onPress={begin}>
      <Send size={14} aria-hidden="true" />
      {trying ? "Trying…" : label}
    </Button>
  );
}
