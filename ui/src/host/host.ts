import type { About } from "../gen/About";
import type { Appearance } from "../gen/Appearance";
import type { AppMessage } from "../gen/AppMessage";
import type { CheckView } from "../gen/CheckView";
import type { Composed } from "../gen/Composed";
import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { ConnectionId } from "../gen/ConnectionId";
import type { ConnectionImport } from "../gen/ConnectionImport";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Consent } from "../gen/Consent";
import type { CrashReport } from "../gen/CrashReport";
import type { Draft } from "../gen/Draft";
import type { DraftFile } from "../gen/DraftFile";
import type { DraftFileId } from "../gen/DraftFileId";
import type { Dragged } from "../gen/Dragged";
import type { Entity } from "../gen/Entity";
import type { Failure } from "../gen/Failure";
import type { FeedbackKind } from "../gen/FeedbackKind";
import type { FileTarget } from "../gen/FileTarget";
import type { ItemId } from "../gen/ItemId";
import type { KindForm } from "../gen/KindForm";
import type { LatencyView } from "../gen/LatencyView";
import type { LocalServer } from "../gen/LocalServer";
import type { ModelDraft } from "../gen/ModelDraft";
import type { ModelRef } from "../gen/ModelRef";
import type { NewVersion } from "../gen/NewVersion";
import type { OlderItems } from "../gen/OlderItems";
import type { Patience } from "../gen/Patience";
import type { RouteDraft } from "../gen/RouteDraft";
import type { RouteImport } from "../gen/RouteImport";
import type { SearchHit } from "../gen/SearchHit";
import type { SendRequest } from "../gen/SendRequest";
import type { SigningInView } from "../gen/SigningInView";
import type { SignOutView } from "../gen/SignOutView";
import type { StructuredAnswer } from "../gen/StructuredAnswer";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadMessage } from "../gen/ThreadMessage";
import type { ThreadOptions } from "../gen/ThreadOptions";
import type { UpdateCheck } from "../gen/UpdateCheck";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import type { WidgetAction } from "../gen/WidgetAction";
import type { PictureAnswer } from "../pictures/answer";
import type { WireHost } from "./wireCommands";

/** Ends a subscription. Nothing arrives after it. */
export type Unsubscribe = () => void;

/**
 * All that the window asks of the program around it. Each member says what would break without it. Every promise
 * rejects with a {@link Failure}, and with nothing else.
 */
