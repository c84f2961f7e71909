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
  /** Tells this page from others, and from itself before a reload. */
  readonly #page = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #composed = 0;
  /** What the message is called that is being composed. */
  readonly #names = new Map<DraftKey, { readonly text: string; readonly name: string }>();
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
    this.anew(key);
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => this.#save(key), PAUSE_MS),
    );
  }

  /** What a message is called: the same until the person writes again, for until then it is the same message. */
  nameOf(key: DraftKey, text: string): string {
    const known = this.#names.get(key);
    if (known?.text === text) return known.name;
    this.#composed += 1;
    const name = `${this.#page}-${this.#composed}`;
    this.#names.set(key, { text, name });
    return name;
  }

  /** What comes next is another message, be it with the same words. */
  anew(key: DraftKey): void {
    this.#names.delete(key);
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
