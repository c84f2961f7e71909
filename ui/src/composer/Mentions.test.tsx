import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { EntitiesView } from "../gen/EntitiesView";
import type { Entity } from "../gen/Entity";
import { FakeCore, failureOf } from "../host/fake";
import { profiled } from "../test/profile";
import { openWindow } from "../test/window";

const ADA: Entity = { id: "u1", title: "Ada Lovelace", group: "People", interactive: true, data: { n: 1 } };
const EVE: Entity = { id: "u2", title: "Eve", group: "People", interactive: false };
const Q3: Entity = { id: "d7", title: "Q3 report", group: "Files", icon: "document", interactive: false };

const field = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
const options = () => screen.queryAllByRole("option").map((option) => option.textContent);
const marked = () =>
  document.getElementById(field().getAttribute("aria-activedescendant") ?? "")?.textContent;
const chips = () => [...document.querySelectorAll("mark")].map((chip) => chip.textContent);

async function opened(entities: Partial<EntitiesView> = {}, core = new FakeCore()) {
  profiled(core, { entities: { list: [ADA, EVE, Q3], searches: false, in_menu: false, ...entities } });
  return openWindow(core);
}

it("mentions what is chosen with the keyboard, and sends it where it stands", async () => {
  const { core, user } = await opened();
  await user.type(field(), "Ask @");
  expect(options()).toEqual(["Ada Lovelace", "Eve", "Q3 report"]);
  expect(screen.getByRole("group", { name: "People" })).toBeDefined();
  expect(marked()).toBe("Ada Lovelace");
  await user.keyboard("{ArrowUp}");
  expect(marked()).toBe("Q3 report");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(marked()).toBe("Eve");
  await user.keyboard("lo");
  expect(options()).toEqual(["Ada Lovelace"]);
  await user.keyboard("{Enter}about @q");
  await user.keyboard("{Tab}");
  expect(field().value).toBe("Ask Ada Lovelace about Q3 report ");
  expect(chips()).toEqual(["Ada Lovelace", "Q3 report"]);
  expect(
    field()
      .getAttribute("aria-describedby")
      ?.split(" ")
      .map((id) => document.getElementById(id)?.textContent),
  ).toContain("Mentions Ada Lovelace, Q3 report.");
  expect(core.count("send")).toBe(0);
  await user.keyboard("{Enter}");
  await screen.findByTestId("thread");
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
    text: "Ask Ada Lovelace about Q3 report ",
    mentions: [
      { at: 4, entity: ADA },
      { at: 23, entity: Q3 },
    ],
  });
  expect(chips()).toEqual([]);
  const sent = await screen.findByTestId("message-text");
  expect(within(sent).getByText("Ada Lovelace").closest("span")).not.toBeNull();
});

it("closes the list with Escape, which stops nothing, and sends what was typed as it is", async () => {
  const { core, user } = await opened();
  await user.type(field(), "@a");
  expect(options()).not.toEqual([]);
  await user.keyboard("{Escape}");
  expect(options()).toEqual([]);
  await user.keyboard("d");
  expect(options()).toEqual([]);
  await user.keyboard("{Enter}");
  await screen.findByTestId("thread");
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
    text: "@ad",
    mentions: [],
  });
  expect(core.count("stop")).toBe(0);
  await user.type(field(), "@");
  expect(options()).toHaveLength(3);
});

it("takes a mention away as a whole, and makes one that is changed plain text", async () => {
  const { client, user } = await opened();
  await user.type(field(), "@eve{Enter}");
  expect(chips()).toEqual(["Eve"]);
  await user.keyboard("{Backspace}{Backspace}");
  expect([field().value, chips()]).toEqual(["", []]);
  await user.type(field(), "@eve{Enter}");
  fireEvent.change(field(), { target: { value: "Ee " } });
  expect(chips()).toEqual([]);
  expect(client.drafts.draft(null).mentions).toEqual([]);
});

it("chooses with the pointer, and begins at the button where there is one", async () => {
  const { user } = await opened({ in_menu: true });
  await user.type(field(), "Hello");
  await user.click(screen.getByRole("button", { name: "Mention something" }));
  expect(field().value).toBe("Hello @");
  await user.click(screen.getByRole("option", { name: "Eve" }));
  expect([field().value, document.activeElement]).toEqual(["Hello Eve ", field()]);
});

it("asks the server, shows the last answer and says in one line what went wrong", async () => {
  const core = new FakeCore();
  let release: () => void = () => undefined;
  core.composing.gates.set(
    "a",
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  core.composing.found.set("a", [{ ...EVE, id: "late", title: "Late" }]);
  core.composing.found.set("ann", [{ ...EVE, id: "u9", title: "Ann" }, ADA]);
  const { user } = await opened({ list: [ADA], searches: true }, core);
  await user.type(field(), "@a");
  await waitFor(() => expect(core.count("search_entities")).toBe(1));
  await user.keyboard("nn");
  expect(await screen.findByRole("option", { name: "Ann" })).toBeDefined();
  await act(async () => release());
  expect(options()).toEqual(["Ann"]);
  expect(core.count("search_entities")).toBe(2);
  core.failNext("search_entities", failureOf("unreachable", "The office cannot be reached."));
  await user.keyboard("xx");
  expect(await screen.findByText("The office cannot be reached.")).toBeDefined();
  expect(options()).toEqual([]);
});

it("keeps what is mentioned over a reload", async () => {
  const { core, user, client, unmount } = await opened();
  await user.type(field(), "Ask @eve{Enter}");
  client.drafts.flush();
  await waitFor(() => expect(core.composing.beside.mentions).toHaveLength(1));
  unmount();
  await openWindow(core);
  expect([field().value, chips()]).toEqual(["Ask Eve ", ["Eve"]]);
});

it("is plain text where nothing can be mentioned", async () => {
  const { user } = await openWindow();
  await user.type(field(), "@a");
  expect(screen.queryByTestId("suggestions")).toBeNull();
});

it("has no fault with its list open", async () => {
  const { user } = await opened({ in_menu: true });
  await user.type(field(), "Ask @eve{Enter}and @");
  expect(options()).toHaveLength(3);
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
