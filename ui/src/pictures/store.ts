import type { Failure } from "../gen/Failure";
import type { FailureCode } from "../gen/FailureCode";
import type { ThreadId } from "../gen/ThreadId";
import { asFailure, type Host } from "../host/host";

/** How far a picture has come. */
export type PictureState =
  | { readonly type: "loading" }
  | { readonly type: "shown"; readonly src: string; readonly width: number; readonly height: number }
  /** The person has to say first whether this host may know that they look at it. */
  | { readonly type: "asking"; readonly host: string }
  | { readonly type: "failed"; readonly failure: Failure };

/** How large a picture is, in its own pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What another try ends like: what came is no picture, or nothing may be asked for at this address. */
const FINAL: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "no_picture",
  "too_large",
  "bad_address",
  "unencrypted",
]);

/** Whether a picture that failed may come another time. */
export function mayCome({ code }: Failure): boolean {
  return !FINAL.has(code);
}

type Watcher = (state: PictureState) => void;

/** A picture that somebody looks at, or did a moment ago. */
interface Entry {
  readonly thread: ThreadId;
  readonly url: string;
  state: PictureState;
  readonly watchers: Set<Watcher>;
  /** Hosts that may know, this once. */
  once: readonly string[];
  /** When it goes, if nobody looks. */
  leaving: ReturnType<typeof setTimeout> | null;
}

/** How long a picture stays after the last one looked away, in milliseconds: text that streams is drawn anew at its end. */
const LINGER_MS = 10_000;

/** Of how many pictures the size is known after they have gone, so that their place is theirs when they come again. */
const SIZES = 500;

/** How long their addresses may be, in UTF-16 units: one that holds its picture would stay as a whole. */
const LONGEST = 2048;

/** The pictures on the page. The core fetches and keeps them; here are the addresses by which the page draws them. */
export class Pictures {
  readonly #host: Host;
  readonly #entries = new Map<string, Entry>();
  readonly #sizes = new Map<string, Size>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** How large a picture is, if it was seen before. */
  size(url: string): Size | null {
    return this.#sizes.get(url) ?? null;
  }

  /** Whether a picture need not be asked for. */
  has(thread: ThreadId, url: string): boolean {
    return this.#entries.get(key(thread, url))?.state.type === "shown";
  }

  /** Looks at a picture, which is fetched if it has to be, until the returned function is called. */
  watch(thread: ThreadId, url: string, watcher: Watcher): () => void {
    const entry = this.#entries.get(key(thread, url)) ?? this.#begin(thread, url);
    if (entry.leaving !== null) clearTimeout(entry.leaving);
    entry.leaving = null;
    entry.watchers.add(watcher);
    watcher(entry.state);
    return () => {
      entry.watchers.delete(watcher);
      if (entry.watchers.size > 0) return;
      entry.leaving = setTimeout(() => this.#leave(entry), LINGER_MS);
    };
  }

  /** Asks for it once more. */
  retry(thread: ThreadId, url: string): void {
    const entry = this.#entries.get(key(thread, url));
    if (entry !== undefined) this.#load(entry, null);
  }

  /** The person lets a host know that they look at this picture. */
  allowOnce(thread: ThreadId, url: string, host: string): void {
    const entry = this.#entries.get(key(thread, url));
    if (entry === undefined) return;
    entry.once = [...entry.once, host];
    this.#load(entry, null);
  }

  /** The person lets a host know of every picture of the conversation. All that wait for that are asked for. */
  allowAlways(thread: ThreadId, host: string): void {
    for (const entry of this.#entries.values()) {
      const { state } = entry;
      if (entry.thread === thread && state.type === "asking" && state.host === host) this.#load(entry, host);
    }
  }

  /** The page could not draw it. */
  undrawn(thread: ThreadId, url: string): void {
    const entry = this.#entries.get(key(thread, url));
    const failure: Failure = { code: "no_picture", message: "The picture is damaged and cannot be drawn." };
    if (entry !== undefined) this.#set(entry, { type: "failed", failure });
  }

  #begin(thread: ThreadId, url: string): Entry {
    const state = { type: "loading" } as const;
    const entry: Entry = { thread, url, state, watchers: new Set(), once: [], leaving: null };
    this.#entries.set(key(thread, url), entry);
    this.#load(entry, null);
    return entry;
  }

  #load(entry: Entry, always: string | null): void {
    this.#set(entry, { type: "loading" });
    const { thread, url, once } = entry;
    const isHere = () => this.#entries.get(key(thread, url)) === entry && entry.once === once;
    this.#host.picture(thread, url, once, always).then(
      (answer) => {
        if (!isHere()) return;
        if (answer.type === "not_allowed") {
          this.#set(entry, { type: "asking", host: answer.host });
          return;
        }
        const { blob, width, height } = answer;
        this.#remember(url, { width, height });
        this.#set(entry, { type: "shown", src: URL.createObjectURL(blob), width, height });
      },
      (thrown: unknown) => {
        if (isHere()) this.#set(entry, { type: "failed", failure: asFailure(thrown) });
      },
    );
  }

  #set(entry: Entry, state: PictureState): void {
    if (entry.state.type === "shown") URL.revokeObjectURL(entry.state.src);
    entry.state = state;
    for (const watcher of [...entry.watchers]) watcher(state);
  }

  #leave(entry: Entry): void {
    this.#entries.delete(key(entry.thread, entry.url));
    if (entry.state.type === "shown") URL.revokeObjectURL(entry.state.src);
  }

  #remember(url: string, size: Size): void {
    if (url.length > LONGEST) return;
    this.#sizes.delete(url);
    this.#sizes.set(url, size);
    const [oldest] = this.#sizes.keys();
    if (this.#sizes.size > SIZES && oldest !== undefined) this.#sizes.delete(oldest);
  }
}

function key(thread: ThreadId, url: string): string {
  return `${thread} ${url}`;
}

const ALL = new WeakMap<Host, Pictures>();

/** The pictures of a window, by what the window asks. */
export function picturesOf(host: Host): Pictures {
  const known = ALL.get(host) ?? new Pictures(host);
  ALL.set(host, known);
  return known;
}
