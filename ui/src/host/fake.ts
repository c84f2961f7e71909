import type { AppMessage } from "../gen/AppMessage";
import type { CheckView } from "../gen/CheckView";
import type { Composed } from "../gen/Composed";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionImport } from "../gen/ConnectionImport";
import type { ConnectionView } from "../gen/ConnectionView";
import type { CrashReport } from "../gen/CrashReport";
import type { Failure } from "../gen/Failure";
import type { HeldView } from "../gen/HeldView";
import type { ItemId } from "../gen/ItemId";
import type { ItemView } from "../gen/ItemView";
import type { NewVersion } from "../gen/NewVersion";
import type { Patch } from "../gen/Patch";
import type { Patience } from "../gen/Patience";
import type { RouteImport } from "../gen/RouteImport";
import type { SearchHit } from "../gen/SearchHit";
import type { SendRequest } from "../gen/SendRequest";
import type { SigningInView } from "../gen/SigningInView";
import type { SignOutView } from "../gen/SignOutView";
import type { SourceView } from "../gen/SourceView";
import type { Theme } from "../gen/Theme";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadMessage } from "../gen/ThreadMessage";
import type { ThreadOp } from "../gen/ThreadOp";
import type { ThreadView } from "../gen/ThreadView";
import type { TurnOutcome } from "../gen/TurnOutcome";
import type { TurnView } from "../gen/TurnView";
import type { Updates } from "../gen/Updates";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import type { Bridge } from "./commands";
import { FakeSubscriptions } from "./fakeCheck";
import { composingCommands, FakeComposing, NOTHING } from "./fakeComposing";
import { connectionCommands, GUIDE } from "./fakeConnections";
import { FakeFiles } from "./fakeFiles";
import { composedMessage } from "./fakeMessage";
import { FakeModels, optionCommands } from "./fakeOptions";
import { FakePictures, pictureCommands } from "./fakePictures";
import { routeCommands } from "./fakeRoutes";
import { aboutCommands, QUIET, reportCommands, settingsCommands } from "./fakeSettings";
import type { FakeThread } from "./fakeThread";

export { GUIDE };

export type Args = Readonly<Record<string, unknown>>;
type Receive<M> = (message: M) => void;

export const IDLE: TurnView = { phase: "idle", progress: null, outcome: null, held: null };

/**
 * A core without a core: it holds what it is told and does nothing by itself. A test makes its turns move, word by
 * word. A call that it does not know rejects with the call's name, so a new command cannot go unnoticed.
 */
export class FakeCore implements Bridge {
  readonly threads = new Map<ThreadId, FakeThread>();
  readonly calls: { readonly command: string; readonly args: Args }[] = [];
  connections: ConnectionView[] = [GUIDE];
  readonly checks = new FakeSubscriptions<CheckView>(1_000_000);
  readonly signIns = new FakeSubscriptions<SigningInView>(2_000_000);
  /** What becomes of a sign-in when the person signs out. */
  signedOut: SignOutView = { type: "done" };
  /** What was filled in for each connection. */
  readonly values = new Map<ConnectionId, Readonly<Record<string, string | undefined>>>();
  /** What the person chooses to import. */
  file: ConnectionImport | null = null;
  /** What the person chooses to import as a route. */
  routeFile: RouteImport | null = null;
  theme: Theme = "system";
  whenUnreachable: WhenUnreachable = "wait";
  patience: Patience = 120;
  /** What is known of models. */
  readonly models = new FakeModels();
  readonly pictures = new FakePictures();
  /** The files of messages that were not sent yet. */
  readonly files = new FakeFiles(this);
  draft = "";
  readonly composing = new FakeComposing();
  hits: SearchHit[] = [];
  /** What is offered after a failure. */
  report: CrashReport | null = null;
  /** How new versions come, and the one that there is. */
  updates: Updates = { type: "packages" };
  logs: string | null = "~/.local/share/app.kittiwake.desktop/logs";
  newVersion: NewVersion | null = null;
  now = Date.now();
  /** Called when a turn begins, for a script that plays the server. */
  onTurn: (thread: ThreadId, text: string) => void = () => undefined;

