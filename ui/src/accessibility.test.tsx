import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, failureOf, GUIDE, IDLE } from "./host/fake";
import { modelOf } from "./host/fakeCatalogue";
import { faults } from "./test/faults";
import { answerItem, openWindow, userItem } from "./test/window";

it("has no fault on the start screen", async () => {
  await openWindow();
  expect(await faults()).toEqual([]);
});

it("has no fault in a conversation that was interrupted, with older ones beside it", async () => {
  const core = new FakeCore();
  const answer = { ...answerItem("a", "Half of"), stage: "interrupted" } as const;
  const thread = core.addThread({ id: "t", title: "Tides" }, [userItem("u", "When?"), answer]);
  const failure = failureOf("idle_timeout", "The server went silent.", "after 60 s");
  thread.turn = { ...IDLE, outcome: { type: "interrupted", failure, can_retry: true } };
  core.addThread({ id: "g", title: "Gulls", activity: "unread" });
  const { user } = await openWindow(core);
  await user.click(screen.getByRole("button", { name: "Tides" }));
  await screen.findByTestId("failure");
  act(() =>
    core.batch("t", {
      op: "notice",
      notice: { level: "warning", title: "Soon", message: "Maintenance at nine." },
    }),
  );
  act(() => core.toApp({ type: "problem", failure: failureOf("disk_full", "The disk is full.") }));
  expect(await faults()).toEqual([]);
});

it.each(["Appearance", "Connections", "Models", "About"])(
  "has no fault in the settings: %s",
  async (section) => {
    const { user } = await openWindow();
    await user.keyboard("{Control>},{/Control}");
    await screen.findByTestId("settings");
    await user.click(screen.getByRole("tab", { name: section }));
    expect(await faults()).toEqual([]);
  },
);

it("has no fault in the form and in the find dialog", async () => {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" });
  const { user } = await openWindow(core);
  await user.keyboard("{Control>},{/Control}");
  await user.click(await screen.findByRole("tab", { name: "Connections" }));
  await user.click(screen.getByRole("button", { name: "Add a server" }));
  expect(await faults()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());
  await user.keyboard("{Control>}k{/Control}");
  await screen.findByTestId("find-dialog");
  expect(await faults()).toEqual([]);
});

it("has no fault in the list of models, where one has vanished, and on their page of the settings", async () => {
  const core = new FakeCore();
  const state = { type: "failing", failure: failureOf("unreachable", "Nobody answers.") } as const;
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false, state }, GUIDE];
  const price = { input: 1, output: 2, currency: "EUR" };
  core.models.catalogue = {
    models: [
      modelOf("office", "old", { gone: true }),
      modelOf("office", "new", { default: true, label: "New", context: 8192, price }),
      modelOf("office", "fixed", { locked: true }),
    ],
    chosen: [{ connection: "office", id: "old" }],
    published: [{ connection: "office", read_at: core.now }],
  };
  const { user } = await openWindow(core);
  expect(await faults()).toEqual([]);
  await user.keyboard("{Control>}l{/Control}");
  await screen.findByTestId("model-sheet");
  expect(await faults()).toEqual([]);
  await user.keyboard("ne");
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Models in the settings…" }));
  await screen.findByTestId("model-locked");
  expect(await faults()).toEqual([]);
});
