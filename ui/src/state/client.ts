import type { Appearance } from "../gen/Appearance";
import type { AppMessage } from "../gen/AppMessage";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionView } from "../gen/ConnectionView";
import type { CrashReport } from "../gen/CrashReport";
import type { Failure } from "../gen/Failure";
import type { FeedbackKind } from "../gen/FeedbackKind";
import type { ItemId } from "../gen/ItemId";
import type { Mention } from "../gen/Mention";
import type { ThreadId } from "../gen/ThreadId";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import { asFailure, type Host } from "../host/host";
import { type AppState, dismissProblem, EMPTY_APP, reduceApp } from "./app";
import { connectionOf } from "./connectionOf";
import { Drafts } from "./drafts";
import { follow, followInside } from "./effects";
import { Files } from "./files";
import { frame } from "./frame";
import type { Place, SettingsOverlay } from "./named";
import { OpenThread } from "./openThread";
import { Sending } from "./sending";
import { isOffline, signsInOnPage } from "./standing";
import { Store } from "./store";
import { Toasts } from "./toasts";

export { moreOf, type Place, type SettingsSection } from "./named";

/** What lies over the window. */
export type Overlay =
  | { readonly kind: "find" }
  | { readonly kind: "report" }
  | SettingsOverlay
  | (OverSettings & { readonly kind: "link"; readonly url: string })
  | (OverSettings & { readonly kind: "sign_in"; readonly connection: ConnectionId });

/** What may also lie over the settings: what was typed there stays. */
interface OverSettings {
  readonly over?: SettingsOverlay;
}

/** The settings, if they lie over the window, be it under a question. */
export function settingsIn({ overlay }: Pick<ViewState, "overlay">): SettingsOverlay | null {
  if (overlay?.kind === "settings") return overlay;
  return overlay?.kind === "link" || overlay?.kind === "sign_in" ? (overlay.over ?? null) : null;
}

function under(over: SettingsOverlay | null): OverSettings {
  return over === null ? {} : { over };
}

/** How long the list of conversations counts as fresh, in milliseconds. */
const REFRESH_MS = 60_000;

/** What only this page knows. None of it outlives a reload but the open thread. */
export interface ViewState {
  /** The thread on screen; `null` is the start screen. */
  readonly open: ThreadId | null;
  /** Whether the sidebar stands beside the conversation, where there is room for both. */
  readonly sidebar: boolean;
  /** Whether there is no such room. Then the sidebar lies over the conversation while it is wanted. */
  readonly narrow: boolean;
  /** Whether it is wanted there. */
  readonly drawer: boolean;
  readonly overlay: Overlay | null;
  /** With whom the next conversation begins, once the person has chosen. */
  readonly chosen: ConnectionId | null;
  /** Whether a first message is on its way and its thread not there yet. */
  readonly starting: boolean;
  /** What is told of a failure in an earlier run, until the person has answered. */
  readonly report: CrashReport | null;
  /** Why the core does not answer at all, if so. */
  readonly broken: Failure | null;
}

/** The window's half of the application: what it was told, and what the person can do. Draws nothing. */
export class Client {
  readonly app = new Store<AppState>(EMPTY_APP);
  readonly view = new Store<ViewState>({
    open: null,
    sidebar: true,
    narrow: false,
    drawer: false,
    overlay: null,
    chosen: null,
    starting: false,
    report: null,
    broken: null,
  });
  readonly toasts = new Toasts();
  readonly drafts: Drafts;
  readonly files: Files;
  /** The thread on screen. */
  readonly thread: OpenThread;
  readonly host: Host;
  readonly #place: Place;
  #ready = false;
  #drawn = false;
  #refreshed = 0;
  readonly #sending: Sending;
  /** The connections that are being tried because the person is back. */
  readonly #reaching = new Set<ConnectionId>();

  constructor(host: Host, place: Place) {
    this.host = host;
    this.#place = place;
    this.drafts = new Drafts(host);
    this.thread = new OpenThread(host, this.drafts);
    this.files = new Files(this);
    this.#sending = new Sending(this);
  }

