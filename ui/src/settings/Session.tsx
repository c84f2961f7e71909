import { classes } from "../design/classes";
import type { SessionView } from "../gen/SessionView";
import styles from "./Connections.module.css";

const css = classes(styles);

/** From what difference on two clocks are told apart to the person, in milliseconds. */
const APART = 60_000;

/** The session of a connection: how far it is, until when, and what the server said of it. */
export function Session({ session }: { readonly session: SessionView }) {
  return <TimeWindow testId="session" session={session} words={words(session)} fields={session.fields} />;
}

/** What is good for a time: how far it is, until when, and what was said of it by whoever gave it. */
export function TimeWindow({
  testId,
  session,
  words,
  fields,
}: {
  readonly testId: string;
  readonly session: SessionView;
  readonly words: string;
  readonly fields: SessionView["fields"];
}) {
  const { ahead, phase } = session;
  return (
    <div className={css("session")} data-testid={testId} data-phase={phase.type}>
      {words !== "" && <p>{words}</p>}
      {Math.abs(ahead) >= APART && <p>{clock(ahead)}</p>}
      {fields.length > 0 && (
        <dl className={css("fields")}>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function words({ phase, ends }: SessionView): string {
  switch (phase.type) {
    case "absent":
      return "No session yet; the next message makes one.";
    case "fetching":
      return "Asking for a session…";
    case "live":
      return ends === null
        ? "Session live, until the server ends it."
        : `Session live until ${time(ends)}; it is renewed before.`;
    case "renewing":
      return "Session live; it is being renewed.";
    case "waiting":
      return `No session. The next try makes sense at ${time(phase.until)}; “Test” tries now.`;
    case "refused":
      return "No session.";
    case "signed_out":
      return "Signed out.";
  }
}

function clock(ahead: number): string {
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  const far = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `The server's clock is ${far} ${ahead > 0 ? "ahead of" : "behind"} this computer's; that is allowed for.`;
}

/** A moment as one says it: without the day, if it is today. In milliseconds since 1970 UTC. */
export function time(milliseconds: number): string {
  const date = new Date(milliseconds);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(
    undefined,
    today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" },
  );
}
