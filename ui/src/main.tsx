import "./design/tokens.css";
import "./design/base.css";
import "./design/pane.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { wear } from "./design/theme";
import type { Host } from "./host/host";
import { tauriHost } from "./host/tauri";
import { addressPlace } from "./state/address";
import { Client } from "./state/client";

async function chooseHost(): Promise<Host | null> {
  const desktop = tauriHost();
  if (desktop !== null) return desktop;
  // In a plain browser there is something to look at while developing; the built window does not contain it.
  if (import.meta.env.MODE === "production") return null;
  return (await import("./host/demo")).demoHost();
}

async function begin() {
  const root = document.getElementById("root");
  if (root === null) return;
  const host = await chooseHost();
  if (host === null) {
    root.textContent = "This page belongs inside the Kittiwake window.";
    return;
  }
  const client = new Client(host, addressPlace(window));
  // What is half written is saved before the page goes away.
  window.addEventListener("pagehide", () => client.drafts.flush());
  window.addEventListener("focus", () => {
    client.refresh(Date.now());
    client.reachAgain();
  });
  // The core looks at the network by itself; where the system does not let it, the web view may know.
  window.addEventListener("online", () => client.reachAgain());
  const started = client.start();
  await known(client);
  wear(client.app.get().appearance.theme);
  // The system shows the window, in its colour, while its content is drawn for the first time.
  client.ready();
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  );
  await started;
}

/** How long the first drawing waits for the core, in milliseconds; after that there is a window without content. */
const PATIENCE_MS = 250;

/** Waits until it is known what to draw. Drawing a window without content first would take longer than this does. */
function known({ app, view }: Client): Promise<void> {
  return new Promise((done) => {
    const look = () => {
      if (app.get().loaded || view.get().broken !== null) done();
    };
    app.subscribe(look);
    view.subscribe(look);
    setTimeout(done, PATIENCE_MS);
  });
}

void begin();