  /** Subscribes. Everything shown follows from what arrives. */
  async start(): Promise<void> {
    try {
      await this.host.subscribeApp((message) => this.#receive(message));
      await this.files.start();
      this.drafts.learn(null, await this.host.newThreadDraft());
      this.#change({ report: await this.host.crashReport() });
      void this.lookForUpdate();
    } catch (thrown) {
      this.#change({ broken: asFailure(thrown) });
    }
  }

  /** Tells the host, once, that the window may be shown: the page knows what it is about to draw. */
  ready(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#run(this.host.ready());
  }

  /** Whether there was something to see already. */
  get isDrawn(): boolean {
    return this.#drawn;
  }

  /** Tells the host, once, that there is something to see, as soon as that is so. */
  async drawn(): Promise<void> {
    if (this.#drawn) return;
    this.#drawn = true;
    await frame();
    // What a start is measured by: the window is shown, and its composer has the focus.
    performance.mark("usable");
    // The second frame comes only when the first one is on its way to the screen; a blank window gets none.
    await frame();
    this.#run(this.host.drawn());
  }

  /** Says that there is a new version, if the person wants to be told at each start. */
  async lookForUpdate(): Promise<void> {
    // Without a network there is nothing to tell, and nobody waits for it.
    const found = await this.host.updateAtStart().catch(() => null);
    if (found === null) return;
    this.toasts.say({ text: `Kittiwake ${found.version} is available. Install it in Settings → About.` });
  }

  /** The person has read of a failure, and the report is kept; or it is not worth keeping. */
  answerReport(answer: "keep" | "delete"): void {
    const { overlay } = this.view.get();
    this.#change({ report: null, overlay: overlay?.kind === "report" ? null : overlay });
    this.#run(answer === "keep" ? this.host.keepCrashReports() : this.host.deleteCrashReports());
  }

  /** Shows a thread, or the start screen. */
  open(thread: ThreadId | null): void {
    this.drafts.flush();
    // Whoever comes back to the start screen begins something else, be it with the same words.
    if (thread === null) this.drafts.anew(null);
    this.#place.set(thread);
    this.#change({ open: thread, overlay: null, drawer: false });
    this.thread.show(thread);
  }

  /** Sends a message to the open thread, or begins one. What was composed once is sent once, however often this is called. */
  send(text: string, mentions?: Mention[]): Promise<void> {
    return this.#sending.send(text, mentions);
  }

  /** Whether a first message is on its way and its thread not there yet. */
  starting(starting: boolean): void {
    this.#change({ starting });
  }

  /** The connection of the open thread, or that with which the next begins. */
  connection(): ConnectionView | null {
    return connectionOf(this.app.get(), this.view.get());
  }

  stop(): void {
    const { open } = this.view.get();
    if (open !== null) this.#run(this.host.stop(open));
  }

  retry(): void {
    const { open } = this.view.get();
    if (open !== null) this.#run(this.host.retry(open));
  }

  rename(thread: ThreadId, title: string): void {
    const trimmed = title.trim();
    const current = this.app.get().threads.get(thread)?.title ?? "";
    if (trimmed !== "" && trimmed !== current) this.#run(this.host.renameThread(thread, trimmed));
  }

  /** Deletes a thread, and offers to take that back. */
  async delete(thread: ThreadId): Promise<void> {
    const wasOpen = this.view.get().open === thread;
    this.drafts.flush();
    try {
      await this.host.deleteThread(thread);
    } catch (thrown) {
      this.report(thrown);
      return;
    }
    if (this.view.get().open === thread) this.open(null);
    this.drafts.forget(thread);
    this.toasts.say({ text: "Conversation deleted", undo: () => void this.#restore(thread, wasOpen) });
  }

  feedback(thread: ThreadId, item: ItemId, kind: FeedbackKind): void {
    this.#run(this.host.feedback(thread, item, kind));
  }

  copyItem(thread: ThreadId, item: ItemId): void {
    this.#run(this.host.copyItem(thread, item));
  }

  copyText(text: string): void {
    this.#run(this.host.copyText(text));
  }

  /** Asks whether a link is to be opened, and shows where it goes. One into the program is followed at once. */
  openLink(url: string): void {
    if (!followInside(this, url)) this.overlay({ kind: "link", url, ...under(settingsIn(this.view.get())) });
  }

  /** Opens a link that the person has seen. Rejects with a {@link Failure}. */
  followLink(url: string): Promise<void> {
    return this.host.openLink(url);
  }

  checkConnection(connection: ConnectionId): void {
    this.#run(this.host.checkConnection(connection));
  }

  /** Opens the form of a connection; where its token was refused, at the place for that. */
  editConnection(connection: ConnectionId): void {
    this.overlay({ kind: "settings", section: "connections", edit: connection });
  }

  /** Leads to where one signs in: to the page of the provider, or else to the form. */
  signIn(connection: ConnectionView): void {
    if (!signsInOnPage(connection)) this.editConnection(connection.id);
    else this.overlay({ kind: "sign_in", connection: connection.id, ...under(settingsIn(this.view.get())) });
  }

  switchOn(connection: ConnectionId): void {
    this.#run(this.host.disableConnection(connection, false));
  }

  orderConnections = (order: ConnectionId[]): void => {
    this.#run(this.host.orderConnections(order));
  };

  setWhenUnreachable(choice: WhenUnreachable): void {
    this.#run(this.host.setWhenUnreachable(choice));
  }

  setAppearance(appearance: Appearance): void {
    this.#run(this.host.setAppearance(appearance));
  }

  choose(connection: ConnectionId): void {
    this.#change({ chosen: connection });
  }

  toggleSidebar(): void {
    const { narrow, sidebar, drawer } = this.view.get();
    this.#change(narrow ? { drawer: !drawer } : { sidebar: !sidebar });
  }

  closeDrawer(): void {
    this.#change({ drawer: false });
  }

  /** The window has become too narrow for the sidebar beside the conversation, or wide enough again. */
  setNarrow(narrow: boolean): void {
    if (narrow !== this.view.get().narrow) this.#change({ narrow, drawer: false });
  }

  overlay(overlay: Overlay | null): void {
    this.#change({ overlay });
  }

  /** Closes what lies over the window; what it lay over is there again. */
  closeOverlay(): void {
    const { overlay } = this.view.get();
    this.overlay(overlay?.kind === "settings" ? null : settingsIn({ overlay }));
  }

  /** Closes what lies on top of the window, and says whether there was anything. */
  closeTop(): boolean {
    const { overlay, drawer } = this.view.get();
    if (overlay !== null) this.closeOverlay();
    else if (drawer) this.closeDrawer();
    else return false;
    return true;
  }

  /** The person has come back to the window: conversations may have been made elsewhere. `now` in milliseconds. */
  refresh(now: number): void {
    if (now - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = now;
    // A server that cannot be reached shows in its connection's state.
    this.host.refreshThreads().catch(() => undefined);
  }

  /** The person is back, or the network: what could not be reached may answer by now. */
  reachAgain(): void {
    for (const connection of this.app.get().connections) {
      if (!isOffline(connection) || this.#reaching.has(connection.id)) continue;
      this.#reaching.add(connection.id);
      this.host
        .checkConnection(connection.id)
        // What comes of it shows in its state.
        .catch(() => undefined)
        .finally(() => this.#reaching.delete(connection.id));
    }
  }

  dismiss(problem: Failure): void {
    this.app.set(dismissProblem(this.app.get(), problem));
  }

  /** Tells the person of something that did not work. */
  report(thrown: unknown): void {
    this.app.set(reduceApp(this.app.get(), { type: "problem", failure: asFailure(thrown) }));
  }

  #receive(message: AppMessage): void {
    const first = !this.app.get().loaded;
    this.app.set(reduceApp(this.app.get(), message));
    const { open } = this.view.get();
    if (first && message.type === "snapshot") {
      const remembered = this.#place.get();
      const known = remembered !== null && this.app.get().threads.has(remembered);
      this.open(known ? remembered : null);
    } else if (message.type === "thread_removed" && open === message.id) {
      this.open(null);
    } else if (message.type === "effect") {
      follow(this, message.effect);
    }
  }

  async #restore(thread: ThreadId, reopen: boolean): Promise<void> {
    try {
      await this.host.restoreThread(thread);
      if (reopen && this.view.get().open === null) this.open(thread);
    } catch (thrown) {
      this.report(thrown);
    }
  }

  #run(action: Promise<unknown>): void {
    action.catch((thrown: unknown) => this.report(thrown));
  }

  #change(change: Partial<ViewState>): void {
    this.view.set({ ...this.view.get(), ...change });
  }
}
