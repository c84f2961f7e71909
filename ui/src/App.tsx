import { Suspense, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import styles from "./App.module.css";
import { Composer } from "./composer/Composer";
import { toComposer } from "./composer/place";
import { takeBack } from "./composer/SendOrStop";
import { classes } from "./design/classes";
import { IS_MAC } from "./design/platform";
import { wear } from "./design/theme";
import { DeveloperView } from "./developer/DeveloperView";
import { developerOf } from "./developer/developer";
import { CrashNotice } from "./failure/CrashNotice";
import { FailureCard } from "./failure/FailureCard";
import { Problems } from "./failure/Problems";
import { keychainTrouble } from "./failure/words";
import { later, loadAll } from "./later";
import { ModelGone } from "./models/ModelGone";
import { pickModel } from "./models/place";
import { Disclaimer } from "./profile/Disclaimer";
import { Own, Pane } from "./profile/Pane";
import { type Shortcut, shortcut } from "./shortcuts";
import { Sidebar } from "./sidebar/Sidebar";
import { Start } from "./start/Start";
import { type Client, settingsIn } from "./state/client";
import { ClientContext, useApp, useClient, useView } from "./state/context";
import { useStore } from "./state/store";
import { Announcer } from "./thread/Announcer";
import { quoteSelected } from "./thread/quoting";
import { StandingBar } from "./thread/StandingBar";
import { Thread } from "./thread/Thread";
import { ThreadHeader } from "./thread/ThreadHeader";
import { titleOf } from "./thread/title";
import { WarmUp } from "./thread/WarmUp";

const Drawer = later(() => import("./sidebar/Drawer"));
const FindDialog = later(() => import("./find/FindDialog"));
const KeychainNotice = later(() => import("./failure/KeychainNotice"));
const Hints = later(() => import("./design/Hints"));
const LinkDialog = later(() => import("./link/LinkDialog"));
const QuoteButton = later(() => import("./thread/QuoteButton"));
const ReportDialog = later(() => import("./failure/ReportDialog"));
const SignInDialog = later(() => import("./signin/SignInDialog"));
const Settings = later(() => import("./settings/Settings"));
const ToastRegion = later(() => import("./toasts/ToastRegion"));

const css = classes(styles);

/** The whole window. */
export function App({ client }: { readonly client: Client }) {
  return (
    <ClientContext value={client}>
      <Frame />
    </ClientContext>
  );
}

function Frame() {
  const loaded = useApp((app) => app.loaded);
  const broken = useView((view) => view.broken);
  const narrow = useView((view) => view.narrow);
  const sidebar = useView((view) => view.sidebar);
  const open = useView((view) => view.open);
  useNarrow();
  useTheme();
  useTitle();
  useShortcuts();
  useDrawn(loaded || broken !== null);

  if (broken !== null && !loaded) {
    return (
      <main className={css("broken")} data-testid="app" data-state="broken">
        <FailureCard failure={broken} onRetry={() => window.location.reload()} />
      </main>
    );
  }
  return (
    <div className={css("app")} data-testid="app" data-state={loaded ? "ready" : "loading"}>
      <button type="button" className={css("skip")} onClick={toComposer}>
        Skip to the message field
      </button>
      {sidebar && !narrow && <Sidebar />}
      <div className={css("work")}>
        <Pane>
          <ThreadHeader />
          <Own>
            <CrashNotice />
            <Problems />
            <Keychain />
          </Own>
          {loaded && (open === null ? <Start /> : <Thread key={open} id={open} />)}
          <Own>
            {loaded && <StandingBar />}
            {loaded && <ModelGone />}
          </Own>
          {loaded && <Composer />}
          {loaded && <Disclaimer />}
        </Pane>
        {loaded && <DeveloperView />}
      </div>
      <Announcer />
      <Overlays />
      {loaded && <AfterStart />}
    </div>
  );
}

/** What lies over the window. */
function Overlays() {
  const { toasts } = useClient();
  const kind = useView((view) => view.overlay?.kind);
  const settings = useView((view) => settingsIn(view) !== null);
  const drawer = useView((view) => view.narrow && view.drawer);
  const said = useStore(toasts.said, (said) => said);
  return (
    <Suspense fallback={null}>
      {drawer && <Drawer />}
      {said && <ToastRegion />}
      {kind === "find" && <FindDialog />}
      {kind === "report" && <ReportDialog />}
      {settings && <Settings />}
      {kind === "link" && <LinkDialog />}
      {kind === "sign_in" && <SignInDialog />}
    </Suspense>
  );
}

/** What is to be said of the keychain, when it does not do what it is for. */
function Keychain() {
  const trouble = useApp((app) => app.connections.some((connection) => keychainTrouble(connection) !== null));
  if (!trouble) return null;
  return (
    <Suspense fallback={null}>
      <KeychainNotice />
    </Suspense>
  );
}

/** How long after the start the rest comes, in milliseconds: the person has the window by then, and has hardly done anything. */
const AFTER_MS = 400;

/** What nobody misses in the first moments, and would wait for later. */
function AfterStart() {
  const [now, setNow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      loadAll();
      setNow(true);
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!now) return null;
  return (
    <>
      <WarmUp />
      <Suspense fallback={null}>
        <Hints />
        <QuoteButton />
      </Suspense>
    </>
  );
}

/** Below which the sidebar and a conversation do not fit beside each other. The style sheets know it as well. */
const NARROW = "(width < 700px)";

function useNarrow() {
  const client = useClient();
  useLayoutEffect(() => {
    const query = window.matchMedia(NARROW);
    const look = () => client.setNarrow(query.matches);
    look();
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [client]);
}

function useTheme() {
  const theme = useApp((app) => app.appearance.theme);
  useLayoutEffect(() => wear(theme), [theme]);
}

function useTitle() {
  const open = useView((view) => view.open);
  const title = useApp((app) => {
    const thread = open === null ? undefined : app.threads.get(open);
    return thread === undefined ? "Kittiwake" : `${titleOf(thread)} – Kittiwake`;
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Tells when there is something to see. */
function useDrawn(drawn: boolean) {
  const client = useClient();
  useLayoutEffect(() => {
    if (drawn) void client.drawn();
  }, [client, drawn]);
}

function useShortcuts() {
  const client = useClient();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const meant = shortcut(event, IS_MAC);
      if (meant === null || event.defaultPrevented || event.keyCode === 229) return;
      if (act(client, meant, event.target)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [client]);
}

/** What lies over the window, for as long as it is there. */
const OVER = "[role=dialog], [role=menu]";

/** Does what a shortcut means, and says whether it did. */
function act(client: Client, meant: Shortcut, target: EventTarget | null): boolean {
  switch (meant) {
    case "new":
      // What lay over the window must be gone: it does not let the focus out.
      flushSync(() => client.open(null));
      toComposer();
      return true;
    case "find":
      client.overlay({ kind: "find" });
      return true;
    case "settings":
      client.overlay({ kind: "settings", section: "appearance" });
      return true;
    case "sidebar":
      client.toggleSidebar();
      return true;
    case "developer":
      developerOf(client).toggle();
      return true;
    case "model":
      return document.querySelector(OVER) === null && pickModel();
    case "quote":
      return document.querySelector(OVER) === null && quoteSelected(client);
    case "undo": {
      // In a field with text the shortcut belongs to the text.
      const field = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
      return field && target.value !== "" ? false : client.toasts.undo();
    }
    case "stop":
      // What lies over the window is closed by the same key, and has the first right to it. It does not hear the key
      // when the focus is not in it: not yet, or lost with a button that went away.
      if (document.querySelector(OVER) !== null)
        return !(target instanceof Element && target.closest(OVER) !== null) && client.closeTop();
      switch (client.thread.state.get().thread?.turn.phase) {
        case "idle":
          return false;
        case "held":
          takeBack(client);
          return true;
        default:
          // Where the server asks for that, the answer is stopped by its button alone.
          if (client.thread.state.get().thread?.turn.stop_unwanted !== true) client.stop();
          return true;
      }
  }
}
