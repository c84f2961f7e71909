import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, failureOf } from "../host/fake";
import { openWindow } from "../test/window";

async function openAbout(core: FakeCore) {
  const opened = await openWindow(core);
  act(() => opened.client.overlay({ kind: "settings", section: "about" }));
  await screen.findByText("0.1.0");
  return opened;
}

const OPEN = { name: "Open the folder of the logs" };

it("says where the logs are, and has their folder opened", async () => {
  const core = new FakeCore();
  const { user } = await openAbout(core);
  expect(screen.getByText("~/.local/share/app.kittiwake.desktop/logs")).toBeTruthy();
  expect(core.count("open_logs")).toBe(0);
  await user.click(screen.getByRole("button", OPEN));
  expect(core.count("open_logs")).toBe(1);
});

it("says when nothing opens the folder, until it is tried again", async () => {
  const core = new FakeCore();
  core.failNext("open_logs", failureOf("internal", "No program on this computer opens the folder."));
  const { user } = await openAbout(core);
  await user.click(screen.getByRole("button", OPEN));
  await screen.findByText(/No program on this computer/);
  await user.click(screen.getByRole("button", OPEN));
  await waitFor(() => expect(screen.queryByText(/No program on this computer/)).toBeNull());
});

it("has nothing to open where there is no log", async () => {
  const core = new FakeCore();
  core.logs = null;
  await openAbout(core);
  expect(screen.queryByText("Logs")).toBeNull();
  expect(screen.queryByRole("button", OPEN)).toBeNull();
});