export interface Host extends WireHost {
  /** Without it the window is empty: threads, connections and appearance come from here, a snapshot first. */
  subscribeApp(receive: (message: AppMessage) => void): Promise<Unsubscribe>;
  /** Without it no conversation can be shown: its items, then every change while it streams. */
  subscribeThread(thread: ThreadId, receive: (message: ThreadMessage) => void): Promise<Unsubscribe>;
  /** Without it a conversation ends at its newest items, and what is older cannot be read. */
  loadOlder(thread: ThreadId, before: ItemId): Promise<OlderItems>;
  /**
   * Without it nothing can be said. Answers with the thread, which is new if the request named none. What comes again under
   * the same key is not sent again.
   */
  send(request: SendRequest & Partial<Composed>, key: string): Promise<ThreadId>;
  /** Without it files can be added only by dragging them: asks which ones. Nothing, if the person changed their mind. */
  attachPicked(target: FileTarget): Promise<DraftFile[]>;
  /** Without it what was let go over the window is lost. A drop can be taken once. */
  attachDropped(target: FileTarget, drop: number): Promise<DraftFile[]>;
  /** Without it nothing but text can be pasted where the web view keeps the rest from its page. Nothing, if there is no more. */
  attachPasted(target: FileTarget): Promise<DraftFile[]>;
  /** Without it a picture has to be saved before it can be sent. At most 32 MiB. */
  attachBytes(target: FileTarget, name: string, bytes: Uint8Array): Promise<DraftFile>;
  /** Without it a file that was added by mistake goes with the message. Ends its upload. */
  removeAttachment(file: DraftFileId): Promise<void>;
  /** Without it a file that failed has to be found again. */
  retryAttachment(file: DraftFileId): Promise<void>;
  /** Without it pictures are told apart by their names alone. `null` for what is no picture, or a large one. */
  attachmentPreview(file: DraftFileId): Promise<Blob | null>;
  /** Without it files that are dragged over the window find nothing to be dropped on. */
  subscribeDrops(receive: (dragged: Dragged) => void): Promise<Unsubscribe>;
  /** Without it a message that waits for its server can only be sat out, or taken back. */
  sendNow(thread: ThreadId): Promise<void>;
  /** Without it an answer that went wrong has to be sat out. */
  stop(thread: ThreadId): Promise<void>;
  /** Without it a failure is the end: the last question would have to be typed again. */
  retry(thread: ThreadId): Promise<void>;
  /** Without it a conversation that is too long for its model ends there: this asks again without its oldest turns. */
  retryWithLess(thread: ThreadId): Promise<void>;
  /** Without it nobody sees with which parameters a conversation is asked. */
  threadOptions(thread: ThreadId): Promise<ThreadOptions>;
  /** Without it another model, or another temperature, needs another connection. What is empty is as that has it. */
  setThreadOptions(thread: ThreadId, values: Readonly<Record<string, string>>): Promise<void>;
  /** Without it the name of a model has to be known by heart. Asks the server. */
  threadModels(thread: ThreadId): Promise<string[]>;
  /**
   * Without it the server alone decides which model answers. Kept for the thread, or for the next one that begins with the
   * connection; `null` is its default.
   */
  chooseModel(connection: ConnectionId, thread: ThreadId | null, model: ModelRef | null): Promise<void>;
  /** Without it a model that a server has had for a minute is found only when the program asks by itself. */
  refreshModels(connection: ConnectionId): Promise<void>;
  /** Without it models keep the names that servers give them, and a server that publishes none has none. */
  putModel(draft: ModelDraft): Promise<void>;
  /** Without it a model that the person wrote down stays for ever. */
  removeModel(model: ModelRef): Promise<void>;
  /** Without it the person cannot have the next one of a route asked where only they may decide that. */
  askNext(thread: ThreadId): Promise<void>;
  /** Without it a conversation keeps the title that the server chose. */
  renameThread(thread: ThreadId, title: string): Promise<void>;
  /** Without it a conversation stays for ever. It can be undone for a while. */
  deleteThread(thread: ThreadId): Promise<void>;
  /** Without it a slip of the hand loses a conversation. */
  restoreThread(thread: ThreadId): Promise<void>;
  /** Without it conversations that were made elsewhere appear only after a restart. */
  refreshThreads(): Promise<void>;
  /** Without it only titles can be found, not what was said. */
  search(query: string): Promise<SearchHit[]>;
  /** Without it buttons and forms of a server do nothing. Settles when the server has answered all of it. */
  widgetAction(thread: ThreadId, item: ItemId, action: WidgetAction): Promise<void>;
  /**
   * Without it there are no pictures: the page may fetch nothing. A host that neither the server's list nor the person
   * allows is not asked; `once` are those that the person lets know of this one picture, `always` one for all of them.
   */
  picture(
    thread: ThreadId,
    url: string,
    once: readonly string[],
    always: string | null,
  ): Promise<PictureAnswer>;
  /** Without it the questions of a server can only be read. */
  answerQuestions(thread: ThreadId, item: ItemId, answer: StructuredAnswer): Promise<void>;
  /** Without it a tool that a server calls here waits for ever, and with it the conversation. */
  answerToolCall(thread: ThreadId, item: ItemId, consent: Consent): Promise<void>;
  /** Without it a tool that a server was allowed to use unasked is allowed for ever. */
  forgetTool(connection: ConnectionId, tool: string): Promise<void>;
  /** Without it whoever runs the server never hears whether an answer helped. */
  feedback(thread: ThreadId, item: ItemId, kind: FeedbackKind): Promise<void>;
  /** Without it a half-written message is lost on a switch, a reload or a crash. `null` is the start screen. */
  saveDraft(thread: ThreadId | null, draft: Draft): Promise<void>;
  /** Without it the start screen forgets what was half written; a thread's draft is in its snapshot. */
  newThreadDraft(): Promise<Draft>;
  /** Without it only what a profile lists can be mentioned. Asks the connection's own server. */
  searchEntities(connection: ConnectionId, query: string): Promise<Entity[]>;
  /** Without it an answer is copied as the page shows it, not as the Markdown that was written. */
  copyItem(thread: ThreadId, item: ItemId): Promise<void>;
  /** Without it a block of code has to be selected by hand: the page may not write to the clipboard. */
  copyText(text: string): Promise<void>;
  /** Without it links do nothing: the page may not leave itself, and this is the one place that judges addresses. */
  openLink(url: string): Promise<void>;
  /** Without it the page would have to know what each kind of backend needs. */
  connectionForms(): Promise<KindForm[]>;
  /** Without it whoever runs a model has to know its address. Asks this computer alone, and only when it is called. */
  localServers(): Promise<LocalServer[]>;
  /** Without it a connection is described anew to change a word of it. The token is never among the values. */
  connectionValues(connection: ConnectionId): Promise<Record<string, string>>;
  /** Without it nobody sees whether the token is still there, and whole. In characters; `null` if there is none. */
  tokenLength(connection: ConnectionId): Promise<number | null>;
  /** Without it a server that is away for long is asked all the time, or has to be removed. */
  disableConnection(connection: ConnectionId, disabled: boolean): Promise<void>;
  /** Without it the connection that was added first is always offered first. */
  orderConnections(order: ConnectionId[]): Promise<void>;
  /** Without it what the environment brings can never be changed. Makes a connection of the person's own of it. */
  keepEnvironmentConnection(connection: ConnectionId): Promise<ConnectionView>;
  /** Without it a key of the environment's connection is gone with the variable. Puts it into the keychain. */
  keepEnvironmentKey(connection: ConnectionId): Promise<void>;
  /** Without it there is only the Guide. */
  addConnection(draft: ConnectionDraft): Promise<ConnectionView>;
  /** Without it a moved server or a new token means beginning again. */
  updateConnection(connection: ConnectionId, draft: ConnectionDraft): Promise<ConnectionView>;
  /** Without it a connection and its secret stay for ever. */
  removeConnection(connection: ConnectionId): Promise<void>;
  /** Without it a server that is away has to be replaced by hand, in a new conversation. */
  putRoute(draft: RouteDraft): Promise<ConnectionView>;
  /** Without it a route and its conversations stay for ever. */
  removeRoute(route: ConnectionId): Promise<void>;
  /** Without it everybody puts their route together again. Asks where, and answers that; `null` if nowhere after all. */
  exportRoute(route: ConnectionId): Promise<string | null>;
  /** Without it a route that somebody else exported is made by hand. Keeps nothing; `null` if no file was chosen. */
  importRoute(): Promise<RouteImport | null>;
  /** Without it a mistake in a connection shows only in the first message. */
  checkConnection(connection: ConnectionId): Promise<ConnectionView>;
  /** Without it an answer whose text is elsewhere has to be mended in the form, by whoever knows JSON Pointers. */
  mapText(connection: ConnectionId, field: string, pointer: string): Promise<ConnectionView>;
  /** Without it nobody gets in through an identity provider. Ends when it is unsubscribed from, which gives up. */
  signIn(connection: ConnectionId, receive: (step: SigningInView) => void): Promise<Unsubscribe>;
  /** Without it whoever signed in stays so until that ends by itself. */
  signOut(connection: ConnectionId): Promise<SignOutView>;
  /** Without it everybody types the same fields again. Asks where, and answers that; `null` if nowhere after all. */
  exportConnection(connection: ConnectionId): Promise<string | null>;
  /** Without it what somebody else has described is typed by hand. Keeps nothing; `null` if no file was chosen. */
  importConnection(): Promise<ConnectionImport | null>;
  /** Without it nobody can leave without a trace. Ends the program, and rejects if secrets cannot be removed. */
  forgetEverything(): Promise<void>;
  /** Without it nobody sees whether a server has become slower. */
  connectionLatency(connection: ConnectionId): Promise<LatencyView>;
  /** Without it nobody learns which part of a connection does not work. Ends when it is unsubscribed from. */
  testConnection(connection: ConnectionId, receive: (check: CheckView) => void): Promise<Unsubscribe>;
  /** Without it a connection has to be kept to see whether it works. `null` is a new one. Nothing of it is kept. */
  testDraft(
    connection: ConnectionId | null,
    draft: ConnectionDraft,
    receive: (check: CheckView) => void,
  ): Promise<Unsubscribe>;
  /** Without it light and dark are the system's alone. */
  setAppearance(appearance: Appearance): Promise<void>;
  /** Without it messages always wait for servers that cannot be reached, or never. */
  setWhenUnreachable(choice: WhenUnreachable): Promise<void>;
  /** Without it a message waits for a busy server as long as the program thinks right. In seconds. */
  setPatience(patience: Patience): Promise<void>;
  /** Without it nobody can say which version they have, or where their data is. */
  about(): Promise<About>;
  /** Shows the folder of the log; without it nobody finds the lines that help. */
  openLogs(): Promise<void>;
  /** Without it a new version has to be found on the web. `null` if there is none; asks a server, so only when told to. */
  checkForUpdate(): Promise<NewVersion | null>;
  /** Without it the wish to look at each start has no effect. `null` also where nobody wishes it, and on a reload. */
  updateAtStart(): Promise<NewVersion | null>;
  /** Without it a new version has to be fetched and put in place by hand. Ends this window when it succeeds. */
  installUpdate(): Promise<void>;
  /** Without it new versions are looked for only by hand. */
  setUpdateCheck(check: UpdateCheck): Promise<void>;
  /** Without it nobody learns why the program ended the last time: the newest report that was not offered yet. */
  crashReport(): Promise<CrashReport | null>;
  /** Without it a report is offered at every start, also to somebody who has seen it. */
  keepCrashReports(): Promise<void>;
  /** Without it reports can be deleted only where they lie. */
  deleteCrashReports(): Promise<void>;
  /** Without it the window stays hidden: it is shown after the first paint, so that it never flashes empty. */
  ready(): Promise<void>;
  /** Without it a window that stays blank cannot be told from one that draws, and the program starts again. */
  drawn(): Promise<void>;
}

/** Whatever was thrown, as a failure. What is not one already is a fault of the program, and its words are kept. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as Failure;
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message: "Something went wrong inside Kittiwake.", detail };
}
