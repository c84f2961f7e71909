import { act, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { SessionPhase } from "../gen/SessionPhase";
import type { SignInWay } from "../gen/SignInWay";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openWindow } from "../test/window";

const REFUSED = failureOf("signed_out", "The server does not take the token any more.");

const OFFICE: ConnectionView = {
  ...GUIDE,
  id: "office",
  name: "Office",
  address: "https://a.example",
  builtin: false,
};

/** A window whose conversation is with the office. */
async function openWith(change: Partial<ConnectionView>) {
  const core = new FakeCore();
  core.connections = [OFFICE, GUIDE];
  core.values.set(OFFICE.id, { url: OFFICE.address });
  core.addThread({ id: "t1", connection: OFFICE.id, title: "At work" });
  const opened = await openWindow(core);
  const tell = (now: Partial<ConnectionView>) => {
    core.connections = [{ ...OFFICE, ...now }, GUIDE];
    act(() => core.toApp({ type: "connections", connections: core.connections }));
  };
  act(() => opened.client.open("t1"));
  tell(change);
  return { ...opened, core, tell };
}

function session(phase: SessionPhase): Partial<ConnectionView> {
  return { session: { phase, ends: null, ahead: 0, fields: [] }, has_token: true };
}

/** Where one signs in, and no server makes sessions. */
function signIn(way: SignInWay, phase: SessionPhase): Partial<ConnectionView> {
  return { sign_in: { way, session: { phase, ends: null, ahead: 0, fields: [] } } };
}

it("says nothing while messages may arrive", async () => {
  const { tell } = await openWith({});
  for (const change of [
    session({ type: "live" }),
    session({ type: "absent" }),
    { state: { type: "failing", failure: failureOf("rate_limited", "Not so fast.") } } as const,
    signIn("browser", { type: "live" }),
    signIn("login", { type: "renewing" }),
    // What a sign-in knows of itself counts, and not the last request.
    { ...signIn("device", { type: "live" }), state: { type: "failing", failure: REFUSED } } as const,
  ]) {
    tell(change);
    expect(screen.queryByTestId("standing")).toBeNull();
  }
});

it("signed out is a state of the window, and its button leads to the token and back", async () => {
  const { user, core, tell } = await openWith(session({ type: "signed_out", failure: REFUSED }));
  const bar = screen.getByTestId("standing");
  expect(bar.textContent).toContain("Signed out of Office");
  expect(bar.textContent).toContain(REFUSED.message);
  expect((await axe.run(bar, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { name: "Edit Office" }, { timeout: 4000 });
  await waitFor(() => expect(document.activeElement?.getAttribute("type")).toBe("password"));
  await user.keyboard("new-token{Enter}");
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());

  tell(session({ type: "live" }));
  expect(screen.queryByTestId("standing")).toBeNull();
});

it("counts down while a server wants to be left alone, and asks at once when told to", async () => {
  const failure = failureOf("rate_limited", "The session endpoint has had enough for now.");
  const { user, core, tell } = await openWith(
    session({ type: "waiting", until: Date.now() + 20_000, failure }),
  );
  expect(screen.getByTestId("standing").textContent).toMatch(/in (19|20) seconds/);
  const before = core.count("check_connection");
  await user.click(screen.getByRole("button", { name: "Try now" }));
  expect(core.count("check_connection")).toBe(before + 1);

  // When the time is over it is asked once, since somebody is looking.
  tell(session({ type: "waiting", until: Date.now() - 1, failure }));
  expect(screen.getByTestId("standing").textContent).toContain("Asking Office");
  tell(session({ type: "fetching" }));
  expect(screen.getByTestId("standing").textContent).toContain("Asking Office");
  tell(session({ type: "live" }));
  expect(screen.queryByTestId("standing")).toBeNull();
  expect(core.count("check_connection")).toBe(before + 2);
});

it.each(["browser", "device"] as const)("signing in with a %s begins where it says so", async (way) => {
  const { user, core, tell } = await openWith(signIn(way, { type: "signed_out", failure: REFUSED }));
  const bar = screen.getByTestId("standing");
  expect(bar.textContent).toContain("Signed out of Office");
  expect(bar.textContent).toContain(REFUSED.message);
  // The badge does not say otherwise.
  expect(screen.getByTestId("connection-state").textContent).toContain("Signed out");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByTestId("sign-in-dialog", {}, { timeout: 5000 });
  expect(screen.queryByTestId("settings")).toBeNull();
  await waitFor(() => expect(core.signIns.open).toBe(1));
  tell(signIn(way, { type: "live" }));
  expect(screen.queryByTestId("standing")).toBeNull();
});

it("signing in again also helps where only the session is refused", async () => {
  const refused = session({ type: "signed_out", failure: REFUSED });
  const { user } = await openWith({ ...signIn("browser", { type: "live" }), ...refused });
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByTestId("sign-in-dialog", {}, { timeout: 5000 });
});

it("a name and a password are given in the form", async () => {
  const { user, core } = await openWith(signIn("login", { type: "signed_out", failure: REFUSED }));
  core.values.set(OFFICE.id, { url: OFFICE.address, sign_in: "login" });
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { name: "Edit Office" }, { timeout: 4000 });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^Password/)));
});

