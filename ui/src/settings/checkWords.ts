import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { CheckView } from "../gen/CheckView";
import type { Whose } from "../gen/Whose";

/** Each outcome in a word: colour and icon alone say nothing to some. */
export const OUTCOMES: Readonly<Record<CheckOutcome, string>> = {
  waiting: "still to come",
  running: "under way",
  passed: "passed",
  noted: "passed, worth a look",
  failed: "failed",
  skipped: "skipped",
};

/** Who can mend what was found. */
export const WHOSE: Readonly<Record<Whose, string>> = {
  server: "The server’s to mend",
  network: "The network’s to mend",
  settings: "Yours to mend, in the settings",
  computer: "To be mended on this computer",
  nobody: "It passes by itself",
};

/** How long a step took, or how it stands. */
export function took({ ms, outcome }: CheckStep): string {
  if (ms === null) return outcome === "waiting" ? "" : OUTCOMES[outcome];
  return span(ms);
}

/** Milliseconds as a person reads them. */
export function span(ms: number): string {
  if (ms < 1) return "< 1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function whole({ steps }: CheckView): number {
  return steps.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
}

/** How long all of a test took. */
export function lasted(check: CheckView): string {
  return `in ${span(whole(check))}`;
}

/** Which part of that a step took, from 0 to 1. */
export function share({ ms }: CheckStep, check: CheckView): number {
  const all = whole(check);
  return ms === null || all === 0 ? 0 : ms / all;
}

/** Whether a test has come to its own end. */
export function isOver({ verdict }: CheckView): boolean {
  return verdict.type === "works" || verdict.type === "fails";
}

/** The same test, as it is before its first step. */
export function begunAnew(check: CheckView): CheckView {
  const nothing = {
    outcome: "waiting",
    ms: null,
    line: "",
    facts: [],
    failure: null,
    finding: null,
  } as const;
  const steps = check.steps.map((step): CheckStep => ({ ...step, ...nothing, facts: [] }));
  return { steps, verdict: { type: "running" }, report: null };
}

/** The same step in the test before: steps of a kind come in the same order, and may be called otherwise. */
export function before(step: CheckStep, check: CheckView, last: CheckView): CheckStep | undefined {
  const alike = (view: CheckView) => view.steps.filter(({ kind }) => kind === step.kind);
  return alike(last)[alike(check).indexOf(step)];
}

/** What is shown of a step that is otherwise than before. */
interface Change {
  readonly words: string;
  readonly better: boolean;
}

/** From which difference on times differ: both in milliseconds and as a part of the time before. */
const DIFFERS_MS = 20;
const DIFFERS_BY = 0.25;

/** What has changed in a step since the test before. */
export function change(was: CheckStep, step: CheckStep): Change | null {
  const ended = [was, step].every(({ outcome }) => outcome !== "skipped");
  if (!ended) return null;
  if (step.outcome === "waiting" || step.outcome === "running") {
    return { words: `before: ${OUTCOMES[was.outcome]}`, better: false };
  }
  if (step.outcome !== was.outcome) {
    if (was.outcome === "failed") return { words: "works now", better: true };
    if (step.outcome === "failed") return { words: "worked before", better: false };
    return step.outcome === "passed"
      ? { words: "as it should be now", better: true }
      : { words: "new", better: false };
  }
  const more = (step.ms ?? 0) - (was.ms ?? 0);
  if (Math.abs(more) < DIFFERS_MS || Math.abs(more) < DIFFERS_BY * (was.ms ?? 0)) return null;
  return more < 0
    ? { words: `${span(-more)} faster`, better: true }
    : { words: `${span(more)} slower`, better: false };
}

/** What a test has to tell that the one before it had not. */
export function comparison(check: CheckView, last: CheckView): string {
  const changes = check.steps.flatMap((step) => {
    const was = before(step, check, last);
    const changed = was === undefined ? null : change(was, step);
    return changed === null ? [] : `${step.label} ${changed.words}`;
  });
  return changes.length === 0
    ? "Nothing has changed since the last test."
    : `Since the last test: ${changes.join("; ")}.`;
}

/** What came of a test, in a sentence. */
export function verdictWords({ verdict, steps }: CheckView): string {
  switch (verdict.type) {
    case "running":
      return "Testing…";
    case "stopped":
      return "The test was stopped.";
    case "fails":
      return "The connection does not work.";
    case "works":
      return steps.some(({ outcome }) => outcome === "noted")
        ? "The connection works. Something about it is worth a look."
        : "The connection works.";
  }
}

/** What is to be said aloud now: the step that has just ended, and at the end what came of it all. */
export function lastWords(check: CheckView, last: CheckView | null = null): string {
  const over = check.steps.findLast(({ ms }) => ms !== null);
  const running = check.verdict.type === "running";
  if (over === undefined) return running ? "" : verdictWords(check);
  const more = over.outcome === "passed" ? "" : ` ${over.line}`;
  const finding = over.finding === null ? "" : ` ${over.finding.title}. ${WHOSE[over.finding.whose]}.`;
  const step = `${over.label}: ${OUTCOMES[over.outcome]}.${more}${finding}`;
  if (running) return step;
  const changed = last === null ? "" : ` ${comparison(check, last)}`;
  return `${verdictWords(check)} ${step}${changed}`;
}

/** A test that the person has stopped: what had not ended does not end any more. */
export function stopped(check: CheckView | null): CheckView {
  const steps = (check?.steps ?? []).map((step): CheckStep => {
    const open = step.outcome === "waiting" || step.outcome === "running";
    return open ? { ...step, outcome: "skipped" } : step;
  });
  return { steps, verdict: { type: "stopped" }, report: check?.report ?? null };
}
