import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import { FakeCore, failureOf, IDLE } from "../host/fake";
import { setContext } from "../host/fakeOptions";
import { answerItem, openWindow, userItem } from "../test/window";

/** A window with a conversation whose server keeps nothing. */
async function talk(change: Parameters<typeof setContext>[2] = {}) {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" }, [
    userItem("u1", "When is high tide?"),
    answerItem("a1", "At nine."),
    userItem("u2", "And low tide?"),
    answerItem("a2", "At three."),
  ]);
  setContext(core, "t", change);
  const opened = await openWindow(core);
  await opened.user.click(screen.getByRole("button", { name: "Tides" }));
  await screen.findAllByTestId("item");
  return { ...opened, core };
}

it("says how full the window is once that is worth knowing", async () => {
  const { core } = await talk({ percent: 49 });
  expect(screen.queryByTestId("window-meter")).toBeNull();
  act(() => setContext(core, "t", { percent: 62 }));
  const meter = screen.getByRole("meter", { name: "About 62 % of the window of tiny" });
  expect(meter.getAttribute("value")).toBe("62");
  act(() => setContext(core, "t", { percent: 140 }));
  expect(screen.getByTestId("window-meter").textContent).toContain("About 100 %");
});

it("draws a line where the conversation begins to be sent, with the summary behind it", async () => {
  const { core, user } = await talk();
  expect(screen.queryByTestId("window-edge")).toBeNull();
  act(() => setContext(core, "t", { from: "u2" }));
  const edge = screen.getByTestId("window-edge");
  expect(edge.textContent).toBe("What stands above is not sent any more: the window of tiny is full.");
  const item = screen.getByText("And low tide?").closest("article");
  expect(edge.compareDocumentPosition(item as Node)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  act(() => setContext(core, "t", { summary: "They spoke of tides." }));
  const toggle = within(edge).getByRole("button", { name: "A summary is sent instead" });
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  await user.click(toggle);
  expect(within(edge).getByText("They spoke of tides.")).toBeTruthy();
});

it("shows what a model thought and which tool it asked for, behind a line each", async () => {
  const core = new FakeCore();
  const item = (id: string, name: string, text: string | null) =>
    ({ id, stage: "done", body: { kind: "unknown", name, text } }) as const;
  core.addThread({ id: "t", title: "Tides" }, [
    item("r", "reasoning", "Is it two?"),
    item("f", "function_call", 'tide {"at": 9}'),
    item("h", "hologram", null),
  ]);
  const { user } = await openWindow(core);
  await user.click(screen.getByRole("button", { name: "Tides" }));
  await user.click(await screen.findByRole("button", { name: "What the model thought" }));
  expect(screen.getByText("Is it two?")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "The model asked for a tool, which is not run" }));
  expect(screen.getByText('tide {"at": 9}')).toBeTruthy();
  expect(screen.getByText(/does not show/).textContent).toContain("hologram");
});

it("offers to leave out the oldest where a conversation is too long, and no other try", async () => {
  const { core, user } = await talk();
  const failure = failureOf("too_long", "The conversation is longer than “tiny” can read.");
  act(() =>
    core.batch("t", { op: "turn", turn: { ...IDLE, outcome: { type: "failed", failure, can_retry: true } } }),
  );
  expect(screen.queryByTestId("try-again")).toBeNull();
  core.failNext("retry_with_less", failureOf("too_long", "Nothing older is left."));
  await user.click(screen.getByTestId("shorten"));
  await screen.findByText("Nothing older is left.");
  await user.click(screen.getByTestId("shorten"));
  await waitFor(() => expect(core.count("retry_with_less")).toBe(2));
});

it("sets parameters for one conversation, shows what its connection says, and takes them back", async () => {
  const { core, user } = await talk();
  await user.click(screen.getByRole("button", { name: "Parameters" }));
  const sheet = await screen.findByTestId("options-sheet");
  const temperature = await within(sheet).findByRole<HTMLInputElement>("textbox", { name: "Temperature" });
  expect([temperature.value, temperature.placeholder]).toEqual(["", "0.7"]);
  await user.type(temperature, "warm");
  core.failNext("set_thread_options", failureOf("bad_input", "Write a number.", "temperature"));
  await user.click(within(sheet).getByRole("button", { name: "Save" }));
  await within(sheet).findByText("Write a number.");
  expect(temperature.getAttribute("aria-invalid")).toBe("true");
  await user.clear(temperature);
  await user.type(temperature, "0.2");
  await user.click(within(sheet).getByRole("radio", { name: "Low" }));
  await user.click(within(sheet).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByTestId("options-sheet")).toBeNull());
  expect(core.models.values).toEqual({ temperature: "0.2", reasoning_effort: "low" });

  await user.click(screen.getByRole("button", { name: "Parameters, some are of this conversation" }));
  await user.click(await screen.findByRole("button", { name: "As the connection has them" }));
  await waitFor(() => expect(core.models.values).toEqual({}));
  await screen.findByRole("button", { name: "Parameters" });
});

it("offers the models of the server, and takes any other name", async () => {
  const { core, user } = await talk();
  await user.click(screen.getByRole("button", { name: "Parameters" }));
  await user.click(await screen.findByRole("button", { name: /Models of the server/ }));
  await user.click(await screen.findByRole("option", { name: "large" }));
  const model = screen.getByTestId<HTMLInputElement>("options-model");
  expect(model.value).toBe("large");
  await user.clear(model);
  await user.type(model, "my-own");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(core.models.values).toEqual({ model: "my-own" }));
});

it("has no parameters where the server keeps the conversation", async () => {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" }, [userItem("u", "When?")]);
  const { user } = await openWindow(core);
  await user.click(screen.getByRole("button", { name: "Tides" }));
  await screen.findAllByTestId("item");
  expect(screen.queryByTestId("thread-options")).toBeNull();
});

it("has no fault with the line, the meter and the parameters", async () => {
  const { user } = await talk({ from: "u2", percent: 80, summary: "They spoke of tides." });
  await user.click(screen.getByRole("button", { name: "Parameters" }));
  await screen.findByRole("textbox", { name: "Temperature" });
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(
    result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
  ).toEqual([]);
});
