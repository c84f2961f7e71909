import type { ComposerTool } from "../gen/ComposerTool";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Draft } from "../gen/Draft";
import type { Mention } from "../gen/Mention";
import type { ThreadId } from "../gen/ThreadId";
import type { Host } from "../host/host";
import type { AppState } from "./app";
import { type Drafts, EMPTY_DRAFT } from "./drafts";
import type { Files } from "./files";
import { addressed } from "./models";
import type { Store } from "./store";

/** What this needs to know of the window. */
interface Around {
  readonly host: Host;
  readonly app: Store<AppState>;
  readonly view: Store<{ readonly open: ThreadId | null }>;
  readonly drafts: Drafts;
  readonly files: Files;
  connection(): ConnectionView | null;
  open(thread: ThreadId): void;
  /** Whether a first message is on its way and its thread not there yet. */
  starting(starting: boolean): void;
  report(thrown: unknown): void;
}

/** Sends messages: what is being written, or something else in its place. */
export class Sending {
  readonly #around: Around;
  /** Where a message is on its way to the core. */
  readonly #under = new Set<ThreadId | null>();

  constructor(around: Around) {
    this.#around = around;
  }

  /**
   * Sends what is being written if those are its words, with all that stands beside them; otherwise the words, and what is
   * mentioned in them.
   */
  async send(text: string, mentions: Mention[] = []): Promise<void> {
    const { host, app, view, drafts, files } = this.#around;
    const { open } = view.get();
    const connection = this.#around.connection();
    if (this.#under.has(open) || connection === null) return;
    const draft = drafts.draft(open);
    // What stands beside the words that are being written does not go with a prompt of the start screen.
    const own = draft.text === text && mentions.length === 0;
    const message = own ? draft : { ...EMPTY_DRAFT, text, mentions };
    const along = own ? files.ids() : [];
    if (text.trim() === "" && along.length === 0) return;
    const key = drafts.nameOf(open, JSON.stringify([message, along]));
    const rest = afterwards(message, connection.profile?.tools ?? []);
    this.#under.add(open);
    // A prompt of the start screen is not what was being written; that stays.
    if (own) drafts.clear(open, open === null ? EMPTY_DRAFT : rest);
    this.#around.starting(open === null);
    try {
      const thread = await host.send(
        { ...addressed(app.get(), connection, open), ...message, files: along },
        key,
      );
      // The core may have kept what was sent as it was being written, and forgets the draft with every message.
      drafts.save(open);
      if (open === null && rest.tool !== null) drafts.change(thread, rest);
      // The person may have gone elsewhere while the thread was made.
      if (open === null && view.get().open === null) this.#around.open(thread);
    } catch (thrown) {
      if (drafts.text(open) === "") drafts.change(open, message);
      this.#around.report(thrown);
    } finally {
      this.#under.delete(open);
      if (open === null) this.#around.starting(false);
    }
  }
}

/** What stays for the next message: a tool that was chosen for more than one. */
function afterwards(sent: Draft, tools: readonly ComposerTool[]): Draft {
  const stays = tools.some(({ id, persistent }) => id === sent.tool && persistent);
  return { ...EMPTY_DRAFT, tool: stays ? sent.tool : null };
}
