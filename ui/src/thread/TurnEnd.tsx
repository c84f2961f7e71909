import { Scissors } from "lucide-react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import { Meaning } from "../failure/Meaning";
import type { TurnView } from "../gen/TurnView";
import { Own } from "../profile/Pane";
import type { Client } from "../state/client";
import { useClient, useView } from "../state/context";
import { mapped } from "../state/mapping";
import type { ShownItem } from "../state/thread";
import { Held } from "./Held";
import { Slow } from "./Slow";
import styles from "./TurnEnd.module.css";

const css = classes(styles);

/** What stands after the last item: that an answer is coming, or why there is none. */
export function TurnEnd({ turn, items }: { readonly turn: TurnView; readonly items: readonly ShownItem[] }) {
  const client = useClient();
  if (turn.phase !== "idle") return <Coming turn={turn} items={items} />;
  const { outcome } = turn;
  if (outcome?.type !== "failed" && outcome?.type !== "interrupted") return null;
  const title = outcome.type === "interrupted" ? { title: "The answer was interrupted", grave: false } : {};
  const tooLong = outcome.failure.code === "too_long";
  const retry = outcome.can_retry && !tooLong ? { onRetry: () => client.retry() } : {};
  const { next } = turn;
  const instead = next ? { instead: { name: next.name, onAsk: () => askNext(client) } } : {};
  return (
    <Own>
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
          onMapping={async (field, pointer) => {
            const connection = client.connection();
            return connection !== null && mapped(client, connection.id, field, pointer);
          }}
        >
          {tooLong && <Shorten />}
          <Meaning failure={outcome.failure} />
        </FailureCard>
      </div>
    </Own>
  );
}

/** The conversation is too long for its model: it can go out without its beginning. */
function Shorten() {
  const client = useClient();
  const open = useView((view) => view.open);
  return (
    <Button
      data-testid="shorten"
      onPress={() => {
        if (open !== null) client.host.retryWithLess(open).catch((thrown: unknown) => client.report(thrown));
      }}
    >
      <Scissors size={14} aria-hidden="true" />
      Leave out the oldest and try again
    </Button>
  );
}

/** Has another connection of the route asked, which only the person can decide. */
function askNext(client: Client) {
  const { open } = client.view.get();
  if (open !== null) client.host.askNext(open).catch((thrown: unknown) => client.report(thrown));
}

function Coming({ turn, items }: { readonly turn: TurnView; readonly items: readonly ShownItem[] }) {
  if (turn.phase === "held") return <Held held={turn.held} sending={items.at(-1)?.stage === "sending"} />;
  const { slow } = turn;
  return (
    <>
      <Sign turn={turn} items={items} />
      {slow && <Slow slow={slow} />}
    </>
  );
}

/** That something is under way, where nothing else shows it. */
function Sign({ turn, items }: { readonly turn: TurnView; readonly items: readonly ShownItem[] }) {
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
