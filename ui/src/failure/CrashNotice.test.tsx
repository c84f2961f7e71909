import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import { FakeCore, failureOf } from "../host/fake";
import { openWindow } from "../test/window";

const REPORT = {
  title: "Kittiwake ended unexpectedly",
  text: "Kittiwake ended unexpectedly\n\nversion: 0.1.0\nplace: a.rs:1:2",
  folder: "/data/reports",
};

async function openAfterCrash() {
  const core = new FakeCore();
  core.report = REPORT;
  const opened = await openWindow(core);
  return { ...opened, core, notice: await screen.findByTestId("crash-notice") };
}

/** The dialog comes with a file of its own. */
const shown = () => screen.findByTestId("report-dialog", undefined, { timeout: 4000 });
const gone = () => waitFor(() => expect(screen.queryByTestId("crash-notice")).toBeNull());

it("says nothing when nothing happened", async () => {
  const { core } = await openWindow();
  await waitFor(() => expect(core.count("crash_report")).toBe(1));
  expect(screen.queryByTestId("crash-notice")).toBeNull();
});

it("says that the program ended, and shows the report", async () => {
  const { core, user, notice } = await openAfterCrash();
  expect(notice.getAttribute("role")).toBe("alert");
  expect(notice.textContent).toContain("Kittiwake ended unexpectedly");
  expect(notice.textContent).toContain("sent nowhere");
  await user.click(within(notice).getByRole("button", { name: "Show the report" }));
  const dialog = await shown();
  expect(within(dialog).getByTestId("report-text").textContent).toBe(REPORT.text);
  expect(dialog.textContent).toContain(REPORT.folder);
  expect((await axe.run(dialog, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Copy" }));
  expect(core.calls.find((call) => call.command === "copy_text")?.args).toEqual({ text: REPORT.text });
  expect(core.count("keep_crash_reports") + core.count("delete_crash_reports")).toBe(0);
});

it("is answered by the keyboard: Escape leaves the question open, Enter keeps the report", async () => {
  const { core, user, notice } = await openAfterCrash();
  within(notice).getByRole("button", { name: "Show the report" }).focus();
  await user.keyboard("{Enter}");
  await shown();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("report-dialog")).toBeNull());
  expect(screen.getByTestId("crash-notice")).toBeTruthy();
  within(notice).getByRole("button", { name: "Show the report" }).focus();
  await user.keyboard("{Enter}");
  await shown();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Keep it"), { timeout: 3000 });
  await user.keyboard("{Enter}");
  await gone();
  await waitFor(() => expect(screen.queryByTestId("report-dialog")).toBeNull());
  expect(core.count("keep_crash_reports")).toBe(1);
});

it("deletes the report, or keeps it without a look", async () => {
  const first = await openAfterCrash();
  await first.user.click(within(first.notice).getByRole("button", { name: "Delete" }));
  await gone();
  expect(first.core.count("delete_crash_reports")).toBe(1);
  first.unmount();
  const second = await openAfterCrash();
  await second.user.click(within(second.notice).getByRole("button", { name: "Keep the report and dismiss" }));
  await gone();
  expect(second.core.count("keep_crash_reports")).toBe(1);
});

it("says when a report cannot be deleted", async () => {
  const { core, user, notice } = await openAfterCrash();
  core.failNext("delete_crash_reports", failureOf("disk_full", "The report could not be changed."));
  await user.click(within(notice).getByRole("button", { name: "Delete" }));
  expect((await screen.findByTestId("problem")).textContent).toContain("could not be changed");
});
