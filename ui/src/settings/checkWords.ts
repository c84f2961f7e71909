import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { CheckView } from "../gen/CheckView";

/** Each outcome in a word: colour and icon alone say nothing to some. */
export const OUTCOMES: Readonly<Record<CheckOutcome, string>> = {
  waiting: "still to come",
  running: "under way",
  passed: "passed",
  noted: "passed, worth a look",
  failed: "failed",
  skipped: "skipped",
};

/** How long a step took, or how it stands. */
export function took({ ms, outcome }: CheckStep): string {
  if (ms === null) return outcome === "waiting" ? "" : OUTCOMES[outcome];
  if (ms < 1) return "< 1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
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
export function lastWords(check: CheckView): string {
  const over = check.steps.findLast(({ ms }) => ms !== null);
  const running = check.verdict.type === "running";
  if (over === undefined) return running ? "" : verdictWords(check);
  const more = over.outcome === "passed" ? "" : ` ${over.line}`;
  const step = `${over.label}: ${OUTCOMES[over.outcome]}.${more}`;
  return running ? step : `${verdictWords(check)} ${step}`;
}

/** A test that the person has stopped: what had not ended does not end any more. */
export function stopped(check: CheckView | null): CheckView {
  const steps = (check?.steps ?? []).map((step): CheckStep => {
    const open = step.outcome === "waiting" || step.outcome === "running";
    return open ? { ...step, outcome: "skipped" } : step;
  });
  return { steps, verdict: { type: "stopped" }, report: check?.report ?? null };
}
