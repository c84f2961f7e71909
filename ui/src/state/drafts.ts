import type { ThreadId } from "../gen/ThreadId";
import type { Host } from "../host/host";
import { Store } from "./store";

/** How long the person has to pause before a draft goes to the core, in milliseconds. */
const PAUSE_MS = 400;

/** Whose draft: a thread's, or `null` for the start screen's. */
export type DraftKey = ThreadId | null;

/** What was written and not sent, for each thread that was open; the core keeps it, this remembers it meanwhile. */
export class Drafts {
  readonly texts = new Store<ReadonlyMap<DraftKey, string>>(new Map());
  readonly #host: Host;
  readonly #waiting = new Map<DraftKey, ReturnType<typeof setTimeout>>();

  constructor(host: Host) {
    this.#host = host;
  }

  text(key: DraftKey): string {
    return this.texts.get().get(key) ?? "";
  }

  /** Takes what the core kept, unless the person has written since. */
  learn(key: DraftKey, text: string): void {
    if (!this.texts.get().has(key)) this.#put(key, text);
  }

  /** The person writes. */
  write(key: DraftKey, text: string): void {
    this.#put(key, text);
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => this.#save(key), PAUSE_MS),
    );
  }

  /** A message was taken back: it stands before what was written since. */
  giveBack(key: DraftKey, text: string): void {
    const now = this.text(key);
    this.write(key, now.trim() === "" ? text : `${text}\n\n${now}`);
  }

  /** The thread is gone; if it comes back, the core knows what was written. */
  forget(key: DraftKey): void {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    const texts = new Map(this.texts.get());
    if (texts.delete(key)) this.texts.set(texts);
  }

  /** The draft was sent, and the core knows it. */
  clear(key: DraftKey): void {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#put(key, "");
  }

  /** Saves what waits, before the page or the thread goes away. */
  flush(): void {
    for (const [key, timer] of [...this.#waiting]) {
      clearTimeout(timer);
      this.#save(key);
    }
  }

  #put(key: DraftKey, text: string): void {
    if (this.texts.get().get(key) === text) return;
    this.texts.set(new Map(this.texts.get()).set(key, text));
  }

  #save(key: DraftKey): void {
    this.#waiting.delete(key);
    // A draft that cannot be saved is still in the page; the core tells of a full disk by itself.
    this.#host.saveDraft(key, this.text(key)).catch(() => undefined);
  }
}
