import { act, screen, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ExchangeView } from "../gen/ExchangeView";
import type { Mark } from "../gen/Mark";
import type { WireFrame } from "../gen/WireFrame";
import { FakeCore } from "../host/fake";
import { fakeWire } from "../host/fakeWire";
import { memoryPlace, openWindow } from "../test/window";
// It is loaded when it is first asked for: on a busy machine that takes longer than a test waits.
import "./Panel";

function exchange(id: number, more: Partial<ExchangeView> = {}): ExchangeView {
  return {
    id,
    connection: "Office",
    apart: false,
    at: 0,
    method: "POST",
    operation: "threads.create",
    address: "https://a.example/chatkit",
    status: 200,
    head: 1_200,
    took: 2_500_000,
    sent: 100,
    received: 2_000,
    frames: 1,
    left_out: 0,
    marked: 0,
    end: { type: "whole" },
    ...more,
  };
}

function frame(of: number, index: number, name: string, marks: Mark[] = []): WireFrame {
  return { exchange: of, index, at: 1_500, kind: "event", name, about: null, size: 30, preview: "{}", marks };
}

const STRANGE: Mark = { sort: "unknown", words: "Unknown event “a.b”: passed over." };

async function openView(core = new FakeCore()) {
  const opened = await openWindow(core);
  const wire = fakeWire(core);
  await opened.user.keyboard("{Control>}{Shift>}d{/Shift}{/Control}");
  const panel = within(await screen.findByTestId("developer"));
  return { ...opened, wire, panel };
}

const lines = () => screen.getAllByRole("treeitem").map((line) => line.textContent);

it("records while it is open, and not otherwise", async () => {
  const { core, user, wire } = await openView();
  expect(wire.recording).toBe("on");
  await user.keyboard("{Control>}{Shift>}d{/Shift}{/Control}");
  expect(screen.queryByTestId("developer")).toBeNull();
  expect(wire.recording).toBe("off");
  expect(core.count("record_wire")).toBe(2);
});

it("opens from the sheet of a connection", async () => {
  const { user } = await openWindow();
  await user.click(await screen.findByTestId("connection-state"));
  await user.click(await screen.findByRole("button", { name: "Developer view" }));
  await screen.findByTestId("developer");
});

it("is there again after the page was loaded anew", async () => {
  const core = new FakeCore();
  const place = memoryPlace();
  const { unmount } = await openView(core);
  unmount();
  await openWindow(core, place);
  await screen.findByTestId("developer");
});

it("lists requests with what came, and what belongs to no conversation is closed", async () => {
  const { wire } = await openView();
  act(() => {
    wire.put(exchange(1, { apart: true, operation: "threads.list" }), frame(1, 0, "hidden"));
    wire.put(exchange(2), frame(2, 0, "thread.created"), frame(2, 1, "thread.item.done"));
  });
  await screen.findByText("thread.created");
  expect(lines()).toEqual([
    "POSTthreads.list2002.50 s2.0 kB",
    "POSTthreads.create2002.50 s2.0 kB",
    "1.5 ms←thread.created30 B",
    "1.5 ms←thread.item.done30 B",
  ]);
});

it("goes with the keys of a tree", async () => {
  const { user, wire, panel } = await openView();
  act(() => wire.put(exchange(1), frame(1, 0, "thread.created"), frame(1, 1, "thread.item.done")));
  await screen.findByText("thread.created");
  const tree = panel.getByRole("tree");
  act(() => tree.focus());
  const selected = () => screen.getByRole("treeitem", { selected: true });
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(selected().textContent).toContain("thread.created");
  expect(tree.getAttribute("aria-activedescendant")).toBe(selected().id);
  await user.keyboard("{ArrowLeft}");
  expect(selected().textContent).toContain("threads.create");
  await user.keyboard("{ArrowLeft}");
  expect(selected().getAttribute("aria-expanded")).toBe("false");
  expect(lines()).toHaveLength(1);
  await user.keyboard("{ArrowRight}{End}");
  expect(selected().textContent).toContain("thread.item.done");
});

it("shows a request in full, copies it as curl, and saves it", async () => {
  const { core, user, wire, client } = await openView();
  act(() => wire.put(exchange(7)));
  await user.click(await screen.findByTestId("exchange"));
  const detail = within(await screen.findByTestId("wire-detail"));
  await detail.findByText("Bearer [redacted]");
  detail.getByText(/"type": "threads.create"/);
  await user.click(detail.getByRole("button", { name: "Copy as curl" }));
  await screen.findByTestId("wire-detail");
  expect(core.calls.find(({ command }) => command === "copy_text")?.args["text"]).toContain("$TOKEN");
  await user.click(detail.getByRole("button", { name: "Save as a trace" }));
  expect(core.calls.find(({ command }) => command === "save_wire")?.args["exchange"]).toBe(7);
  await screen.findByText("Saved as ~/trace.txt");
  expect(client.app.get().problems).toEqual([]);
});

it("shows what is not understood, alone if that is wanted", async () => {
  const { user, wire } = await openView();
  act(() => {
    wire.put(exchange(1), frame(1, 0, "thread.created"));
    wire.put(exchange(2, { marked: 1 }), frame(2, 0, "a.b", [STRANGE]), frame(2, 1, "thread.item.done"));
  });
  await screen.findByText("a.b");
  await user.click(screen.getByRole("checkbox", { name: "Only what is not understood" }));
  expect(screen.getAllByTestId("frame")).toHaveLength(1);
  await user.click(screen.getByTestId("frame"));
  expect((await screen.findByTestId("mark")).textContent).toContain(STRANGE.words);
  await screen.findByText(/"index": 0/);
});

it("searches in what was sent and received", async () => {
  const { user, wire } = await openView();
  act(() => wire.put(exchange(1), frame(1, 0, "thread.created"), frame(1, 1, "thread.item.done")));
  await screen.findByText("thread.created");
  wire.hits = [{ exchange: 1, index: 1 }];
  await user.type(screen.getByRole("searchbox"), "words");
  await screen.findByText("thread.item.done");
  expect(screen.queryByText("thread.created")).toBeNull();
});

it("draws only the lines in sight", async () => {
  const { wire } = await openView();
  const many = Array.from({ length: 10_000 }, (_, index) => frame(1, index, `event ${index}`));
  act(() => wire.put(exchange(1), ...many));
  await screen.findByTestId("exchange");
  expect(screen.getAllByRole("treeitem").length).toBeLessThan(100);
});

it("can be read aloud", async () => {
  const { user, wire, panel } = await openView();
  act(() => wire.put(exchange(1, { marked: 1 }), frame(1, 0, "a.b", [STRANGE])));
  await user.click(await panel.findByTestId("frame"));
  await screen.findByTestId("mark");
  const { violations } = await axe.run(screen.getByTestId("developer"), {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
