import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { CheckView } from "../gen/CheckView";

type Receive = (check: CheckView) => void;

/** Far from the numbers of other subscriptions. */
const FIRST = 1_000_000;

/** Tests of connections, which go on when a test says so. */
export class FakeChecks {
  readonly #open = new Map<number, Receive>();
  #last = FIRST;

  begin(receive: Receive): number {
    this.#last += 1;
    this.#open.set(this.#last, receive);
    return this.#last;
  }

  end(subscription: number): void {
    this.#open.delete(subscription);
  }

  /** How many are watched. */
  get open(): number {
    return this.#open.size;
  }

  /** Whoever watches sees this. */
  show(check: CheckView): void {
    for (const receive of this.#open.values()) receive(check);
  }
}

/** A step, as the core tells of it. */
export function stepOf(label: string, outcome: CheckOutcome, more: Partial<CheckStep> = {}): CheckStep {
  const over = outcome === "passed" || outcome === "noted" || outcome === "failed";
  return {
    kind: "name",
    label,
    outcome,
    ms: over ? 12.4 : null,
    line: over ? `About ${label}.` : "",
    facts: [],
    failure: null,
    ...more,
  };
}
