import { createContext, useContext } from "react";
import type { ConnectionView } from "../gen/ConnectionView";
import type { AppState } from "./app";
import type { Client, ViewState } from "./client";
import { connectionOf } from "./connectionOf";
import type { OpenThreadState } from "./openThread";
import { useStore } from "./store";

export const ClientContext = createContext<Client | null>(null);

/** The client of this window. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("a component that needs the client is outside of it");
  return client;
}

/** What `select` takes from what the core said outside threads. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useClient().app, select);
}

/** What `select` takes from what only the page knows. */
export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(useClient().view, select);
}

/** What `select` takes from the open thread. */
export function useOpenThread<T>(select: (state: OpenThreadState) => T): T {
  return useStore(useClient().thread.state, select);
}

/** The connection that the window is about. */
export function useConnection(): ConnectionView | null {
  const app = useApp((state) => state);
  const view = useView((state) => state);
  return connectionOf(app, view);
}