  readonly #deleted = new Map<ThreadId, FakeThread>();
  readonly #failures = new Map<string, Failure>();
  readonly #apps = new Map<number, Receive<AppMessage>>();
  readonly #watchers = new Map<number, { thread: ThreadId; receive: Receive<ThreadMessage> }>();
  /** The threads of messages by their keys. */
  readonly #sent = new Map<string, ThreadId>();
  #last = 0;

  // The bridge.

  channel<M>(receive: Receive<M>): unknown {
    return receive;
  }

  send = (command: string, bytes: Uint8Array, beside: Args) => this.invoke(command, { bytes, ...beside });

  async invoke(command: string, args: Args): Promise<unknown> {
    this.calls.push({ command, args });
    // Never in the same step: the real one cannot do that either.
    await Promise.resolve();
    const failure = this.#failures.get(command);
    this.#failures.delete(command);
    if (failure !== undefined) throw failure;
    const run = this.#commands[command];
    if (run === undefined) throw new Error(`the fake core does not know the call "${command}"`);
    return run(args);
  }

  // What a test or a script does.

  /** The next call of a command rejects. */
  failNext(command: string, failure: Failure): void {
    this.#failures.set(command, failure);
  }

  /** How often a command was called. */
  count(command: string): number {
    return this.calls.filter((call) => call.command === command).length;
  }

  addThread(
    view: Partial<ThreadView> & { id: ThreadId },
    items: ItemView[] = [],
    older: ItemView[] = [],
  ): FakeThread {
    const thread: FakeThread = {
      view: {
        connection: "guide",
        title: null,
        status: { type: "active" },
        updated_at: this.now,
        activity: "idle",
        ...view,
      },
      items,
      older,
      turn: IDLE,
      context: null,
      model: null,
      draft: "",
      beside: NOTHING,
    };
    this.threads.set(view.id, thread);
    return thread;
  }

