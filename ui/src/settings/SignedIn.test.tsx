import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { SessionView } from "../gen/SessionView";
import type { SignInWay } from "../gen/SignInWay";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openConnections } from "../test/window";

const OUT: SessionView["phase"] = { type: "signed_out", failure: failureOf("signed_out", "You signed out.") };

/** A time of today, as it is shown, and in milliseconds. */
function today(hours: number): readonly [shown: string, at: number] {
  const date = new Date();
  date.setHours(hours, 5, 0, 0);
  return [date.toLocaleString(undefined, { timeStyle: "short" }), date.getTime()];
}

function view(phase: SessionView["phase"], more: Partial<SessionView> = {}): SessionView {
  return { phase, ends: null, ahead: 0, fields: [], ...more };
}

function office(way: SignInWay, session: SessionView, more: Partial<ConnectionView> = {}): ConnectionView {
  const sign_in = { way, session };
  return {
    ...GUIDE,
    id: "office",
    name: "Office",
    address: "https://a.example",
    builtin: false,
    sign_in,
    ...more,
  };
}

async function openOn(connection: ConnectionView) {
  const core = new FakeCore();
  core.connections = [connection, GUIDE];
  core.values.set("office", { url: connection.address });
  const opened = await openConnections(core);
  const row = button("Edit Office").closest("li") as HTMLElement;
  const tell = (now: ConnectionView) => {
    core.connections = [now, GUIDE];
    act(() => core.toApp({ type: "connections", connections: core.connections }));
  };
  const more = async (action: string) => {
    await opened.user.click(button("More for Office"));
    await opened.user.click(await screen.findByRole("menuitem", { name: action }));
  };
  return { ...opened, core, row, tell, more };
}

const button = (name: string) => screen.getByRole("button", { name });
const dialog = () => screen.findByTestId("sign-in-dialog", {}, { timeout: 5000 });

it("shows until when the sign-in is good, and apart from it the session", async () => {
  const [until, ends] = today(23);
  const [sooner, end] = today(22);
  const signedIn = view(
    { type: "live" },
    {
      ends,
      fields: [
        ["signed_in_as", "ann@example.org"],
        ["tenant", "7"],
      ],
    },
  );
  const session = view({ type: "live" }, { ends: end });
  const { row, tell } = await openOn(office("browser", signedIn, { session }));
  const signIn = within(row).getByTestId("sign-in");
  expect(signIn.textContent).toContain(`Signed in as ann@example.org until ${until}; it is prolonged before`);
  expect(signIn.textContent).toContain("tenant");
  expect(signIn.textContent).not.toContain("signed_in_as");
  expect(signIn.textContent).not.toContain(sooner);
  const made = within(row).getByTestId("session");
  expect(made.textContent).toContain(`Session live until ${sooner}`);
  expect(made.textContent).not.toContain(until);
  const rules = { "color-contrast": { enabled: false } };
  expect((await axe.run(screen.getByTestId("settings"), { rules })).violations).toEqual([]);
  expect(screen.queryByRole("button", { name: "Sign in to Office" })).toBeNull();

  tell(office("browser", view({ type: "renewing" }), { session }));
  expect(within(row).getByTestId("sign-in").textContent).toBe("Signed in; it is being prolonged.");
  tell(office("login", view({ type: "live" }, { ends }), { session: null }));
  expect(within(row).getByTestId("sign-in").textContent).toBe(
    `Signed in until ${until}; it is prolonged before.`,
  );
  expect(within(row).queryByTestId("session")).toBeNull();
});

const [UNTIL, ENDS] = today(23);

it.each([
  [{ type: "done" }, "You are signed out, here and at the provider."],
  [{ type: "not_offered" }, `The provider has no way to be told; .* ends by itself at ${UNTIL}`],
  [
    { type: "not_told", failure: failureOf("unreachable", "Nobody answers at login.example.com.") },
    `The provider could not be told; .* ends by itself at ${UNTIL}. Nobody answers at login.example.com.`,
  ],
] as const)("signs out, and says what became of it: %j", async (outcome, words) => {
  const { core, user, row, tell, more } = await openOn(
    office("browser", view({ type: "live" }, { ends: ENDS }), { state: { type: "online" } }),
  );
  core.signedOut = outcome;
  await more("Sign out");
  await waitFor(() => expect(row.textContent).toMatch(new RegExp(words)));
  expect(core.calls.find(({ command }) => command === "sign_out")?.args).toEqual({ connection: "office" });
  // That is said once.
  expect(within(row).getByTestId("sign-in").textContent).toBe("");
  expect(row.textContent).not.toContain("Connected");
  // There is nothing more to sign out of.
  await user.click(button("More for Office"));
  await screen.findByRole("menuitem", { name: "Switch off" });
  expect(screen.queryByRole("menuitem", { name: "Sign out" })).toBeNull();
  await user.keyboard("{Escape}");
  tell(office("browser", view({ type: "live" })));
  expect(row.textContent).not.toContain("signed out");
});

it("says why one is still signed in", async () => {
  const { core, row, more } = await openOn(office("device", view({ type: "live" })));
  core.failNext("sign_out", failureOf("keychain_locked", "The keychain is locked."));
  await more("Sign out");
  await waitFor(() => expect(within(row).getByRole("alert").textContent).toBe("The keychain is locked."));
  expect(within(row).getByTestId("sign-in").textContent).toBe("Signed in, until the server ends it.");
});

it("signs in over the settings, and comes back to the row", async () => {
  const { core, user, tell } = await openOn(office("browser", view(OUT)));
  await user.click(button("Sign in to Office"));
  await dialog();
  await waitFor(() => expect(core.signIns.open).toBe(1));
  tell(office("browser", view({ type: "live" }, { fields: [["signed_in_as", "Ann"]] })));
  act(() => core.signIns.show({ type: "done", who: "Ann", kept: "keychain" }));
  await waitFor(() => expect(screen.queryByTestId("sign-in-dialog")).toBeNull());
  expect(screen.getByTestId("settings").textContent).toContain("Signed in as Ann");
  await waitFor(() => expect(document.activeElement).toBe(button("More for Office")));
});

it("gives a name and a password in the form", async () => {
  const { user } = await openOn(office("login", view(OUT)));
  await user.click(button("Sign in to Office"));
  await screen.findByRole("heading", { name: "Edit Office" });
  expect(screen.queryByTestId("sign-in-dialog")).toBeNull();
});

it("signs in straight after a server was added to which one signs in in the browser", async () => {
  const core = new FakeCore();
  const { user } = await openConnections(core);
  const save = async (url: string, choice: string | null) => {
    await user.click(button("Add a server"));
    await user.type(await screen.findByLabelText(/^Address/), url);
    if (choice !== null) await user.click(screen.getByRole("radio", { name: choice }));
    if (choice !== null) await user.type(screen.getByLabelText(/Client ID/), "kittiwake");
    await user.click(button("Save and test"));
  };
  await save("https://open.example/chatkit", null);
  await screen.findByRole("button", { name: "Edit open.example" });
  expect(screen.queryByTestId("sign-in-dialog")).toBeNull();

  await save("https://office.example/chatkit", "Your browser");
  const shown = await dialog();
  expect(shown.textContent).toContain("Sign in to office.example");
  await waitFor(() => expect(core.count("sign_in")).toBe(1));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(core.signIns.open).toBe(0));
  expect(screen.getByTestId("settings")).toBeTruthy();
  expect(button("Sign in to office.example")).toBeTruthy();
});
