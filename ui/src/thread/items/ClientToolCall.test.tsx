import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ToolCallView } from "../../gen/ToolCallView";
import { FakeCore, failureOf } from "../../host/fake";
import { faults } from "../../test/faults";
import { toolItem } from "../../test/kinds";
import { openWindow, userItem } from "../../test/window";

async function show(view: Partial<ToolCallView>) {
  const core = new FakeCore();
  core.addThread({ id: "t" }, [userItem("u", "Open it"), toolItem(view)]);
  const opened = await openWindow(core);
  act(() => opened.client.open("t"));
  await screen.findByTestId("thread");
  return opened;
}

it.each([
  ["Do it once", "once"],
  ["Always for this assistant", "always"],
  ["Refuse", "refuse"],
])("shows exactly what would be done before anything is done: %s", async (label, consent) => {
  const long = `{\n${'  "line": "words",\n'.repeat(500)}  "last": true\n}`;
  const { core, user } = await show({ arguments: long });
  const card = await screen.findByTestId("tool-consent");
  expect(card.textContent).toContain("Open https://a.example in your browser?");
  expect(screen.getByRole("region", { name: "With exactly this:" }).textContent).toBe(long);
  expect(card.contains(document.activeElement)).toBe(false);
  expect(core.count("answer_tool_call")).toBe(0);
  await user.click(screen.getByRole("button", { name: label }));
  const call = core.calls.find(({ command }) => command === "answer_tool_call");
  expect(call?.args).toEqual({ thread: "t", item: "tool", consent });
});

it("comes to Refuse first, and has no fault", async () => {
  const { user } = await show({});
  const pre = await screen.findByRole("region", { name: "With exactly this:" });
  act(() => pre.focus());
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Refuse");
  expect(await faults()).toEqual([]);
});

it("keeps asking when the answer did not get through", async () => {
  const { core, client, user } = await show({});
  core.failNext("answer_tool_call", failureOf("disk_full", "The disk is full."));
  await user.click(await screen.findByRole("button", { name: "Do it once" }));
  await waitFor(() => expect(client.app.get().problems).toHaveLength(1));
  expect(screen.getByRole("button", { name: "Do it once" }).hasAttribute("disabled")).toBe(false);
});

it("says that a tool is used, was used, was not used, and was never answered", async () => {
  const { core, user } = await show({ state: "running" });
  const put = (view: Partial<ToolCallView>) =>
    act(() => core.batch("t", { op: "put_item", item: toolItem(view), after: "u", replaces: null }));
  expect(await screen.findByText(/Using the tool/)).toBeTruthy();
  put({ state: "passed" });
  expect(screen.getByText(/was not answered/)).toBeTruthy();
  put({ state: "answered", output: '{ "done": true }' });
  await user.click(screen.getByRole("button", { name: "Used the tool open_link" }));
  expect(screen.getByRole("region", { name: "What was answered" }).textContent).toBe('{ "done": true }');
  put({ state: "failed", output: '{ "error": "The person declined." }' });
  expect(screen.getByRole("button", { name: "Did not use the tool open_link" })).toBeTruthy();
});
