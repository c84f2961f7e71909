import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, expect, it, vi } from "vitest";
import type { HeldView } from "../gen/HeldView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openWindow } from "../test/window";

afterEach(() => {
  vi.useRealTimers();
});

const FAILURE = failureOf("rate_limited", "“Office” is asked too often and wants a pause of 12 seconds.");

/** A message that waits, in a conversation with the office. */
async function waiting(held: Partial<HeldView>) {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false }, GUIDE];
  core.addThread({ id: "t1", connection: "office", title: "At work" });
  const opened = await openWindow(core);
  act(() => opened.client.open("t1"));
  const field = screen.getByTestId<HTMLTextAreaElement>("composer-input");
  await opened.user.type(field, "Are you there?{Enter}");
  const until = Date.now() + 12_000;
  act(() => core.hold("t1", { why: "rate_limited", until, failure: FAILURE, ...held }));
  return { ...opened, field, until, held: await screen.findByTestId("held") };
}

it("counts down until the message goes out by itself", async () => {
  const { core, held, until } = await waiting({});
  expect(held.textContent).toContain("Office asks to wait: goes out in 12 seconds");
  expect(screen.queryByText("Sending…")).toBeNull();
  expect(screen.getByTestId("thread-row").textContent).toContain("waiting to be sent");
  act(() => vi.advanceTimersByTime(3000));
  expect(screen.getByTestId("countdown").textContent).toBe("goes out in 9 seconds");
  // It is refused once more: the count begins anew.
  act(() => core.hold("t1", { why: "rate_limited", until: until + 60_000, failure: FAILURE }));
  expect(screen.getByTestId("countdown").textContent).toBe("goes out in 69 seconds");
  act(() => vi.advanceTimersByTime(70_000));
  expect(screen.getByTestId("countdown").textContent).toBe("goes out now");
});

it("is read aloud at its beginning and its end, and silent between", async () => {
  const { core, held } = await waiting({});
  const announcer = screen.getByTestId("announcer");
  expect(announcer.textContent).toContain("The server asks to wait. Your message waits, and goes out in");
  const timer = screen.getByRole("timer");
  expect(timer.closest("[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]")).toBeNull();
  const said = announcer.textContent;
  act(() => vi.advanceTimersByTime(5000));
  expect(announcer.textContent).toBe(said);
  expect((await axe.run(held, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  act(() => void core.invoke("send_now", { thread: "t1" }));
  await waitFor(() => expect(announcer.textContent).toContain("Your message is being sent."));
});

it("shows what the server said to whoever asks", async () => {
  const { user, held } = await waiting({});
  const toggle = within(held).getByRole("button", { name: "Details" });
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  await user.click(toggle);
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  expect(held.querySelector("pre")?.textContent).toContain("wants a pause of 12 seconds");
});

it("is sent now by the keyboard", async () => {
  const { core, user } = await waiting({});
  screen.getByTestId("send-now").focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByTestId("held")).toBeNull());
  expect(core.calls.at(-1)).toEqual({ command: "send_now", args: { thread: "t1" } });
  expect(screen.getByTestId("thread").dataset["phase"]).toBe("waiting");
});

it("is taken back into the field, by its button or Esc", async () => {
  const { user, field } = await waiting({});
  await user.click(screen.getByTestId("take-back"));
  await waitFor(() => expect(field.value).toBe("Are you there?"));
  expect(screen.queryByTestId("held")).toBeNull();
  expect(document.activeElement).toBe(field);
});

it("says that it is the person's own limit", async () => {
  const { held } = await waiting({ why: "own_limit", failure: null });
  expect(held.textContent).toContain("Your limit for Office is reached: goes out in 12 seconds");
});
