import type { ThreadId } from "../gen/ThreadId";
import type { Client } from "../state/client";
import { Store } from "../state/store";
import { NOTHING, type WireRecord, withNews } from "./record";

/** Whether requests of all conversations are shown, or of the one on screen. */
export type Scope = "conversation" | "everything";

interface DeveloperState {
  readonly open: boolean;
  readonly scope: Scope;
  readonly record: WireRecord;
}

/** How long it is waited after the core could not answer, in milliseconds. */
const AGAIN_MS = 2_000;

/** What goes over the wire, as long as somebody looks. */
export class Developer {
  readonly state = new Store<DeveloperState>({ open: false, scope: "conversation", record: NOTHING });
  readonly #client: Client;
  /** Changes when something else is to be followed. */
  #turn = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  show(): void {
    if (this.state.get().open) return;
    this.#change({ open: true });
    this.#client.host.recordWire("on").catch(this.#failed);
  }

  /** What was recorded stays, and nothing is added. */
  close(): void {
    this.#turn += 1;
    this.#change({ open: false, record: NOTHING });
    this.#client.host.recordWire("off").catch(this.#failed);
  }

  toggle(): void {
    if (this.state.get().open) this.close();
    else this.show();
  }

  /** A page that was loaded anew shows again what it showed. */
  async restore(): Promise<void> {
    const recording = await this.#client.host.wireRecording().catch(() => "off");
    if (recording === "on") this.#change({ open: true });
  }

  setScope(scope: Scope): void {
    this.#change({ scope });
  }

  clear(): void {
    this.#client.host.clearWire().catch(this.#failed);
  }

  /** Follows what goes over the wire for a conversation, or for everything, until the answer is called. */
  follow(thread: ThreadId | null): () => void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#change({ record: NOTHING });
    void this.#run(thread, turn);
    return () => {
      if (this.#turn === turn) this.#turn += 1;
    };
  }

  async #run(thread: ThreadId | null, turn: number): Promise<void> {
    while (this.#turn === turn) {
      try {
        // One message at a time: whatever comes while the page is slow is in the next one.
        const news = await this.#client.host.wireNews(thread, this.state.get().record.revision);
        if (this.#turn === turn) this.#change({ record: withNews(this.state.get().record, news) });
      } catch {
        // The conversation may have gone meanwhile; then something else is followed soon.
        await new Promise((wake) => setTimeout(wake, AGAIN_MS));
      }
    }
  }

  readonly #failed = (thrown: unknown): void => this.#client.report(thrown);

  #change(change: Partial<DeveloperState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

const known = new WeakMap<Client, Developer>();

/** The developer view of a window. */
export function developerOf(client: Client): Developer {
  const developer = known.get(client) ?? new Developer(client);
  known.set(client, developer);
  return developer;
}
