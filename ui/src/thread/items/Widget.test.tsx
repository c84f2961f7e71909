import { act, render, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemView } from "../../gen/ItemView";
import type { Node } from "../../gen/widget/Node";
import { hostOver } from "../../host/commands";
import { FakeCore, failureOf, IDLE } from "../../host/fake";
import { Client } from "../../state/client";
import { ClientContext } from "../../state/context";
import { memoryPlace, openWindow, userItem } from "../../test/window";
import type { Acting } from "../../widgets/acting";
import { example } from "../../widgets/gallery";
import { useActing } from "../../widgets/useActing";

function widgetItem(root: Node | null, more: Partial<ItemView> = {}): ItemView {
  const body: ItemView["body"] = { kind: "widget", root, hints: [], copy_text: "Order 81" };
  return { id: "w", stage: "done", body, ...more };
}

async function openWith(item: ItemView) {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Orders" }, [userItem("u", "Where is it?"), item]);
  const opened = await openWindow(core);
  await opened.user.click(screen.getByRole("button", { name: "Orders" }));
  return opened;
}

it("shows a widget in the conversation, by its name, and copies what its server says", async () => {
  const { core, user } = await openWith(widgetItem(example("Card")));
  const widget = await screen.findByRole("region", { name: "Widget: Espresso machine" });
  await within(widget).findByText("Arriving on Tuesday");
  await user.click(within(widget).getByRole("button", { name: "Copy as text" }));
  await waitFor(() =>
    expect(core.calls).toContainEqual({ command: "copy_text", args: { text: "Order 81" } }),
  );
});

it.each([
  ["no component", null],
  [
    "an empty card",
    { ...example("Card"), children: [], status: null, buttons: { confirm: null, cancel: null } } as Node,
  ],
])("says calmly that there is nothing to see: %s", async (_, root) => {
  await openWith(widgetItem(root));
  await screen.findByText("The server sent a widget with nothing in it.");
  expect(screen.queryByRole("region", { name: /Widget/ })).toBeNull();
});

it("changes in its place when the server sends it again", async () => {
  const { core } = await openWith(widgetItem(example("Card")));
  const eta = await screen.findByText("Arriving on Tuesday");
  const next = structuredClone(example("Card"));
  const text = "children" in next ? next.children[1] : undefined;
  if (text?.type === "Text") text.value = "Here";
  act(() => core.batch("t", { op: "put_item", item: widgetItem(next), after: "u", replaces: null }));
  await waitFor(() => expect(eta.textContent).toBe("Here"));
});

/** A client on a thread, and what a component in a widget gets to act with. */
async function acting(core: FakeCore) {
  core.addThread({ id: "t", title: "Orders" }, [widgetItem(example("Card"))]);
  const client = new Client(hostOver(core), memoryPlace());
  await client.start();
  client.open("t");
  const got: { now: Acting | null } = { now: null };
  function Probe() {
    got.now = useActing("t", "w");
    return null;
  }
  render(
    <ClientContext value={client}>
      <Probe />
    </ClientContext>,
  );
  await waitFor(() => expect(client.thread.state.get().thread).not.toBeNull());
  return { client, got };
}

const TRACK = { type: "order.track", handler: "server", loadingBehavior: "auto", streaming: false } as const;

it("asks the server what a press in it means, and is busy while a turn is under way", async () => {
  const core = new FakeCore();
  const { got } = await acting(core);
  expect(got.now?.busy).toBe(false);
  await act(async () => got.now?.act(TRACK, { id: 81 }));
  const action = { type: "order.track", payload: { id: 81 }, streaming: false };
  expect(core.calls).toContainEqual({ command: "widget_action", args: { thread: "t", item: "w", action } });
  act(() => core.batch("t", { op: "turn", turn: { ...IDLE, phase: "streaming" } }));
  expect(got.now?.busy).toBe(true);
});

it("says what went wrong, and is over all the same", async () => {
  const core = new FakeCore();
  const { client, got } = await acting(core);
  core.failNext("widget_action", failureOf("unreachable", "Nobody answers."));
  await act(async () => got.now?.act(TRACK, undefined));
  expect(client.app.get().problems.map(({ message }) => message)).toEqual(["Nobody answers."]);
});
