import type { About } from "../gen/About";
import type { AppMessage } from "../gen/AppMessage";
import type { CheckView } from "../gen/CheckView";
import type { ConnectionImport } from "../gen/ConnectionImport";
import type { ConnectionView } from "../gen/ConnectionView";
import type { CrashReport } from "../gen/CrashReport";
import type { KindForm } from "../gen/KindForm";
import type { LatencyView } from "../gen/LatencyView";
import type { LocalServer } from "../gen/LocalServer";
import type { NewVersion } from "../gen/NewVersion";
import type { OlderItems } from "../gen/OlderItems";
import type { RouteImport } from "../gen/RouteImport";
import type { SearchHit } from "../gen/SearchHit";
import type { SigningInView } from "../gen/SigningInView";
import type { SignOutView } from "../gen/SignOutView";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadMessage } from "../gen/ThreadMessage";
import type { ThreadOptions } from "../gen/ThreadOptions";
import { composingCommands } from "./composingCommands";
import { fileCommands } from "./fileCommands";
import { asFailure, type Host, type Unsubscribe } from "./host";
import { itemCommands } from "./itemCommands";
import { wireCommands } from "./wireCommands";

/** The two things that a bridge to the core can do; the desktop has one, the tests have another. */
export interface Bridge {
  /** Calls a command by its name. */
  invoke(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Calls a command whose argument is many bytes; what belongs to them goes beside them, as text in ASCII. */
  send(command: string, bytes: Uint8Array, beside: Readonly<Record<string, string>>): Promise<unknown>;
  /** Makes something to hand to a command, through which the core then sends messages. */
  channel<M>(receive: (message: M) => void): unknown;
}

/** After how many messages the core is told that they were taken. Well below what it lets be on the way. */
const ACKNOWLEDGED = 16;

/** The host over a bridge: the one place that knows the commands' names and the names of their arguments. */
export function hostOver(bridge: Bridge): Host {
  async function call<T>(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<T> {
    try {
      return (await bridge.invoke(command, args)) as T;
    } catch (thrown) {
      throw asFailure(thrown);
    }
  }

  async function subscribe<M>(
    command: string,
    args: Readonly<Record<string, unknown>>,
    receive: (message: M) => void,
  ): Promise<Unsubscribe> {
    let open = true;
    let taken = 0;
    let subscription: number | undefined;
    const channel = bridge.channel<M>((message) => {
      if (!open) return;
      receive(message);
      taken += 1;
      if (taken < ACKNOWLEDGED || subscription === undefined) return;
      // The core holds messages back from a page that falls behind; this tells it that the page keeps up.
      call("ack", { subscription, count: taken }).catch(() => undefined);
      taken = 0;
    });
    subscription = await call<number>(command, { ...args, channel });
    return () => {
      if (!open) return;
      open = false;
      // A subscription that is gone already needs no ending.
      call("unsubscribe", { subscription }).catch(() => undefined);
    };
  }

  return {
    subscribeApp: (receive) => subscribe<AppMessage>("subscribe_app", {}, receive),
    subscribeThread: (thread, receive) => subscribe<ThreadMessage>("subscribe_thread", { thread }, receive),
    loadOlder: (thread, before) => call<OlderItems>("load_older", { thread, before }),
    send: async (request, key) => (await call<{ thread: ThreadId }>("send", { request, key })).thread,
    ...fileCommands(bridge, call, subscribe),
    ...itemCommands(call),
    ...wireCommands(call),
    sendNow: (thread) => call("send_now", { thread }),
    stop: (thread) => call("stop", { thread }),
    retry: (thread) => call("retry", { thread }),
    retryWithLess: (thread) => call("retry_with_less", { thread }),
    threadOptions: (thread) => call<ThreadOptions>("thread_options", { thread }),
    setThreadOptions: (thread, values) => call("set_thread_options", { thread, values }),
    threadModels: (thread) => call<string[]>("thread_models", { thread }),
    chooseModel: (connection, thread, model) => call("choose_model", { connection, thread, model }),
    refreshModels: (connection) => call("refresh_models", { connection }),
    putModel: (draft) => call("put_model", { draft }),
    removeModel: (model) => call("remove_model", { model }),
    askNext: (thread) => call("ask_next", { thread }),
    renameThread: (thread, title) => call("rename_thread", { thread, title }),
    deleteThread: (thread) => call("delete_thread", { thread }),
    restoreThread: (thread) => call("restore_thread", { thread }),
    refreshThreads: () => call("refresh_threads"),
    search: (query) => call<SearchHit[]>("search", { query }),
    forgetTool: (connection, tool) => call("forget_tool", { connection, tool }),
    ...composingCommands(call),
    copyText: (text) => call("copy_text", { text }),
    openLink: (url) => call("open_link", { url }),
    connectionForms: () => call<KindForm[]>("connection_forms"),
    connectionLatency: (connection) => call<LatencyView>("connection_latency", { connection }),
    localServers: () => call<LocalServer[]>("local_servers"),
    connectionValues: (connection) => call<Record<string, string>>("connection_values", { connection }),
    tokenLength: (connection) => call<number | null>("token_length", { connection }),
    disableConnection: (connection, disabled) => call("disable_connection", { connection, disabled }),
    orderConnections: (order) => call("order_connections", { order }),
    keepEnvironmentConnection: (connection) => call("keep_environment_connection", { connection }),
    keepEnvironmentKey: (connection) => call("keep_environment_key", { connection }),
    addConnection: (draft) => call<ConnectionView>("add_connection", { draft }),
    updateConnection: (connection, draft) => call<ConnectionView>("update_connection", { connection, draft }),
    removeConnection: (connection) => call("remove_connection", { connection }),
    putRoute: (draft) => call<ConnectionView>("put_route", { draft }),
    removeRoute: (route) => call("remove_route", { route }),
    exportRoute: (route) => call<string | null>("export_route", { route }),
    importRoute: () => call<RouteImport | null>("import_route"),
    checkConnection: (connection) => call<ConnectionView>("check_connection", { connection }),
    mapText: (connection, field, pointer) => call<ConnectionView>("map_text", { connection, field, pointer }),
    signIn: (connection, receive) => subscribe<SigningInView>("sign_in", { connection }, receive),
    signOut: (connection) => call<SignOutView>("sign_out", { connection }),
    exportConnection: (connection) => call<string | null>("export_connection", { connection }),
    importConnection: () => call<ConnectionImport | null>("import_connection"),
    forgetEverything: () => call("forget_everything"),
    testConnection: (connection, receive) => subscribe<CheckView>("test_connection", { connection }, receive),
    testDraft: (connection, draft, receive) =>
      subscribe<CheckView>("test_draft", { connection, draft }, receive),
    setAppearance: (appearance) => call("set_appearance", { appearance }),
    setWhenUnreachable: (choice) => call("set_when_unreachable", { choice }),
    setPatience: (patience) => call("set_patience", { patience }),
    about: () => call<About>("about"),
    openLogs: () => call("open_logs"),
    checkForUpdate: () => call<NewVersion | null>("check_for_update"),
    updateAtStart: () => call<NewVersion | null>("update_at_start"),
    installUpdate: () => call("install_update"),
    setUpdateCheck: (check) => call("set_update_check", { check }),
    crashReport: () => call<CrashReport | null>("crash_report"),
    keepCrashReports: () => call("keep_crash_reports"),
    deleteCrashReports: () => call("delete_crash_reports"),
    ready: () => call("ready"),
    drawn: () => call("drawn"),
  };
}
