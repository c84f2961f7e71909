import { act, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemView } from "../../gen/ItemView";
import { FakeCore, IDLE } from "../../host/fake";
import { faults } from "../../test/faults";
import { taskOf, workflowItem } from "../../test/kinds";
import { begins, openWindow, userItem } from "../../test/window";
import { duration } from "./taskWords";

async function show(item: ItemView, turn = IDLE) {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" }, [userItem("u", "When?"), item]).turn = turn;
  const opened = await openWindow(core);
  act(() => opened.client.open("t"));
  await screen.findByTestId("thread");
  return { ...opened, core };
}

const SEARCH = taskOf({
  type: "web_search",
  status: "loading",
  title: "Looking for tides",
  queries: ["tides lisbon"],
  sources: [{ title: "Atlas", description: null, url: "https://atlas.example/tides" }],
});

it("shows the step that the assistant is at while it works, and closes when it is done", async () => {
  const tasks = [taskOf({ title: "Plan", status: "complete" }), SEARCH];
  const { core } = await show(workflowItem({ tasks }, "streaming"), { ...IDLE, phase: "streaming" });
  const workflow = await screen.findByTestId("workflow");
  expect(workflow.dataset["stand"]).toBe("running");
  expect(screen.getByRole("button", { name: "Looking for tides" }).getAttribute("aria-expanded")).toBe(
    "false",
  );
  const current = within(screen.getByTestId("current-task"));
  expect(current.getByText("tides lisbon")).toBeTruthy();
  expect(current.getByRole("button", { name: /Atlas/ }).textContent).toContain("atlas.example");
  expect(await faults()).toEqual([]);

  const summary = { kind: "custom", title: "Found the tides", icon: "bolt" } as const;
  act(() =>
    core.batch("t", { op: "put_item", item: workflowItem({ tasks, summary }), after: "u", replaces: null }),
  );
  expect(await screen.findByRole("button", { name: "Found the tides" })).toBeTruthy();
  expect(screen.queryByTestId("current-task")).toBeNull();
});

it("calls one that its turn left open paused, not failed", async () => {
  await show(workflowItem({ tasks: [SEARCH] }, "streaming"));
  expect((await screen.findByTestId("workflow")).dataset["stand"]).toBe("paused");
  expect(screen.getByRole("button", { name: "Paused: Looking for tides" })).toBeTruthy();
});

it("shows thoughts behind how long they took, and all kinds of steps", async () => {
  const tasks = [
    taskOf({ type: "thought", status: "complete", content: begins("Is it two?") }),
    taskOf({
      type: "file",
      sources: [{ title: "Report", description: null, url: null, filename: "q3.pdf" }],
    }),
    taskOf({ type: "image", title: "Looked at a picture" }),
    taskOf({ type: "unknown" }),
  ];
  const { user } = await show(
    workflowItem({ is_reasoning: true, tasks, summary: { kind: "duration", seconds: 75 } }),
  );
  const toggle = await screen.findByRole("button", { name: "Thought for 1 min 15 s" });
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  await user.click(toggle);
  const steps = screen.getAllByTestId("task");
  expect(steps.map((step) => step.dataset["status"])).toEqual(["complete", "none", "none", "none"]);
  expect(steps[0]?.textContent).toContain("Is it two?");
  expect(steps[1]?.textContent).toContain("q3.pdf");
  expect(steps[3]?.textContent).toContain("does not know");
  expect(await faults()).toEqual([]);
});

it("is open from the start where the server wants it", async () => {
  await show(workflowItem({ tasks: [taskOf({ title: "Plan" })], expanded: true }));
  expect((await screen.findByRole("button", { name: "1 step" })).getAttribute("aria-expanded")).toBe("true");
});

it("asks before it opens what a search has found", async () => {
  const { user } = await show({ id: "k", stage: "done", body: { kind: "task", ...SEARCH } });
  await user.click(await screen.findByRole("button", { name: /Atlas/ }));
  expect((await screen.findByRole("dialog")).textContent).toContain("atlas.example");
});

it("says durations in seconds and minutes", () => {
  expect([0, 59, 60, 125].map(duration)).toEqual(["0 s", "59 s", "1 min", "2 min 5 s"]);
});
