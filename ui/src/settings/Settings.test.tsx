import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openConnections, openWindow } from "../test/window";

async function openForm(core: FakeCore) {
  const opened = await openConnections(core);
  await opened.user.click(screen.getByRole("button", { name: "Add a server" }));
  await screen.findByRole("button", { name: "Save and test" });
  return opened;
}

/** A core with a server whose token is stored. */
function withOffice(state: ConnectionView["state"] = { type: "online" }): FakeCore {
  const core = new FakeCore();
  const address = "https://office.example/chatkit";
  core.values.set("office", { url: address });
  core.connections = [
    {
      id: "office",
      name: "Office",
      kind: "chatkit",
      address,
      has_token: true,
      secrets: [],
      cautions: [],
      sign_in: null,
      session: null,
      keeps_threads: true,
      disabled: false,
      builtin: false,
      again: null,
      state,
      prompts: [],
    },
    GUIDE,
  ];
  return core;
}

const button = (name: string) => screen.getByRole("button", { name });
const field = (name: RegExp | string) => screen.getByLabelText<HTMLInputElement>(name);

/** Waits until the focus is there, and sees that Escape still closes the settings. */
async function closesFrom(name: string, user: Awaited<ReturnType<typeof openWindow>>["user"]) {
  await waitFor(() => expect(document.activeElement).toBe(button(name)));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());
}

it("adds a server, hands its token over, and tests it", async () => {
  const core = new FakeCore();
  const { user } = await openForm(core);
  await user.type(screen.getByLabelText(/Address/), "https://example.com/chatkit");
  await user.type(screen.getByLabelText("Token"), "secret");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  await waitFor(() => expect(core.count("check_connection")).toBe(1));
  expect(core.calls.find((call) => call.command === "add_connection")?.args["draft"]).toEqual({
    name: "",
    kind: "chatkit",
    values: { url: "https://example.com/chatkit" },
    token: "secret",
    secrets: {},
    keep: "keychain",
  });
  expect(screen.getByTestId("settings").textContent).not.toContain("secret");

  // The stored token stays as it is when only the name changes.
  await user.click(await screen.findByRole("button", { name: "Edit example.com" }));
  expect(await screen.findByText(/A token is stored: 24 characters/)).toBeTruthy();
  await user.clear(screen.getByLabelText("Name"));
  await user.type(screen.getByLabelText("Name"), "Example");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
  const update = core.calls.find((call) => call.command === "update_connection");
  expect(update?.args["draft"]).toMatchObject({ name: "Example", token: null });
});

it("hands every secret over, shows that it is stored, and never what it is", async () => {
  const core = withOffice();
  core.values.set("office", { url: "https://office.example/chatkit", extra: "yes" });
  const { user } = await openConnections(core);
  const drafts = () =>
    core.calls.filter((call) => call.command === "update_connection").map((call) => call.args["draft"]);
  await user.click(button("Edit Office"));
  await user.type(await screen.findByLabelText("Other secret"), "sesame");
  await user.click(button("Save and test"));
  await waitFor(() => expect(drafts()).toMatchObject([{ token: null, secrets: { other: "sesame" } }]));

  await user.click(await screen.findByRole("button", { name: "Edit Office" }));
  expect(await screen.findByText("One is stored.")).toBeTruthy();
  expect(screen.getByTestId("settings").textContent).not.toContain("sesame");
  core.failNext("update_connection", { ...failureOf("bad_input", "Give it again."), detail: "other" });
  await user.click(button("Save and test"));
  await screen.findByText("Give it again.");
  expect(field("Other secret").value).toBe("");
  await user.click(button("Save and test"));
  // Where it was asked for again, nothing means that there is none.
  await waitFor(() => expect(drafts().slice(1)).toMatchObject([{ secrets: {} }, { secrets: { other: "" } }]));
  expect(core.connections.find(({ id }) => id === "office")?.secrets).toEqual([]);
});

it("says beside the address what is wrong with it", async () => {
  const core = new FakeCore();
  const { user } = await openForm(core);
  core.failNext("add_connection", failureOf("bad_address", "This is not an address."));
  await user.type(screen.getByLabelText(/Address/), "nonsense");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  await screen.findByText("This is not an address.");
  const field = screen.getByLabelText<HTMLInputElement>(/Address/);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(field.value).toBe("nonsense");
  expect(document.activeElement).toBe(field);
});