it("counts down to the next try to sign in, and stays while that is under way", async () => {
  const failure = failureOf("unreachable", "The provider does not answer.");
  const { tell } = await openWith(
    signIn("browser", { type: "waiting", until: Date.now() + 20_000, failure }),
  );
  const words = () => screen.getByTestId("standing").textContent;
  expect(words()).toMatch(/Not signed in to Office. Next try in (19|20) seconds/);
  tell(signIn("browser", { type: "waiting", until: Date.now() - 1, failure }));
  expect(words()).toContain("Signing in to Office…");
  tell(signIn("browser", { type: "fetching" }));
  expect(words()).toContain("Signing in to Office…");
  tell(signIn("browser", { type: "live" }));
  expect(screen.queryByTestId("standing")).toBeNull();
});

it("a connection that was switched off is switched on from its conversation", async () => {
  const { user, core } = await openWith({ disabled: true });
  await user.click(await screen.findByRole("button", { name: "Switch on" }));
  expect(core.calls.find(({ command }) => command === "disable_connection")?.args).toEqual({
    connection: OFFICE.id,
    disabled: false,
  });
});

const AWAY = failureOf("unreachable", "Nothing answers at a.example.");

it("a server that cannot be reached is one calm state, which says when it is tried again", async () => {
  const failing = { type: "failing", failure: AWAY } as const;
  const { user, core, tell, client } = await openWith({ state: failing, again: Date.now() + 12_000 });
  const bar = screen.getByTestId("standing");
  expect(bar.dataset["kind"]).toBe("offline");
  expect(bar.textContent).toMatch(/Office cannot be reached\. Next try in 1[12] seconds/);
  expect(bar.textContent).toContain(AWAY.message);
  // The seconds are not read aloud, and there is one button.
  expect(bar.querySelector("[aria-hidden=true]:not(svg)")?.textContent).toMatch(/Next try/);
  expect(bar.querySelectorAll("button")).toHaveLength(1);
  expect((await axe.run(bar, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);

  const before = core.count("check_connection");
  await user.click(screen.getByRole("button", { name: "Try now" }));
  expect(core.count("check_connection")).toBe(before + 1);
  // Whoever comes back to the window does not have to press it.
  act(() => client.reachAgain());
  act(() => client.reachAgain());
  expect(core.count("check_connection")).toBe(before + 2);

  // Its session endpoint is away as well: that is the same state, not another one.
  const phase: SessionPhase = { type: "waiting", until: Date.now() + 60_000, failure: AWAY };
  tell({ ...session(phase), state: failing, again: Date.now() - 1 });
  expect(screen.getByTestId("standing").dataset["kind"]).toBe("offline");
  expect(screen.getByTestId("standing").textContent).toContain("Trying again");
  tell({ state: { type: "online" } });
  expect(screen.queryByTestId("standing")).toBeNull();
  act(() => client.reachAgain());
  expect(core.count("check_connection")).toBe(before + 2);
});

it("a message waits for its server, can be sent now, and taken back into the field", async () => {
  const { user, core } = await openWith({
    state: { type: "failing", failure: AWAY },
    again: Date.now() + 12_000,
  });
  const field = screen.getByTestId<HTMLTextAreaElement>("composer-input");
  await user.type(field, "Are you there?{Enter}");
  act(() => core.hold("t1"));
  const held = await screen.findByTestId("held");
  expect(held.textContent).toContain("Will be sent when Office can be reached.");
  expect(screen.queryByTestId("failure")).toBeNull();
  expect(screen.queryByText("Sending…")).toBeNull();
  expect(screen.getByTestId("announcer").textContent).toContain("Your message waits");
  expect((await axe.run(held, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);

  await user.click(screen.getByTestId("send-now"));
  expect(core.count("send_now")).toBe(1);
  // In vain.
  act(() => core.hold("t1"));

  await user.type(field, "One more thing");
  expect(screen.getByText("You can send this after the message that waits.")).toBeTruthy();
  await user.click(screen.getByTestId("take-back"));
  await waitFor(() => expect(field.value).toBe("Are you there?\n\nOne more thing"));
  expect(document.activeElement).toBe(field);
  expect(screen.queryByTestId("held")).toBeNull();
  expect(screen.queryByTestId("message-text")).toBeNull();
  expect(screen.getByTestId("announcer").textContent).toContain("taken back");
});

it("Esc takes back what waits, and the row in the sidebar says that it waits", async () => {
  const { user, core } = await openWith({ state: { type: "failing", failure: AWAY }, again: null });
  const field = screen.getByTestId<HTMLTextAreaElement>("composer-input");
  await user.type(field, "Hello{Enter}");
  act(() => core.hold("t1"));
  await waitFor(() => expect(screen.getByTestId("thread-row").textContent).toContain("waiting to be sent"));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(field.value).toBe("Hello"));
});
