import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { ConnectionId } from "../gen/ConnectionId";
import type { FindingView } from "../gen/FindingView";
import type { LatencyView } from "../gen/LatencyView";
import type { FakeCore } from "./fake";

/** Subscriptions that go on when a test says so: tests of connections, sign-ins. */
export class FakeSubscriptions<M> {
  /** Called when somebody subscribes, for a script that plays the other side. */
  onBegin: () => void = () => undefined;
  readonly #open = new Map<number, (message: M) => void>();
  #last: number;

  /** `first` is far from the numbers of other subscriptions. */
  constructor(first: number) {
    this.#last = first;
  }

  begin(receive: (message: M) => void): number {
    this.#last += 1;
    this.#open.set(this.#last, receive);
    this.onBegin();
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
  show(message: M): void {
    for (const receive of this.#open.values()) receive(message);
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
    finding: null,
    ...more,
  };
}

/** What was found, as the core tells of it. */
export function findingOf(
  name: FindingView["name"],
  title: string,
  whose: FindingView["whose"],
): FindingView {
  const question = `What does “${title}” mean?`;
  return { name, title, whose, cause: `Why: ${title}.`, remedy: `Mend: ${title}.`, question };
}

/** How long answers took, in fake cores that a test has told that. */
const LATENCIES = new WeakMap<FakeCore, Map<ConnectionId, LatencyView>>();

/** A fake core is to say that of a connection. */
export function setLatency(core: FakeCore, connection: ConnectionId, latency: LatencyView): void {
  const known = LATENCIES.get(core) ?? new Map<ConnectionId, LatencyView>();
  LATENCIES.set(core, known.set(connection, latency));
}

/** How long the answers of a connection took. */
export function latencyOf(core: FakeCore, connection: ConnectionId): LatencyView {
  return LATENCIES.get(core)?.get(connection) ?? { turns: [], today: null };
}