it("offers memory when there is no keychain", async () => {
  const seen = vi.spyOn(Element.prototype, "scrollIntoView");
  const core = new FakeCore();
  const { user } = await openForm(core);
  core.failNext("add_connection", failureOf("keychain_absent", "There is no keychain on this computer."));
  await user.type(screen.getByLabelText(/Address/), "https://example.com/chatkit");
  await user.type(screen.getByLabelText("Token"), "secret");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  const card = await screen.findByTestId("failure");
  expect(card.textContent).toContain("no keychain");
  expect(document.activeElement).toBe(button("Keep for this run only"));
  expect(seen).toHaveBeenCalledOnce();
  await user.click(screen.getByRole("button", { name: "Keep for this run only" }));
  await waitFor(() => expect(core.count("add_connection")).toBe(2));
  const last = core.calls.findLast((call) => call.command === "add_connection");
  expect(last?.args["draft"]).toMatchObject({ keep: "this_run", token: "secret" });
});

it("chooses the colours, and says what the program is", async () => {
  const core = new FakeCore();
  const { user } = await openWindow(core);
  await user.click(screen.getByRole("button", { name: "Settings" }));
  const settings = await screen.findByTestId("settings");
  await user.click(within(settings).getByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(core.theme).toBe("dark"));
  await user.click(within(settings).getByRole("tab", { name: "About" }));
  await within(settings).findByText("0.1.0");
  expect(settings.textContent).toContain("Kittiwake sends no telemetry");
});

it("keeps the focus in the settings when a server was saved", async () => {
  const core = new FakeCore();
  const { user } = await openForm(core);
  await user.type(field(/Address/), "https://example.com/chatkit");
  await user.click(button("Save and test"));
  await closesFrom("Add a server", user);
});

it("keeps the focus in the settings when nothing was saved", async () => {
  const { user } = await openForm(new FakeCore());
  await user.click(button("Cancel"));
  await closesFrom("Add a server", user);
});

it("keeps the focus in the settings when a server was removed", async () => {
  const core = withOffice();
  const { user } = await openConnections(core);
  await user.click(button("Remove Office"));
  expect(screen.getByRole("alertdialog").textContent).toContain("copies of its conversations");
  await user.click(button("Keep"));
  expect(document.activeElement).toBe(button("Remove Office"));
  await user.click(button("Remove Office"));
  await user.click(button("Remove"));
  await waitFor(() => expect(core.connections).toEqual([GUIDE]));
  await closesFrom("Add a server", user);
});

it("closes with Escape even if the focus was lost", async () => {
  const { user } = await openConnections(new FakeCore());
  (document.activeElement as HTMLElement).remove();
  expect(document.activeElement).toBe(document.body);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());
});

it("asks for a token that was refused, and leaves what is stored while none is given", async () => {
  const failure = failureOf("unauthorized", "The token of “Office” is not on this computer.");
  const core = withOffice({ type: "failing", failure });
  const { user } = await openConnections(core);
  await user.click(button("Edit Office"));
  await screen.findByRole("button", { name: "Save and test" });
  expect(screen.queryByText(/A token is stored/)).toBeNull();
  expect(field("Token").value).toBe("");
  expect(document.activeElement).toBe(field("Token"));
  expect(screen.getByText(/Give it again/)).toBeTruthy();
  await user.click(button("Save and test"));
  const drafts = () =>
    core.calls.filter((call) => call.command === "update_connection").map((call) => call.args["draft"]);
  await waitFor(() => expect(drafts()).toMatchObject([{ token: null }]));

  await user.click(await screen.findByRole("button", { name: "Edit Office" }));
  await user.click(button("Replace"));
  expect(document.activeElement).toBe(field("Token"));
  await user.type(field("Token"), "again");
  await user.click(button("Save and test"));
  await waitFor(() => expect(drafts()).toMatchObject([{ token: null }, { token: "again" }]));
});

