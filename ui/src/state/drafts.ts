import type { Draft } from "../gen/Draft";
import type { ThreadId } from "../gen/ThreadId";
import type { Host } from "../host/host";
import { rewritten } from "./mentions";
import { Store } from "./store";

/** How long the person has to pause before a draft goes to the core, in milliseconds. */
const PAUSE_MS = 400;

/** Between two messages that become one, and between two quotes. */
const BETWEEN = "\n\n";

/** Whose draft: a thread's, or `null` for the start screen's. */
export type DraftKey = ThreadId | null;

/** A message of which nothing is there yet. */
export const EMPTY_DRAFT: Draft = { text: "", mentions: [], quoted_text: null, tool: null };

/** What was written and not sent, for each thread that was open; the core keeps it, this remembers it meanwhile. */
export class Drafts {
  readonly all = new Store<ReadonlyMap<DraftKey, Draft>>(new Map());
  readonly #host: Host;
  /** Tells this page from others, and from itself before a reload. */
  readonly #page = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #composed = 0;
  /** What the message is called that is being composed. */
  readonly #names = new Map<DraftKey, { readonly content: string; readonly name: string }>();
  readonly #waiting = new Map<DraftKey, ReturnType<typeof setTimeout>>();

  constructor(host: Host) {
    this.#host = host;
  }

  draft(key: DraftKey): Draft {
    return this.all.get().get(key) ?? EMPTY_DRAFT;
  }

  text(key: DraftKey): string {
    return this.draft(key).text;
  }

  /** Takes what the core kept, unless the person has written since. */
  learn(key: DraftKey, draft: Draft): void {
    if (!this.all.get().has(key)) this.#put(key, draft);
  }

  /** The person writes; `caret` is where they stand. */
  write(key: DraftKey, text: string, caret: number | null = null): void {
    this.change(key, rewritten(this.draft(key), text, caret));
  }

  /** The message is another one, or something else stands beside its words. */
  change(key: DraftKey, change: Partial<Draft>): void {
    this.#put(key, { ...this.draft(key), ...change });
    this.anew(key);
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => this.#save(key), PAUSE_MS),
    );
  }

  /** What a message is called: the same until the person writes again, for until then it is the same message. */
  nameOf(key: DraftKey, content: string): string {
    const known = this.#names.get(key);
    if (known?.content === content) return known.name;
    this.#composed += 1;
    const name = `${this.#page}-${this.#composed}`;
    this.#names.set(key, { content, name });
    return name;
  }

  /** What comes next is another message, be it with the same words. */
  anew(key: DraftKey): void {
    this.#names.delete(key);
  }

  /** A message was taken back: it stands before what was written since. */
  giveBack(key: DraftKey, draft: Draft): void {
    this.change(key, joined(draft, this.draft(key)));
  }

  /** The thread is gone; if it comes back, the core knows what was written. */
  forget(key: DraftKey): void {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    const all = new Map(this.all.get());
    if (all.delete(key)) this.all.set(all);
  }

  /** The draft is being sent; `rest` stays for the next one. */
  clear(key: DraftKey, rest: Draft = EMPTY_DRAFT): void {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#put(key, rest);
  }

  /** Saves what is there now: the core may have kept what was sent meanwhile. */
  save(key: DraftKey): void {
    clearTimeout(this.#waiting.get(key));
    this.#save(key);
  }

  /** Saves what waits, before the page or the thread goes away. */
  flush(): void {
    for (const key of [...this.#waiting.keys()]) this.save(key);
  }

  #put(key: DraftKey, draft: Draft): void {
    if (same(this.all.get().get(key), draft)) return;
    this.all.set(new Map(this.all.get()).set(key, draft));
  }

  #save(key: DraftKey): void {
    this.#waiting.delete(key);
    // A draft that cannot be saved is still in the page; the core tells of a full disk by itself.
    this.#host.saveDraft(key, this.draft(key)).catch(() => undefined);
  }
}

function same(one: Draft | undefined, other: Draft): boolean {
  const keys = Object.keys(EMPTY_DRAFT) as (keyof Draft)[];
  return one !== undefined && keys.every((key) => one[key] === other[key]);
}

/** One message of two, as the core puts them together. */
function joined(first: Draft, since: Draft): Draft {
  const quotes = [first.quoted_text, since.quoted_text].filter((quote) => quote !== null);
  const beside = {
    quoted_text: quotes.length === 0 ? null : quotes.join(BETWEEN),
    tool: since.tool ?? first.tool,
  };
  if (since.text.trim() === "") return { ...first, ...beside };
  const head = first.text + BETWEEN;
  const later = since.mentions.map((mention) => ({ ...mention, at: mention.at + head.length }));
  return { text: head + since.text, mentions: [...first.mentions, ...later], ...beside };
}
