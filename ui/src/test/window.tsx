import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect } from "vitest";
import { App } from "../App";
import type { ItemView } from "../gen/ItemView";
import type { Patch } from "../gen/Patch";
import type { ThreadId } from "../gen/ThreadId";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { plainMessage } from "../host/fakeMessage";
import { Client, type Place } from "../state/client";

/** A place that remembers over a "reload", as an address does. */
export function memoryPlace(): Place {
  let open: ThreadId | null = null;
  return {
    get: () => open,
    set: (thread) => {
      open = thread;
    },
  };
}

/** A window on a fake core, as the person finds it. A second one on the same core and place is a reload. */
export async function openWindow(core = new FakeCore(), place = memoryPlace()) {
  const client = new Client(hostOver(core), place);
  const view = render(<App client={client} />);
  const user = userEvent.setup();
  // The list of conversations comes a moment after the window.
  const listed = () => {
    const rows = screen.queryAllByTestId("thread-row").length;
    const hidden = screen.queryByTestId("new-thread") === null;
    expect(hidden || rows === client.app.get().latest.length).toBe(true);
  };
  await client.start();
  await screen.findByTestId("composer-input");
  await waitFor(listed);
  return { core, client, user, place, ...view };
}

/** A window with the list of connections open. */
export async function openConnections(core: FakeCore) {
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings");
  await opened.user.click(screen.getByRole("tab", { name: "Connections" }));
  return opened;
}

/** Makes the window as wide as that, in CSS pixels; for one test. */
export function resizeTo(width: number) {
  window.innerWidth = width;
  act(() => void window.dispatchEvent(new Event("resize")));
}

/** A paragraph that begins with some words. */
export function begins(words: string): Patch[] {
  return [
    { op: "open", id: 1, parent: 0, node: { type: "paragraph" } },
    { op: "open", id: 2, parent: 1, node: { type: "text", text: words } },
  ];
}

/** The same paragraph goes on. */
export function goesOn(words: string): Patch[] {
  return [{ op: "append", id: 2, text: words }];
}

export function userItem(id: string, text: string): ItemView {
  return { id, stage: "done", body: plainMessage(text) };
}

export function answerItem(id: string, text: string): ItemView {
  return { id, stage: "done", body: { kind: "assistant_message", parts: [begins(text)], sources: [] } };
}
