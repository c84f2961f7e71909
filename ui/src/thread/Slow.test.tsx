import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, expect, it, vi } from "vitest";
import type { SlowWhat } from "../gen/SlowWhat";
import { FakeCore, GUIDE, IDLE } from "../host/fake";
import { openWindow } from "../test/window";
import { slowWords } from "./slowWords";

afterEach(() => {
  vi.useRealTimers();
});

/** A question to the office whose answer is waited for, and what tells how slow that is. */
async function asked() {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false }, GUIDE];
  core.addThread({ id: "t1", connection: "office", title: "At work" });
  const opened = await openWindow(core);
  act(() => opened.client.open("t1"));
  await opened.user.type(screen.getByTestId("composer-input"), "Are you there?{Enter}");
  const tell = (what: SlowWhat | null) =>
    act(() =>
      core.batch("t1", {
        op: "turn",
        turn: { ...IDLE, phase: "streaming", ...(what && { slow: { connection: "office", what } }) },
      }),
    );
  return { ...opened, tell };
}

it("says what is usual and how long it has taken, and is gone with the words", async () => {
  const { tell } = await asked();
  expect(screen.queryByTestId("slow")).toBeNull();
  tell({ type: "first_words", usual_ms: 2100, since: Date.now() - 14_000 });
  const slow = screen.getByTestId("slow");
  expect(slow.textContent).toContain("Usually the first words come after 2 s; this has taken 14 s.");
  act(() => vi.advanceTimersByTime(3000));
  expect(slow.textContent).toContain("this has taken 17 s.");
  expect((await axe.run(slow, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  tell({ type: "rate", usual: 50, now: 4 });
  expect(slow.textContent).toContain("Usually about 50 pieces of text come each second; now it is 4.");
  tell(null);
  expect(screen.queryByTestId("slow")).toBeNull();
});

it("is announced once, and counts in silence", async () => {
  const { tell } = await asked();
  const announcer = screen.getByTestId("announcer");
  const since = Date.now() - 7000;
  tell({ type: "first_words", usual_ms: 400, since });
  act(() => vi.advanceTimersByTime(1000));
  expect(announcer.textContent).toMatch(/come in less than a second; this has taken [78] s\.$/);
  const said = announcer.textContent;
  act(() => vi.advanceTimersByTime(5000));
  expect(announcer.textContent).toBe(said);
  const timer = within(screen.getByTestId("slow")).getByRole("timer");
  expect(timer.closest("[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]")).toBeNull();
  // It recovers, and is slow again: that was said.
  tell(null);
  act(() => vi.advanceTimersByTime(1000));
  tell({ type: "first_words", usual_ms: 400, since });
  act(() => vi.advanceTimersByTime(2000));
  expect(announcer.textContent).toBe(said);
});

it("leads to the test of that connection, which begins at once", async () => {
  const { core, user, tell } = await asked();
  tell({ type: "first_words", usual_ms: 2100, since: Date.now() - 14_000 });
  await user.click(screen.getByTestId("slow-test"));
  vi.useRealTimers();
  expect(await screen.findByRole("region", { name: "Test of Office" }, { timeout: 5000 })).toBeTruthy();
  await waitFor(() => expect(core.checks.open).toBe(1));
  expect(core.calls.filter(({ command }) => command === "test_connection")).toHaveLength(1);
});

it("is said as one says it", () => {
  const waited = (usual_ms: number, seconds: number) =>
    slowWords({ type: "first_words", usual_ms, since: 0 }, seconds * 1000);
  expect(waited(90_000, 300)).toBe("Usually the first words come after 90 s; this has taken 5 min.");
  expect(waited(1_499, 125)).toBe("Usually the first words come after 1 s; this has taken 2 min 5 s.");
  expect(slowWords({ type: "rate", usual: 1, now: 0.2 }, 0)).toBe(
    "Usually about 1 piece of text comes each second; now it is 0.2.",
  );
});
