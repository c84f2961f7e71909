import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import { FakeCore } from "../host/fake";
import { answerItem, openWindow, userItem } from "../test/window";
import { LONGEST_QUOTE } from "./quoting";

const field = () => screen.getByTestId<HTMLTextAreaElement>("composer-input");
const quoted = () => screen.queryByTestId("quote")?.querySelector("blockquote")?.textContent ?? null;

/** A conversation with an answer in it. */
async function opened(text = "Terns fly far") {
  const core = new FakeCore();
  core.addThread({ id: "t1", title: "Terns" }, [userItem("u", "How far?"), answerItem("a", text)]);
  const all = await openWindow(core);
  act(() => all.client.open("t1"));
  await screen.findByText(text);
  return all;
}

/** Selects what is in an element, as the pointer does. */
function select(element: Element) {
  // jsdom has no layout.
  Range.prototype.getBoundingClientRect = () => new DOMRect(300, 300, 100, 20);
  const selection = document.getSelection();
  act(() => {
    selection?.removeAllRanges();
    selection?.selectAllChildren(element);
    document.dispatchEvent(new Event("selectionchange"));
  });
}

it("quotes what is selected in an answer, and sends it", async () => {
  const { core, user } = await opened();
  select(screen.getByText("Terns fly far"));
  await user.click(await screen.findByTestId("quote-selection"));
  expect([quoted(), document.activeElement]).toEqual(["Terns fly far", field()]);
  expect(screen.queryByTestId("quote-selection")).toBeNull();
  await user.keyboard("Really?{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
  expect(core.calls.find(({ command }) => command === "send")?.args["request"]).toMatchObject({
    text: "Really?",
    quoted_text: "Terns fly far",
  });
  await waitFor(() => expect(quoted()).toBeNull());
});

it("quotes with the keyboard, and says what is missing if nothing is selected", async () => {
  const { user } = await opened();
  await user.keyboard("{Control>}j{/Control}");
  expect(await screen.findByText(/Select the words of an answer/)).toBeDefined();
  expect(quoted()).toBeNull();
  select(screen.getByText("Terns fly far"));
  fireEvent.keyDown(document.body, { key: "j", ctrlKey: true });
  expect(quoted()).toBe("Terns fly far");
  await user.click(screen.getByRole("button", { name: "Remove quote" }));
  expect([quoted(), document.activeElement]).toEqual([null, field()]);
});

it("offers nothing for what the person wrote, and goes away with the selection", async () => {
  const { user } = await opened();
  select(screen.getByText("Terns fly far"));
  await screen.findByTestId("quote-selection");
  select(screen.getByText("How far?"));
  expect(screen.queryByTestId("quote-selection")).toBeNull();
  await user.keyboard("{Control>}j{/Control}");
  expect(await screen.findByText(/Select the words of an answer/)).toBeDefined();
  expect([quoted(), screen.queryByTestId("quote-selection")]).toEqual([null, null]);
});

it("says in words that a passage is too long", async () => {
  const { user } = await opened("x".repeat(LONGEST_QUOTE + 1));
  select(screen.getByTestId("answer-text"));
  await user.click(await screen.findByTestId("quote-selection"));
  expect(await screen.findByText(/too long to quote: at most 10,000 characters/)).toBeDefined();
  expect(quoted()).toBeNull();
});

it("has no fault with a quote and the button", async () => {
  const { client } = await opened();
  act(() => client.drafts.change("t1", { quoted_text: "Terns fly far" }));
  select(screen.getByText("Terns fly far", { selector: "[data-testid=answer-text] *" }));
  await screen.findByTestId("quote-selection");
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
