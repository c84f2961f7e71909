import type { Failure } from "../gen/Failure";
import type { ItemId } from "../gen/ItemId";
import type { ThreadId } from "../gen/ThreadId";
import { asFailure, type Host, type Unsubscribe } from "../host/host";
import { bringBack, endOfAway, type Near, sendAway } from "./away";
import type { Drafts } from "./drafts";
import { Store } from "./store";
import { dismissNotice, prependOlder, reduceThread, type ThreadState } from "./thread";

/** The thread on screen, as far as it has come. */
export interface OpenThreadState {
  readonly id: ThreadId | null;
  /** Nothing until the first snapshot. */
  readonly thread: ThreadState | null;
  /** Why it cannot be shown. */
  readonly failure: Failure | null;
  readonly loadingOlder: boolean;
}

const NOTHING: OpenThreadState = { id: null, thread: null, failure: null, loadingOlder: false };

/** Follows one thread at a time. The stream is the core's: leaving a thread stops nothing in it. */
export class OpenThread {
  readonly state = new Store<OpenThreadState>(NOTHING);
  readonly #host: Host;
  readonly #drafts: Drafts;
  /** Counts the subscriptions, so that the answer to an old one is known as old. */
  #generation = 0;
  #leave: Unsubscribe | null = null;
  /** The item that was wanted last of those that are away. */
  #wanted: ItemId | null = null;
  #bringing = false;

  constructor(host: Host, drafts: Drafts) {
    this.#host = host;
    this.#drafts = drafts;
  }

  /** Shows another thread, or none; the same one again subscribes anew. */
  show(id: ThreadId | null): void {
    this.#generation += 1;
    this.#leave?.();
    this.#leave = null;
    this.#wanted = null;
    this.state.set({ ...NOTHING, id });
    if (id !== null) void this.#subscribe(id, this.#generation);
  }

  /** Asks for the items before the first, unless that is under way. */
  async loadOlder(): Promise<void> {
    const { id, thread, loadingOlder } = this.state.get();
    const first = thread?.items[0];
    if (id === null || first === undefined || !thread?.hasOlder || loadingOlder) return;
    const generation = this.#generation;
    this.#change({ loadingOlder: true, failure: null });
    try {
      const older = await this.#host.loadOlder(id, first.id);
      const current = this.state.get().thread;
      if (generation !== this.#generation || current === null) return;
      // A snapshot may have come meanwhile; what is older then belongs to another beginning.
      if (current.items[0]?.id === first.id) this.#change({ thread: prependOlder(current, older) });
    } catch (thrown) {
      if (generation === this.#generation) this.#change({ failure: asFailure(thrown) });
    } finally {
      if (generation === this.#generation) this.#change({ loadingOlder: false });
    }
  }

  /** Lets go of what the items hold that are far from the view. */
  keepNear(near: Near): void {
    const { thread } = this.state.get();
    if (thread !== null) this.#change({ thread: sendAway(thread, near) });
  }

  /** Asks for what an item holds that is away. Of several that are asked for meanwhile the last is the one in view. */
  async bring(item: ItemId): Promise<void> {
    this.#wanted = item;
    if (this.#bringing) return;
    this.#bringing = true;
    try {
      while (this.#wanted !== null) {
        const wanted: ItemId = this.#wanted;
        this.#wanted = null;
        await this.#bringOne(wanted);
      }
    } finally {
      this.#bringing = false;
    }
  }

  async #bringOne(item: ItemId): Promise<void> {
    const { id, thread } = this.state.get();
    const before = thread === null ? null : endOfAway(thread, item);
    if (id === null || before === null) return;
    const generation = this.#generation;
    try {
      const { items } = await this.#host.loadOlder(id, before);
      const current = this.state.get().thread;
      if (generation === this.#generation && current !== null)
        this.#change({ thread: bringBack(current, items) });
    } catch (thrown) {
      if (generation === this.#generation) this.#change({ failure: asFailure(thrown) });
    }
  }

  dismissNotice(number: number): void {
    const { thread } = this.state.get();
    if (thread !== null) this.#change({ thread: dismissNotice(thread, number) });
  }

  async #subscribe(id: ThreadId, generation: number): Promise<void> {
    try {
      const leave = await this.#host.subscribeThread(id, (message) => {
        if (generation !== this.#generation) return;
        const thread = reduceThread(this.state.get().thread, message);
        if (message.type === "snapshot") this.#drafts.learn(id, message.draft);
        else for (const op of message.ops) if (op.op === "taken_back") this.#drafts.giveBack(id, op.draft);
        this.#change({ thread });
      });
      if (generation === this.#generation) this.#leave = leave;
      else leave();
    } catch (thrown) {
      if (generation === this.#generation) this.#change({ failure: asFailure(thrown) });
    }
  }

  /** Wakes the page only if something differs: text that goes into a document changes nothing here. */
  #change(change: Partial<OpenThreadState>): void {
    const before = this.state.get();
    const after = { ...before, ...change };
    const same = (Object.keys(after) as (keyof OpenThreadState)[]).every((key) => after[key] === before[key]);
    if (!same) this.state.set(after);
  }
}
