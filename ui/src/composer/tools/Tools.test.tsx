import { act, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ComposerTool } from "../../gen/ComposerTool";
import { FakeCore } from "../../host/fake";
import { profiled } from "../../test/profile";
import { openWindow } from "../../test/window";

const SEARCH: ComposerTool = {
  id: "search_docs",
  label: "Search the documents",
  shortLabel: "Search",
  placeholderOverride: "What are you looking for?",
  pinned: true,
  persistent: false,
};
const DRAW: ComposerTool = { id: "draw", label: "Draw a picture", pinned: false, persistent: true };

const field = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
const chosen = () => screen.queryByTestId("chosen-tool")?.dataset["tool"] ?? null;
const requests = (core: FakeCore) =>
  core.calls.filter(({ command }) => command === "send").map(({ args }) => args["request"]);

async function opened(core = new FakeCore()) {
  return openWindow(profiled(core, { tools: [SEARCH, DRAW], placeholder: "Ask the office" }));
}

it("chooses a pinned tool for one message, which says so in the field", async () => {
  const { core, user } = await opened();
  expect(field().placeholder).toBe("Ask the office");
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect([chosen(), field().placeholder]).toEqual(["search_docs", "What are you looking for?"]);
  expect(document.activeElement).toBe(field());
  await user.keyboard("terns{Enter}");
  await screen.findByTestId("thread");
  expect(requests(core)).toMatchObject([{ text: "terns", tool: "search_docs" }]);
  expect(await screen.findByText("Search the documents")).toBeDefined();
  expect(chosen()).toBeNull();
});

it("keeps a tool that was made to stay, also in the conversation that begins, until it is removed", async () => {
  const { core, user } = await opened();
  await user.click(screen.getByTestId("tools"));
  await user.click(await screen.findByRole("menuitemradio", { name: "Draw a picture" }));
  await waitFor(() => expect(chosen()).toBe("draw"));
  await user.type(field(), "a tern{Enter}");
  await screen.findByTestId("thread");
  expect(requests(core)).toMatchObject([{ tool: "draw" }]);
  expect(chosen()).toBe("draw");
  await user.click(screen.getByRole("button", { name: "Remove tool Draw a picture" }));
  expect([chosen(), document.activeElement]).toEqual([null, field()]);
});

it("chooses by a command, and takes the choice back in the menu", async () => {
  const { user } = await opened();
  await user.type(field(), "/tool{Enter}dra{Enter}");
  expect([chosen(), field().value]).toEqual(["draw", ""]);
  await user.click(screen.getByTestId("tools"));
  const item = await screen.findByRole("menuitemradio", { name: "Draw a picture" });
  expect(item.getAttribute("aria-checked")).toBe("true");
  await user.click(item);
  await waitFor(() => expect(chosen()).toBeNull());
});

it("keeps the tool with the draft over a reload, and one that is not offered any more by its name", async () => {
  const core = new FakeCore();
  core.composing.beside = { mentions: [], quoted_text: null, tool: "gone" };
  await opened(core);
  expect(screen.getByTestId("chosen-tool").textContent).toContain("gone");
});

it("does not take the tool along with a prompt of the start screen", async () => {
  const { core, client, user } = await opened();
  await user.click(screen.getByRole("button", { name: "Search" }));
  await act(() => client.send("What is new?"));
  expect(requests(core)).toMatchObject([{ text: "What is new?", tool: null }]);
});

it("has no fault", async () => {
  const { user } = await opened();
  await user.click(screen.getByRole("button", { name: "Search" }));
  await user.click(screen.getByTestId("tools"));
  await screen.findByRole("menu");
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
