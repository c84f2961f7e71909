import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { FailureCode } from "../gen/FailureCode";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openWindow } from "../test/window";

const ADDRESS = "https://office.example/chatkit";

function office(state: ConnectionView["state"]): ConnectionView {
  const shown = { name: "Office", kind: "chatkit", address: ADDRESS, session: null, prompts: [] } as const;
  return {
    ...shown,
    id: "office",
    has_token: true,
    secrets: [],
    cautions: [],
    sign_in: null,
    keeps_threads: true,
    disabled: false,
    builtin: false,
    again: null,
    state,
    prompts: [],
  };
}

function failing(code: FailureCode): ConnectionView {
  return office({ type: "failing", failure: failureOf(code, "Something is to be done.") });
}

async function openWith(code: FailureCode) {
  const core = new FakeCore();
  core.values.set("office", { url: ADDRESS });
  core.connections = [failing(code), GUIDE];
  const opened = await openWindow(core);
  const notice = await screen.findByTestId("keychain", undefined, { timeout: 4000 });
  const button = (name: string) => within(notice).getByRole("button", { name });
  return { ...opened, core, notice, button };
}

/** The core says how the connection is by now. */
function tell(core: FakeCore, connection: ConnectionView) {
  core.connections = [connection, GUIDE];
  act(() => core.toApp({ type: "connections", connections: core.connections }));
}

/** What the connection was last changed to. */
const updated = (core: FakeCore) =>
  core.calls.findLast(({ command }) => command === "update_connection")?.args["draft"];

const gone = () => waitFor(() => expect(screen.queryByTestId("keychain")).toBeNull());

it("says what is wrong and whom it concerns, and asks again", async () => {
  const { core, user, notice, button } = await openWith("keychain_locked");
  const alert = within(notice).getByRole("alert");
  expect(alert.textContent).toContain("The keychain is locked");
  expect(alert.textContent).toContain("Until then, “Office” cannot be used.");
  expect((await axe.run(notice, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  await user.click(button("Try again"));
  await waitFor(() => expect(within(notice).getByRole("status").textContent).toBe("It is still the same."));
  expect(core.count("check_connection")).toBe(1);
  tell(core, office({ type: "online" }));
  await gone();
});

it("takes the token for this run", async () => {
  const { core, user, button } = await openWith("keychain_absent");
  await user.click(button("Keep for this run only"));
  const field = await screen.findByLabelText<HTMLInputElement>("Token of Office");
  expect(document.activeElement).toBe(field);
  expect(field.type).toBe("password");
  await user.type(field, "secret{Enter}");
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
  expect(updated(core)).toEqual({
    name: "Office",
    kind: "chatkit",
    values: { url: ADDRESS },
    token: "secret",
    secrets: {},
    keep: "this_run",
  });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("composer-input")));
});

it("has a damaged entry replaced in the keychain", async () => {
  const { core, user, button } = await openWith("keychain_damaged");
  await user.click(button("Give the token again"));
  await user.type(await screen.findByLabelText("Token of Office"), "secret");
  await user.click(button("Store it in the keychain"));
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
  expect(updated(core)).toMatchObject({ token: "secret", keep: "keychain" });
});

it("leads to the page of the provider where there is no token to give", async () => {
  const { core, user } = await openWith("keychain_absent");
  const phase = { type: "refused", failure: failureOf("keychain_absent", "None.") } as const;
  const session = { phase, ends: null, ahead: 0, fields: [] };
  tell(core, { ...failing("keychain_absent"), sign_in: { way: "browser", session } });
  await user.click(await screen.findByRole("button", { name: "Sign in for this run only" }));
  await screen.findByTestId("sign-in-dialog", undefined, { timeout: 5000 });
  await waitFor(() => expect(core.count("sign_in")).toBe(1));
});

it("says nothing once it was read, until something else is wrong", async () => {
  const { core, user, button } = await openWith("keychain_locked");
  await user.click(button("Dismiss"));
  await gone();
  tell(core, failing("keychain_absent"));
  const notice = await screen.findByTestId("keychain");
  expect(notice.dataset["code"]).toBe("keychain_absent");
});
