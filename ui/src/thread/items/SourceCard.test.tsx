import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemView } from "../../gen/ItemView";
import type { Patch } from "../../gen/Patch";
import { FakeCore } from "../../host/fake";
import { faults } from "../../test/faults";
import { begins, openWindow, userItem } from "../../test/window";

const SOURCES = [
  {
    title: "Atlas",
    description: "A page on Lisbon",
    url: "https://atlas.example/lisbon",
    group: "Web",
    timestamp: "2026-01-02",
  },
  { title: "Ada Lovelace", description: null, url: null, label: "Person" },
];

function marked(): ItemView {
  const patches: Patch[] = [
    ...begins("In Lisbon"),
    { op: "open", id: 3, parent: 1, node: { type: "mark", sources: [1, 2], label: null } },
    { op: "open", id: 4, parent: 1, node: { type: "text", text: ", says " } },
    { op: "open", id: 5, parent: 1, node: { type: "mark", sources: [2], label: "Ada" } },
  ];
  return { id: "a", stage: "done", body: { kind: "assistant_message", parts: [patches], sources: SOURCES } };
}

async function show() {
  const core = new FakeCore();
  core.addThread({ id: "t", title: "Tides" }, [userItem("u", "Where?"), marked()]);
  const opened = await openWindow(core);
  act(() => opened.client.open("t"));
  await screen.findByTestId("answer-text");
  return opened;
}

it("stands in the text as a button with the numbers, or the name, and is no word of it", async () => {
  const { client } = await show();
  expect(screen.getByRole("button", { name: "Sources 1, 2" }).textContent).toBe("1, 2");
  expect(screen.getByRole("button", { name: "Ada, source 2" }).textContent).toBe("Ada");
  const [, answer] = client.thread.state.get().thread?.items ?? [];
  const body = answer?.body;
  expect(body?.kind === "assistant_message" && body.parts[0]?.plainText).toBe("In Lisbon, says ");
  expect(await faults()).toEqual([]);
});

it("shows its sources while it is looked at, without taking the focus, until Escape", async () => {
  await show();
  const mark = screen.getByRole("button", { name: "Sources 1, 2" });
  act(() => mark.focus());
  const card = await screen.findByTestId("source-card");
  for (const words of [
    "Atlas",
    "A page on Lisbon",
    "Web · 2026-01-02",
    "https://atlas.example/lisbon",
    "Person",
  ])
    expect(card.textContent).toContain(words);
  expect(document.activeElement).toBe(mark);
  fireEvent.keyDown(mark, { key: "Escape" });
  expect(screen.queryByTestId("source-card")).toBeNull();
  fireEvent.pointerOver(mark);
  await screen.findByTestId("source-card");
  fireEvent.pointerOut(mark);
  await waitFor(() => expect(screen.queryByTestId("source-card")).toBeNull());
});

it("stays when it is pressed, and leads to the page through the question about links", async () => {
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Sources 1, 2" }));
  expect(await screen.findByRole("dialog", { name: "Sources" })).toBeTruthy();
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Open Atlas" }));
  await waitFor(() => expect(document.body.textContent).toContain("atlas.example"));
});
