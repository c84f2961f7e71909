import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Failure } from "../gen/Failure";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openWindow, userItem } from "../test/window";

async function failed(failure: Failure, connections = [GUIDE]) {
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false }, ...connections];
  core.addThread({ id: "t", connection: "office", title: "Tides" }, [userItem("u", "When is high tide?")]);
  const opened = await openWindow(core);
  await opened.user.click(await screen.findByRole("button", { name: /^Tides/ }));
  act(() => core.end("t", { type: "failed", failure, can_retry: true }));
  await screen.findByTestId("failure");
  return opened;
}

const LOCKED: Failure = {
  ...failureOf("keychain_locked", "The keychain is locked."),
  finding: "keychain-locked",
};

const MEANING = { name: "What this means" };

it("leads from a failure to the manual, each time in a conversation of its own", async () => {
  const { user, core, client } = await failed(LOCKED);
  await user.click(screen.getByRole("button", MEANING));
  await waitFor(() => expect(client.view.get().open).not.toBe("t"));
  act(() => client.open("t"));
  await user.click(await screen.findByRole("button", MEANING));
  await waitFor(() => expect(core.count("send")).toBe(2));
  const sent = core.calls.filter(({ command }) => command === "send").map(({ args }) => args);
  for (const { request } of sent) {
    expect(request).toEqual({
      connection: "guide",
      thread: null,
      text: "What does “Keychain locked” mean?",
    });
  }
  expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
});

it("leads nowhere where nothing has a name, or where there is no Guide", async () => {
  const { unmount } = await failed(failureOf("internal", "Something broke."));
  expect(screen.queryByRole("button", MEANING)).toBeNull();
  unmount();
  await failed(LOCKED, []);
  expect(screen.queryByRole("button", MEANING)).toBeNull();
});