  toApp(message: AppMessage): void {
    for (const receive of this.#apps.values()) receive(message);
  }

  /** Sends changes to whoever watches a thread. */
  batch(thread: ThreadId, ...ops: ThreadOp[]): void {
    for (const watcher of this.#watchers.values()) {
      if (watcher.thread === thread) watcher.receive({ type: "batch", ops });
    }
  }

  /** Changes what is shown of a thread outside of it. */
  change(id: ThreadId, change: Partial<ThreadView>): void {
    const thread = this.#thread(id);
    thread.view = { ...thread.view, ...change };
    this.batch(id, { op: "thread", thread: thread.view });
    this.toApp({ type: "threads", threads: [thread.view] });
  }

  /** The server confirms the person's message: the bubble becomes its item. */
  confirm(id: ThreadId): void {
    const thread = this.#thread(id);
    const bubble = thread.items.at(-1);
    if (bubble?.stage !== "sending") return;
    const item: ItemView = { ...bubble, id: `server-${bubble.id}`, stage: "done" };
    thread.items[thread.items.length - 1] = item;
    const after = thread.items.at(-2)?.id ?? null;
    this.batch(id, { op: "put_item", item, after, replaces: bubble.id });
  }

  /** The assistant's message begins. */
  beginAnswer(id: ThreadId): ItemId {
    const thread = this.#thread(id);
    const after = thread.items.at(-1)?.id ?? null;
    const body = { kind: "assistant_message" as const, parts: [[]], sources: [] };
    const item: ItemView = { id: this.name("answer"), stage: "streaming", body };
    thread.items.push(item);
    this.batch(id, { op: "put_item", item: structuredClone(item), after, replaces: null });
    this.#turn(id, { ...IDLE, phase: "streaming" });
    return item.id;
  }

  /** The assistant's message grows. */
  grow(id: ThreadId, item: ItemId, patches: Patch[]): void {
    const body = this.#thread(id).items.find((other) => other.id === item)?.body;
    if (body?.kind !== "assistant_message") throw new Error(`no answer ${item}`);
    body.parts[0]?.push(...patches);
    this.batch(id, { op: "patch", id: item, part: 0, patches });
  }

  /** The turn ends; what was under way gets its stage. */
  end(id: ThreadId, outcome: TurnOutcome, sources: SourceView[] = []): void {
    const thread = this.#thread(id);
    const item = thread.items.at(-1);
    if (item?.body.kind === "assistant_message") {
      const stage = outcome.type === "stopped" || outcome.type === "interrupted" ? outcome.type : "done";
      item.stage = stage;
      item.body.sources = sources;
      this.batch(id, { op: "sources", id: item.id, sources }, { op: "stage", id: item.id, stage });
    } else if (item?.stage === "sending") {
      item.stage = "unsent";
      this.batch(id, { op: "stage", id: item.id, stage: "unsent" });
    }
    this.#turn(id, { ...IDLE, outcome });
    const watched = [...this.#watchers.values()].some((watcher) => watcher.thread === id);
    this.change(id, { activity: watched ? "idle" : "unread" });
  }

  /** What was sent waits; if nothing else is said, since the server cannot be reached. */
  hold(id: ThreadId, held: HeldView = { why: "unreachable", until: null, failure: null }): void {
    this.#turn(id, { ...IDLE, phase: "held", held });
    this.change(id, { activity: "held" });
  }

  /** The server says what it is doing. */
  progress(id: ThreadId, text: string): void {
    this.#turn(id, { ...this.#thread(id).turn, progress: { text, icon: null } });
  }

  // The commands.

  readonly #commands: Readonly<Record<string, (args: Args) => unknown>> = {
    ...pictureCommands(this),
    subscribe_app: ({ channel }) => this.#subscribeApp(channel as Receive<AppMessage>),
    subscribe_thread: ({ thread, channel }) =>
      this.#subscribeThread(thread as ThreadId, channel as Receive<ThreadMessage>),
    unsubscribe: ({ subscription }) => {
      this.#apps.delete(subscription as number);
      this.#watchers.delete(subscription as number);
      this.files.drags.end(subscription as number);
      this.checks.end(subscription as number);
      this.signIns.end(subscription as number);
    },
    load_older: ({ thread }) => {
      const { items, older } = this.#thread(thread as ThreadId);
      const page = older.splice(-20);
      items.unshift(...page);
      return { items: structuredClone(page), has_older: older.length > 0 };
    },
    send: ({ request, key }) => this.#send(request as SendRequest & Partial<Composed>, key as string),
    send_now: ({ thread }) => this.#turn(thread as ThreadId, { ...IDLE, phase: "waiting" }),
    stop: ({ thread }) => this.#stop(thread as ThreadId),
    retry: ({ thread }) => this.#retry(thread as ThreadId),
    rename_thread: ({ thread, title }) => this.change(thread as ThreadId, { title: title as string }),
    delete_thread: ({ thread }) => {
      this.#deleted.set(thread as ThreadId, this.#thread(thread as ThreadId));
      this.threads.delete(thread as ThreadId);
      this.toApp({ type: "thread_removed", id: thread as ThreadId });
    },
    restore_thread: ({ thread }) => {
      const kept = this.#deleted.get(thread as ThreadId);
      if (kept === undefined) throw failureOf("unknown", "The conversation is gone.");
      this.threads.set(kept.view.id, kept);
      this.toApp({ type: "threads", threads: [kept.view] });
    },
    search: () => structuredClone(this.hits),
    ...composingCommands(this),
    ...connectionCommands(this),
    ...optionCommands(this),
    ...this.files.commands(),
    ...QUIET,
    ...routeCommands(this),
    test_connection: ({ channel }) => this.checks.begin(channel as Receive<CheckView>),
    test_draft: ({ channel }) => this.checks.begin(channel as Receive<CheckView>),
    ...settingsCommands(this),
    ...aboutCommands(this),
    ...reportCommands(this),
  };

  #subscribeApp(receive: Receive<AppMessage>): number {
    this.#last += 1;
    this.#apps.set(this.#last, receive);
    receive({
      type: "snapshot",
      app: {
        threads: [...this.threads.values()].map((thread) => thread.view),
        connections: this.connections,
        appearance: { theme: this.theme },
        when_unreachable: this.whenUnreachable,
        patience: this.patience,
        ...this.models.views(),
        files: this.files.all(),
        problems: [],
      },
    });
    return this.#last;
  }

