import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { FakeCore, IDLE } from "../host/fake";
import { openWindow } from "../test/window";

const ENTER = { key: "Enter", code: "Enter", keyCode: 13 };

async function write(text: string) {
  const opened = await openWindow();
  const field = screen.getByTestId("composer-input");
  await opened.user.type(field, text);
  return { ...opened, field };
}

it("does not send with the Enter that confirms a candidate", async () => {
  const { core, field } = await write("かな");
  fireEvent.compositionStart(field);
  fireEvent.keyDown(field, { ...ENTER, isComposing: true });
  fireEvent.keyDown(field, { ...ENTER, keyCode: 229 });
  fireEvent.compositionEnd(field);
  expect(core.count("send")).toBe(0);
});

it("does not send with that Enter in WebKit's order either, but with the next one", async () => {
  const { core, field } = await write("かな");
  fireEvent.compositionStart(field);
  fireEvent.compositionEnd(field);
  fireEvent.keyDown(field, ENTER);
  expect(core.count("send")).toBe(0);
  await waitFor(() => {
    fireEvent.keyDown(field, ENTER);
    expect(core.count("send")).toBe(1);
  });
});

it("does not send what is empty", async () => {
  const { core, field } = await write("  ");
  fireEvent.keyDown(field, ENTER);
  expect(core.count("send")).toBe(0);
  expect(screen.getByTestId("composer-button").hasAttribute("disabled")).toBe(true);
});

/** Two events before the page has been drawn anew, as a fast hand or a bouncing key makes them. */
function twice(event: () => void) {
  act(() => {
    event();
    event();
  });
}

it.each([
  ["of a new conversation", null],
  ["in a conversation", "t1"],
])("sends a message %s once, however fast Enter is pressed twice", async (_, thread) => {
  const core = new FakeCore();
  core.addThread({ id: "t1", title: "Known" });
  const { client, user } = await openWindow(core);
  act(() => client.open(thread));
  const field = screen.getByTestId<HTMLTextAreaElement>("composer-input");
  await user.type(field, "hello");
  twice(() =>
    field.dispatchEvent(new KeyboardEvent("keydown", { ...ENTER, bubbles: true, cancelable: true })),
  );
  await waitFor(() => expect(screen.getByTestId("thread").dataset["phase"]).toBe("waiting"));
  expect(core.count("send")).toBe(1);
  expect(core.threads.size).toBe(thread === null ? 2 : 1);
  expect(client.app.get().problems).toEqual([]);
  expect(screen.getByTestId<HTMLTextAreaElement>("composer-input").value).toBe("");
});

it("begins one conversation when a prompt is pressed twice", async () => {
  const { core, client } = await openWindow();
  await act(() => Promise.all([client.send("What is new?"), client.send("What is new?")]));
  expect([core.count("send"), core.threads.size]).toEqual([1, 1]);
  // Whoever comes back and presses it again means another one.
  act(() => client.open(null));
  await act(() => client.send("What is new?"));
  expect([core.count("send"), core.threads.size]).toEqual([2, 2]);
});

it("gives a message one name, also if it is sent again, and the next one another", async () => {
  const { core, client, user } = await openWindow();
  const field = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
  const keys = () => core.calls.filter(({ command }) => command === "send").map(({ args }) => args["key"]);
  await user.type(field(), "yes{Enter}");
  await screen.findByTestId("thread");
  // The same press, heard late: the core knows the name, and nothing is sent again.
  await act(() => client.host.send({ connection: "guide", thread: null, text: "yes" }, String(keys()[0])));
  expect(core.threads.size).toBe(1);
  const [thread] = [...core.threads.keys()];
  act(() => core.end(thread ?? "", { type: "done" }));
  await user.type(field(), "yes{Enter}");
  await waitFor(() => expect(keys()).toHaveLength(3));
  expect(new Set(keys()).size).toBe(2);
  expect(core.threads.get(thread ?? "")?.items).toHaveLength(2);
});

it("does not stop the answer with the second press of a double click on Send", async () => {
  const { core, user } = await write("hello");
  const now = vi.spyOn(performance, "now").mockReturnValue(10_000);
  await user.click(screen.getByTestId("composer-button"));
  await waitFor(() => expect(screen.getByTestId("composer-button").dataset["action"]).toBe("stop"));
  now.mockReturnValue(10_300);
  await user.click(screen.getByTestId("composer-button"));
  expect(core.count("stop")).toBe(0);
  now.mockReturnValue(10_600);
  await user.click(screen.getByTestId("composer-button"));
  expect(core.count("stop")).toBe(1);
  now.mockRestore();
});

it("stops the answer at once after a message that was sent by Enter", async () => {
  const { core, user } = await write("hello");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("composer-button").dataset["action"]).toBe("stop"));
  await user.click(screen.getByTestId("composer-button"));
  expect(core.count("stop")).toBe(1);
});

it("says that the server asks not to be stopped, and stops it by the button alone", async () => {
  const { core, client, user } = await write("hello");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(client.thread.state.get().id).not.toBeNull());
  const thread = client.thread.state.get().id ?? "";
  act(() => core.batch(thread, { op: "turn", turn: { ...IDLE, phase: "streaming", stop_unwanted: true } }));
  const button = screen.getByTestId("composer-button");
  expect(button.getAttribute("aria-label")).toMatch(/asks not to be stopped\. Stop all the same$/);
  await user.keyboard("{Escape}");
  expect(core.count("stop")).toBe(0);
  await user.click(button);
  expect(core.count("stop")).toBe(1);
});
