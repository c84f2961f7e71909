import { ArrowUp, Square, Undo2 } from "lucide-react";
import type { RefObject } from "react";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import type { TurnPhase } from "../gen/TurnPhase";
import type { Client } from "../state/client";
import { useClient, useConnection, useOpenThread } from "../state/context";
import styles from "./Composer.module.css";
import { toComposer } from "./place";

const css = classes(styles);

/** How long the second press of a double click may come after the first, in milliseconds. */
const DOUBLE_MS = 500;

/** What the button is called that ends a turn, where that is not to stop an answer. */
const STOPS: Readonly<Partial<Record<TurnPhase, string>>> = { held: "Take back", stopping: "Stopping" };

/** Takes back the message that waits for its server; its text is in the field, and so is the person. */
export function takeBack(client: Client) {
  client.stop();
  toComposer();
}

/** The one button: it sends, or stops what is coming. */
export function SendOrStop({
  running,
  phase,
  canSend,
  pressedAt,
}: {
  readonly running: boolean;
  readonly phase: TurnPhase;
  readonly canSend: boolean;
  readonly pressedAt: RefObject<number>;
}) {
  const client = useClient();
  const unwanted = useOpenThread(({ thread }) => thread?.turn.stop_unwanted === true);
  const name = useConnection()?.name ?? "The server";
  function stop() {
    // One button stands where the other stood: the second press of a double click was not meant for it.
    if (performance.now() - pressedAt.current < DOUBLE_MS) return;
    if (phase === "held") takeBack(client);
    else client.stop();
  }
  return (
    <div className={css("action", running ? "stop" : "send")}>
      {running ? (
        <IconButton
          key="stop"
          data-testid="composer-button"
          data-action="stop"
          label={unwanted ? `${name} asks not to be stopped. Stop all the same` : (STOPS[phase] ?? "Stop")}
          {...(!unwanted && { hint: "Esc" })}
          isDisabled={phase === "stopping"}
          onPress={stop}
        >
          {phase === "held" ? <Undo2 size={17} /> : <Square size={13} fill="currentColor" />}
        </IconButton>
      ) : (
        <IconButton
          key="send"
          data-testid="composer-button"
          data-action="send"
          type="submit"
          label="Send"
          hint="Enter"
          isDisabled={!canSend}
        >
          <ArrowUp size={18} strokeWidth={2.25} />
        </IconButton>
      )}
    </div>
  );
}