  #subscribeThread(id: ThreadId, receive: Receive<ThreadMessage>): number {
    const thread = this.#thread(id);
    this.#last += 1;
    this.#watchers.set(this.#last, { thread: id, receive });
    receive({
      type: "snapshot",
      thread: thread.view,
      items: structuredClone(thread.items),
      has_older: thread.older.length > 0,
      turn: thread.turn,
      context: thread.context,
      model: thread.model,
      draft: { text: thread.draft, ...thread.beside },
    });
    if (thread.view.activity === "unread") this.change(id, { activity: "idle" });
    return this.#last;
  }

  #send(
    { connection, thread: existing, files = [], ...composed }: SendRequest & Partial<Composed>,
    key: string,
  ): { thread: ThreadId } {
    const before = this.#sent.get(key);
    if (before !== undefined) return { thread: before };
    const id = existing ?? this.name("thread");
    const thread = existing === null ? this.addThread({ id, connection }) : this.#thread(id);
    if (thread.turn.phase !== "idle") throw failureOf("busy", "The answer is not finished yet.");
    const body = composedMessage(composed, this.files.leave({ connection, thread: existing }, files));
    const item: ItemView = { id: this.name("local"), stage: "sending", body };
    const after = thread.items.at(-1)?.id ?? null;
    thread.items.push(item);
    thread.draft = "";
    thread.beside = NOTHING;
    this.batch(id, { op: "put_item", item, after, replaces: null });
    this.#sent.set(key, id);
    this.#begin(id, composed.text);
    return { thread: id };
  }

  #stop(id: ThreadId): void {
    const { items, turn } = this.#thread(id);
    const last = items.at(-1);
    if (turn.phase === "held" && last?.stage === "sending" && last.body.kind === "user_message") {
      items.pop();
      this.batch(
        id,
        { op: "remove_item", id: last.id },
        { op: "taken_back", draft: { ...NOTHING, text: last.body.text } },
      );
    }
    this.end(id, { type: "stopped" });
  }

  #retry(id: ThreadId): void {
    const { items } = this.#thread(id);
    const last = items.findLastIndex((item) => item.body.kind === "user_message");
    for (const gone of items.splice(last + 1)) this.batch(id, { op: "remove_item", id: gone.id });
    const body = items[last]?.body;
    this.#begin(id, body?.kind === "user_message" ? body.text : "");
  }

  #begin(id: ThreadId, text: string): void {
    this.#turn(id, { ...IDLE, phase: "waiting" });
    this.now += 1;
    this.change(id, { activity: "running", updated_at: this.now });
    this.onTurn(id, text);
  }

  #turn(id: ThreadId, turn: TurnView): void {
    this.#thread(id).turn = turn;
    this.batch(id, { op: "turn", turn });
  }

  #thread(id: ThreadId): FakeThread {
    const thread = this.threads.get(id);
    if (thread === undefined) throw failureOf("unknown", "There is no such conversation.");
    return thread;
  }

  /** A name that nothing else has. */
  name(kind: string): string {
    this.#last += 1;
    return `${kind}-${this.#last}`;
  }
}

export function failureOf(code: Failure["code"], message: string, detail?: string): Failure {
  return detail === undefined ? { code, message } : { code, message, detail };
}
