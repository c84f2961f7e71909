import { useEffect, useRef, useState } from "react";
import { left } from "../design/useLeft";
import { useClient } from "../state/context";
import type { ShownItem, ThreadState } from "../state/thread";
import { announce } from "./announcer";
import { handoverWords } from "./handover";
import { slowWords } from "./slowWords";
import { wants } from "./wants";

/** How often the growing answer is looked at, in milliseconds; a sentence is said at most this late. */
const EVERY_MS = 1000;

/** Says finished sentences and ends of turns to screen readers. The text itself is silent while it grows. */
export function Announcer() {
  const client = useClient();
  const [said, setSaid] = useState({ number: 0, text: "" });
  const progress = useRef<Progress | null>(null);

  useEffect(() => {
    const say = (text: string) => setSaid((before) => ({ number: before.number + 1, text }));
    const look = () => {
      const { id, thread } = client.thread.state.get();
      const step = advance(progress.current, id, thread);
      progress.current = step.progress;
      if (step.say !== null) say(step.say);
    };
    // The end of a turn is said at once; sentences in between are gathered.
    let { thread } = client.thread.state.get();
    const unsubscribe = client.thread.state.subscribe(() => {
      const before = thread;
      thread = client.thread.state.get().thread;
      // So is what the person is asked; text changes no items.
      if (thread?.turn.phase !== before?.turn.phase || isWanting(before, thread)) look();
    });
    const timer = setInterval(() => {
      if (progress.current?.running) look();
    }, EVERY_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [client]);

  return (
    <div className="visually-hidden" aria-live="polite" role="status" data-testid="announcer">
      <span key={said.number}>{said.text}</span>
    </div>
  );
}

/** Whether something may have come that is said at once. */
function isWanting(before: ThreadState | null, now: ThreadState | null): boolean {
  if (now === null || before?.items === now.items) return false;
  const known = new Set((before === null ? [] : wants(before)).map(({ key }) => key));
  return wants(now).some(({ key }) => !known.has(key));
}

/** What was said of a thread. */
export interface Progress {
  readonly thread: string | null;
  readonly running: boolean;
  /** Whether it waits for its server. */
  readonly held: boolean;
  /** The answer being read, and how many characters of it were said. */
  readonly item: string | null;
  readonly spoken: number;
  /** What has come that is no text, by the keys of {@link wants}. */
  readonly wanted: ReadonlySet<string>;
  /** What of the turn was said to be slow, if anything was. */
  readonly slow: string | null;
}

/** What to say now, and what is said then. */
export function advance(
  before: Progress | null,
  id: string | null,
  thread: ThreadState | null,
): { readonly progress: Progress | null; readonly say: string | null } {
  if (id === null || thread === null) return { progress: null, say: null };
  const running = thread.turn.phase !== "idle";
  const answer = thread.items.findLast((item) => item.body.kind === "assistant_message");
  const text = answer === undefined ? "" : plainText(answer);
  const key = answer?.key ?? null;
  const mine = before?.thread === id ? before : null;
  const all = wants(thread);
  const wanted = new Set(all.map((want) => want.key));
  const fresh = all.filter((want) => mine?.wanted.has(want.key) === false).map((want) => want.words);
  const asked = joined(...fresh);
  // One that waited and is being taken back has still not gone out.
  const held = thread.turn.phase === "held" || (thread.turn.phase === "stopping" && mine?.held === true);
  const slow = running ? (thread.turn.slow?.what.type ?? mine?.slow ?? null) : null;
  if (mine === null || (running && !mine.running)) {
    // What stood there before is known; only what comes now is said. A thread opened in mid-answer starts here.
    const say = mine === null ? null : joined(held ? holding(thread) : null, asked);
    return { progress: { thread: id, running, held, item: key, spoken: text.length, wanted, slow }, say };
  }
  if (!running && !mine.running)
    return { progress: { ...mine, item: key, spoken: text.length, wanted, slow }, say: joined(asked) };
  const spoken = mine.item === key ? mine.spoken : 0;
  const next = announce(text, spoken, !running);
  const handover = mine.item === key ? null : handoverBefore(thread, answer);
  const end = running ? waiting(thread, mine.held, held) : ending(thread, mine.held);
  return {
    progress: { thread: id, running, held, item: key, spoken: next.spoken, wanted, slow },
    say: joined(handover, next.say, end, asked, slow === mine.slow ? null : slowness(thread)),
  };
}

/** What there is to say, in one go. */
function joined(...words: readonly (string | null)[]): string | null {
  const said = words.filter((one) => one !== null && one !== "").join(" ");
  return said === "" ? null : said;
}

/** That it is another one of the route who answers, where a line says so just before the answer. */
function handoverBefore({ items }: ThreadState, answer: ShownItem | undefined): string | null {
  const body = answer === undefined ? undefined : items[items.indexOf(answer) - 1]?.body;
  return body?.kind === "handover" ? handoverWords(body.to, body.why) : null;
}

function plainText(item: ShownItem): string {
  return item.body.kind === "assistant_message"
    ? item.body.parts.map((part) => part.plainText).join("\n")
    : "";
}

/** Why a message waits, and for how long: said once, at the beginning. */
function holding({ turn }: ThreadState): string {
  const { why, until } = turn.held ?? { why: "unreachable", until: null };
  if (why === "unreachable") return "The server cannot be reached. Your message waits until it can.";
  const reason = why === "own_limit" ? "Your limit of messages is reached." : "The server asks to wait.";
  const rest = until === null ? 0 : Math.max(0, until - Date.now());
  return `${reason} Your message waits${rest === 0 ? "." : `, and goes out in ${left(rest)}.`}`;
}

/** That the answer is slower than usual: said once for each thing that is. */
function slowness({ turn }: ThreadState): string | null {
  return turn.slow ? slowWords(turn.slow.what, Date.now()) : null;
}

/** What is said when a message begins to wait, or goes out. */
function waiting(thread: ThreadState, before: boolean, now: boolean): string | null {
  if (before === now) return null;
  return now ? holding(thread) : "Your message is being sent.";
}

function ending(thread: ThreadState, held: boolean): string {
  const { outcome } = thread.turn;
  switch (outcome?.type) {
    case "stopped":
      return held ? "Your message was taken back." : "Answer stopped.";
    case "interrupted":
      return `The answer was interrupted. ${outcome.failure.message}`;
    case "failed":
      return `No answer. ${outcome.failure.message}`;
    default:
      return "End of answer.";
  }
}
