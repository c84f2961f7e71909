import "./design/tokens.css";
import "./design/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
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
  window.addEventListener("focus", () => client.refresh(Date.now()));
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  );
  await client.start();
}

void begin();
