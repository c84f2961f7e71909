import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { DetailsView } from "../../gen/DetailsView";
import { FakeCore } from "../../host/fake";
import { answerItem, openWindow, userItem } from "../../test/window";
import { detailsRows, detailsText, duration, wayRows } from "./detailsWords";

const DETAILS: DetailsView = {
  name: "Office",
  began_at: Date.UTC(2026, 10, 22, 9, 30),
  end: "done",
  failure: null,
  model_asked: "large",
  model_used: "tiny",
  is_other_model: true,
  session_ms: 0,
  first_byte_ms: 210,
  first_text_ms: 1250,
  whole_ms: 65_400,
  rate: { per_second: 42.34, of: "tokens" },
  pieces: 31,
  characters: 1204,
  usage: { input_tokens: 12_345, output_tokens: 600, reasoning_tokens: 100, cached_tokens: null },
  way: [
    { name: "Own", words: "could not be reached", took_ms: 30 },
    { name: "", words: "waited until it could be reached", took_ms: 2000 },
  ],
};

function values(details: DetailsView, locale = "en") {
  return Object.fromEntries(detailsRows(details, locale).map(({ label, value }) => [label, value]));
}

it("tells how an answer came about, with units, in the person's numbers", () => {
  const told = values(DETAILS);
  expect(told).toMatchObject({
    "Answered by": "Office",
    Model: "Asked for large, answered by tiny",
    Session: "under 1 ms",
    "First byte": "210 ms",
    "First token": "1.25 s",
    "In all": "1 min 5 s",
    Speed: "42 tokens per second",
    "Tokens sent": "12,345",
    "Tokens received": "600, 100 of them to think",
    Length: "1,204 characters in 31 pieces",
  });
  expect(told["Ended"]).toBeUndefined();
  const german = values(DETAILS, "de");
  expect([german["Tokens sent"], german["First token"]]).toEqual(["12.345", "1,25 s"]);
});

it("says what nobody told instead of guessing", () => {
  const told = values({
    ...DETAILS,
    usage: null,
    model_used: null,
    is_other_model: false,
    rate: { per_second: 4.26, of: "pieces" },
  });
  expect(told).toMatchObject({
    Model: "Asked for large",
    Tokens: "The server did not say",
    Speed: "4.3 pieces per second",
  });
  expect(values({ ...DETAILS, model_used: null, model_asked: null, rate: null })).not.toHaveProperty("Speed");
});

it("tells how far a turn came that failed", () => {
  const failed = { ...DETAILS, end: "failed", failure: "first_byte_timeout", first_byte_ms: null } as const;
  expect(values(failed)).toMatchObject({ Asked: "Office", Ended: "Failed: no answer in time" });
  expect(values({ ...failed, failure: "of_a_newer_core" })["Ended"]).toBe("Failed: something went wrong");
});

it("copies all of it as text", () => {
  expect(wayRows(DETAILS, "en")[1]).toBe("waited until it could be reached (2 s)");
  const text = detailsText(DETAILS, "en");
  expect(text).toContain("First byte: 210 ms\n");
  expect(text).toMatch(/On the way:\n- Own could not be reached \(30 ms\)\n- waited .*$/);
  expect(duration(999, "en")).toBe("999 ms");
});

async function openThread(details?: DetailsView) {
  const core = new FakeCore();
  const answer = answerItem("a", "At nine.");
  core.addThread({ id: "t", title: "Tides" }, [
    userItem("u", "When is high tide?"),
    details === undefined ? answer : { ...answer, details },
  ]);
  const opened = await openWindow(core);
  await opened.user.click(await screen.findByRole("button", { name: /^Tides/ }));
  await screen.findByText("At nine.");
  return opened;
}

it("shows a table beside the answer, by keyboard too, and copies it", async () => {
  const { core, user } = await openThread({ ...DETAILS, is_other_model: false });
  expect(screen.queryByTestId("other-model")).toBeNull();
  const button = screen.getByRole("button", { name: "Details" });
  button.focus();
  await user.keyboard("{Enter}");
  const sheet = await screen.findByRole("dialog", { name: "Details of this message" });
  const model = within(sheet).getByRole("rowheader", { name: "Model" });
  expect(model.closest("tr")?.textContent).toBe("Modeltiny");
  expect(within(sheet).getAllByRole("listitem")).toHaveLength(2);
  const faults = await axe.run(sheet, { rules: { "color-contrast": { enabled: false } } });
  expect(faults.violations).toEqual([]);
  await user.click(within(sheet).getByRole("button", { name: "Copy" }));
  const copied = core.calls.find(({ command }) => command === "copy_text");
  expect(copied?.args["text"]).toContain("Answered by: Office");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("details-sheet")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(button));
});

it("marks in the message that another model answered", async () => {
  const { user } = await openThread(DETAILS);
  const mark = screen.getByRole("button", { name: "Answered by tiny, not large" });
  await user.click(mark);
  const sheet = await screen.findByRole("dialog", { name: "Details of this message" });
  expect(sheet.textContent).toContain("Asked for large, answered by tiny");
});

it("offers none where nothing is known, and takes what comes at the end of a turn", async () => {
  const { core } = await openThread();
  expect(screen.queryByRole("button", { name: "Details" })).toBeNull();
  core.batch("t", { op: "details", id: "a", details: DETAILS });
  await screen.findByRole("button", { name: "Details" });
  core.batch("t", { op: "details", id: "a", details: null });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Details" })).toBeNull());
});
