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

function signed(check: "when_asked" | "at_start" = "when_asked"): FakeCore {
  const core = new FakeCore();
  core.updates = { type: "signed", check };
  return core;
}

const CHECK = { name: "Check for updates" };

it("says where updates come from, and nothing else, where packages bring them", async () => {
  const core = new FakeCore();
  await openAbout(core);
  expect(screen.getByText("Updates come with your system's packages.")).toBeTruthy();
  expect(screen.queryByRole("button", CHECK)).toBeNull();
  expect(core.count("check_for_update")).toBe(0);
});

it("looks only when the button is pressed, and says that there is nothing newer", async () => {
  const core = signed();
  const { user } = await openAbout(core);
  expect(core.count("check_for_update")).toBe(0);
  await user.click(screen.getByRole("button", CHECK));
  expect(await screen.findByText("This is the newest version.")).toBeTruthy();
  expect(core.count("check_for_update")).toBe(1);
});

it("shows what is new, and installs it when the person wants that", async () => {
  const core = signed();
  core.newVersion = { version: "0.2.0", notes: "Faster, and <b>more</b>." };
  const { user } = await openAbout(core);
  await user.click(screen.getByRole("button", CHECK));
  expect(await screen.findByText("Kittiwake 0.2.0 is available.")).toBeTruthy();
  expect(screen.getByText("Faster, and <b>more</b>.")).toBeTruthy();
  expect(core.count("install_update")).toBe(0);
  await user.click(screen.getByRole("button", { name: "Install and restart" }));
  await waitFor(() => expect(core.count("install_update")).toBe(1));
  expect(screen.getByRole("button", CHECK)).toHaveProperty("disabled", true);
});

it("says why it could not look, and lets the person try again", async () => {
  const core = signed();
  const { user } = await openAbout(core);
  core.failNext("check_for_update", failureOf("unreachable", "The server does not answer."));
  await user.click(screen.getByRole("button", CHECK));
  expect(await screen.findByText("The server does not answer.")).toBeTruthy();
  await user.click(screen.getByRole("button", CHECK));
  expect(await screen.findByText("This is the newest version.")).toBeTruthy();
});

it("says why it did not install", async () => {
  const core = signed();
  core.newVersion = { version: "0.2.0", notes: null };
  const { user } = await openAbout(core);
  await user.click(screen.getByRole("button", CHECK));
  core.failNext("install_update", failureOf("internal", "It was thrown away."));
  await user.click(await screen.findByRole("button", { name: "Install and restart" }));
  expect(await screen.findByText("It was thrown away.")).toBeTruthy();
  expect(screen.getByRole("button", CHECK)).toHaveProperty("disabled", false);
});

it("keeps the wish to look at each start, and takes it back when it was not kept", async () => {
  const core = signed();
  const { user } = await openAbout(core);
  const box = screen.getByRole<HTMLInputElement>("checkbox", { name: /each time Kittiwake starts/ });
  await user.click(box);
  expect(core.calls.at(-1)).toEqual({ command: "set_update_check", args: { check: "at_start" } });
  core.failNext("set_update_check", failureOf("disk_full", "The disk is full."));
  await user.click(box);
  await waitFor(() => expect(box.checked).toBe(true));
});

it("tells at the start only who asked for it", async () => {
  const core = signed("at_start");
  core.newVersion = { version: "0.2.0", notes: null };
  await openWindow(core);
  expect(await screen.findByText(/Kittiwake 0\.2\.0 is available/)).toBeTruthy();
  expect(core.count("check_for_update")).toBe(0);
});