it("asks for the token when the address becomes another server's", async () => {
  const core = withOffice();
  const { user } = await openConnections(core);
  await user.click(button("Edit Office"));
  await screen.findByRole("button", { name: "Save and test" });
  expect(screen.getByText(/A token is stored/)).toBeTruthy();
  await user.type(field(/Address/), "/v2");
  expect(screen.getByText(/A token is stored/)).toBeTruthy();
  await user.clear(field(/Address/));
  await user.type(field(/Address/), "https://elsewhere.example/chatkit");
  expect(screen.getByText(/address of another server/)).toBeTruthy();
  await user.type(field("Token"), "other");
  await user.click(button("Save and test"));
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
  const update = core.calls.find((call) => call.command === "update_connection");
  expect(update?.args["draft"]).toMatchObject({
    values: { url: "https://elsewhere.example/chatkit" },
    token: "other",
  });
});

it("says of a token that cannot be used what is wrong with it, although one is stored", async () => {
  const core = withOffice();
  core.failNext("update_connection", failureOf("unauthorized", "The server wants another token."));
  const { user } = await openConnections(core);
  await user.click(button("Edit Office"));
  await screen.findByRole("button", { name: "Save and test" });
  await user.click(button("Save and test"));
  await screen.findByText("The server wants another token.");
  expect(document.activeElement).toBe(field("Token"));
});

it("asks for what a session endpoint needs once one is chosen, and hands it over", async () => {
  const core = new FakeCore();
  const { user } = await openForm(core);
  expect(screen.queryByLabelText(/Session endpoint/)).toBeNull();
  await user.type(field(/Address/), "https://example.com/chatkit");
  await user.click(screen.getByRole("radio", { name: "A session from an endpoint" }));
  expect(button("Save and test").hasAttribute("disabled")).toBe(true);
  await user.type(field(/Session endpoint/), "https://example.com/session");
  await user.click(button("More settings"));
  await user.type(field("Headers of the session endpoint"), "X-App: desktop");
  await user.click(button("Save and test"));
  await waitFor(() => expect(core.count("add_connection")).toBe(1));
  expect(core.calls.find((call) => call.command === "add_connection")?.args["draft"]).toMatchObject({
    kind: "chatkit",
    values: {
      url: "https://example.com/chatkit",
      session: "endpoint",
      session_url: "https://example.com/session",
      session_headers: "X-App: desktop",
    },
  });
});

it("says at a field of another kind what is wrong with it, also when it was folded away", async () => {
  const core = new FakeCore();
  const { user } = await openForm(core);
  await user.click(screen.getByRole("radio", { name: "Hosted workflow" }));
  await user.type(field(/Workflow/), "wf_1");
  core.failNext("add_connection", failureOf("bad_input", "Write a whole number.", "expires_after"));
  await user.click(button("Save and test"));
  await screen.findByText("Write a whole number.");
  expect(document.activeElement).toBe(field("Session length"));
});

it("duplicates a connection without its token, moves it, and switches it off", async () => {
  const core = withOffice();
  const { user } = await openConnections(core);
  const more = async (action: string) => {
    await user.click(button("More for Office"));
    await user.click(await screen.findByRole("menuitem", { name: action }));
  };
  await more("Duplicate");
  await screen.findByRole("heading", { name: "Add a connection" });
  expect(field("Name").value).toBe("Office copy");
  expect(field(/Address/).value).toBe("https://office.example/chatkit");
  expect(field("Token").value).toBe("");
  await user.click(button("Save and test"));
  await screen.findByRole("button", { name: "Edit Office copy" });
  await more("Move down");
  const names = () => screen.getAllByRole("button", { name: /^Edit/ }).map((edit) => edit.ariaLabel);
  await waitFor(() => expect(names()).toEqual(["Edit Office copy", "Edit Office"]));
  await more("Switch off");
  await screen.findByText("Switched off");
  expect(screen.queryByRole("button", { name: "Test Office" })).toBeNull();
  await more("Switch on");
  await screen.findByRole("button", { name: "Test Office" });
});

it("shows a session as far as a person needs it", async () => {
  const core = withOffice();
  const ends = new Date();
  ends.setHours(23, 59);
  const [office, guide] = core.connections as [ConnectionView, ConnectionView];
  const session = {
    phase: { type: "live" as const },
    ends: ends.getTime(),
    ahead: 3 * 3_600_000,
    fields: [["user_id", "7"]] as [string, string][],
  };
  core.connections = [{ ...office, session }, guide];
  await openConnections(core);
  const shown = screen.getByTestId("session").textContent;
  expect(shown).toContain("Session live until");
  expect(shown).toContain("3 h ahead");
  expect(shown).toContain("user_id");
});
