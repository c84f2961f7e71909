import { CloudOff, Hourglass, Send, Undo2 } from "lucide-react";
import { useState } from "react";
import { takeBack } from "../composer/SendOrStop";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { left, useLeft } from "../design/useLeft";
import { Detail } from "../failure/FailureCard";
import type { Failure } from "../gen/Failure";
import type { HeldView } from "../gen/HeldView";
import { useClient, useConnection, useOpenThread } from "../state/context";
import below from "./Below.module.css";
import styles from "./Held.module.css";

const css = classes(below, styles);

/**
 * Under a message that waits: why, until when, and the two ways out. The core sends it by itself; the clock here only
 * counts down to that.
 */
export function Held({ held, sending }: { readonly held: HeldView | null; readonly sending: boolean }) {
  const client = useClient();
  const name = useConnection()?.name ?? "the server";
  const Icon = held?.why === "unreachable" || held === null ? CloudOff : Hourglass;
  return (
    <section
      className={css("line", "held")}
      data-testid="held"
      data-why={held?.why ?? "unreachable"}
      aria-label="Waiting"
    >
      <p className={css("words")}>
        <Icon size={15} aria-hidden="true" />
        <span>
          {why(held, name, sending)}
          {held !== null && held.until !== null && (
            <Countdown key={held.until} until={held.until} sending={sending} />
          )}
        </span>
      </p>
      <div className={css("choices")}>
        <SendNow key={held?.until ?? 0} label={sending ? "Send now" : "Try now"} />
        <Button weight="quiet" data-testid="take-back" onPress={() => takeBack(client)}>
          <Undo2 size={14} aria-hidden="true" />
          {sending ? "Take back" : "Stop waiting"}
        </Button>
      </div>
      {typeof held?.failure?.message === "string" && (
        <div className={css("said")}>
          <Detail text={told(held.failure)} />
        </div>
      )}
    </section>
  );
}

/** What the server said, for whoever wants to know more. */
function told({ message, detail }: Failure): string {
  return typeof detail === "string" ? `${message}\n\n${detail}` : message;
}

function why(held: HeldView | null, name: string, sending: boolean): string {
  switch (held?.why) {
    case "rate_limited":
      return `${name} asks to wait`;
    case "own_limit":
      return `Your limit for ${name} is reached`;
    default:
      return sending ? `Will be sent when ${name} can be reached.` : `Goes on when ${name} can be reached.`;
  }
}

/** Read aloud only by whoever goes there: a timer is silent by itself, and the beginning and the end are announced. */
function Countdown({ until, sending }: { readonly until: number; readonly sending: boolean }) {
  const rest = useLeft(until);
  const goes = sending ? "goes out" : "goes on";
  return (
    <>
      {": "}
      <span role="timer" className={css("timer")} data-testid="countdown">
        {rest === 0 ? `${goes} now` : `${goes} in ${left(rest)}`}
      </span>
    </>
  );
}

function SendNow({ label }: { readonly label: string }) {
  const client = useClient();
  const thread = useOpenThread(({ id }) => id);
  const [trying, setTrying] = useState(false);
  function send() {
    if (trying || thread === null) return;
    setTrying(true);
    client.host
      .sendNow(thread)
      .catch((thrown: unknown) => client.report(thrown))
      .finally(() => setTrying(false));
  }
  return (
    <Button data-testid="send-now" onPress={send}>
      <Send size={14} aria-hidden="true" />
      {trying ? "Trying…" : label}
    </Button>
  );
}
