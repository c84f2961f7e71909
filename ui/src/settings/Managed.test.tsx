import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { beforeAll, expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { setManaged } from "../host/fakeOptions";
import { routeView } from "../host/fakeRoutes";
import { openConnections, openWindow } from "../test/window";

const POLICY = "/etc/kittiwake/policy.json";

function server(id: string, name: string): ConnectionView {
  return { ...GUIDE, id, name, builtin: false, prompts: [], address: `https://${id}.example.org` };
}

function managed(...locked: string[]): FakeCore {
  const core = new FakeCore();
  core.connections = [server("office", "Office"), server("mine", "Mine"), GUIDE];
  core.values.set("office", { url: "https://office.example.org" });
  setManaged(core, { policy: POLICY, managed_by: "IT of Example", locked, connections: ["office"] });
  return core;
}

async function openSettings(core: FakeCore) {
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings", undefined, { timeout: 20_000 });
  return opened;
}

/** What a screen reader says of an element beside its name. */
function described(element: Element): string {
  const ids = element.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}

async function faults(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
}

// The settings are a part of their own, which takes a while to come on a busy machine.
beforeAll(() => import("./Settings"), 60_000);

it("says at the top whose settings they are, and nothing where they are the person's own", async () => {
  const { core } = await openSettings(new FakeCore());
  expect(screen.queryByTestId("managed")).toBeNull();
  act(() => setManaged(core, { policy: POLICY }));
  expect(screen.getByTestId("managed").textContent).toBe(`Managed by your organisation: ${POLICY}`);
  act(() => setManaged(core, { managed_by: "IT of Example" }));
  expect(screen.getByTestId("managed").textContent).toBe(`Managed by IT of Example: ${POLICY}`);
});

it("keeps a theme that is fixed, says so to the keyboard and to a screen reader, and lets go of it again", async () => {
  const { core, user } = await openSettings(managed("appearance.theme"));
  const group = screen.getByRole("radiogroup", { name: "Colours" });
  expect(group.getAttribute("aria-readonly")).toBe("true");
  expect(described(group)).toContain("Set by your administrator");
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  screen.getByRole("radio", { name: "As the system" }).focus();
  expect(document.activeElement).toBe(screen.getByRole("radio", { name: "As the system" }));
  await user.keyboard("{ArrowRight}");
  expect(core.count("set_appearance")).toBe(0);
  expect(await faults()).toEqual([]);
  act(() => setManaged(core, { locked: ["appearance.other"] }));
  expect(screen.queryByText("Set by your administrator")).toBeNull();
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  expect(core.theme).toBe("dark");
});

it("keeps what messages do while they wait, key by key", async () => {
  const { core, user } = await openConnections(managed("patience"));
  const patience = await screen.findByRole("radiogroup", { name: "When a server asks to wait" });
  expect(described(patience)).toContain("Set by your administrator");
  await user.click(screen.getByRole("radio", { name: /Do not wait/ }));
  expect(core.count("set_patience")).toBe(0);
  await user.click(screen.getByRole("radio", { name: /Tell me at once/ }));
  await waitFor(() => expect(core.whenUnreachable).toBe("tell"));
  act(() => setManaged(core, { locked: ["when_unreachable"] }));
  await user.click(screen.getByRole("radio", { name: /Wait, and send/ }));
  expect(core.whenUnreachable).toBe("tell");
});

it("keeps when new versions are looked for", async () => {
  const core = managed("update_check");
  core.updates = { type: "signed", check: "when_asked" };
  const { user } = await openSettings(core);
  await user.click(screen.getByRole("tab", { name: "About" }));
  const box = await screen.findByRole("checkbox", { name: /each time Kittiwake starts/ });
  expect(described(box)).toContain("Set by your administrator");
  await user.click(box);
  expect(core.count("set_update_check")).toBe(0);
  box.focus();
  expect(document.activeElement).toBe(box);
  expect(await faults()).toEqual([]);
});

it("shows a field that is fixed, which can be read and not written, and the others as ever", async () => {
  const { core, user } = await openConnections(
    managed("connections.office.url", "connections.office.headers"),
  );
  await user.click(screen.getByRole("button", { name: "Edit Office" }));
  const address = await screen.findByRole<HTMLInputElement>("textbox", { name: "Address" });
  expect([address.readOnly, address.disabled]).toEqual([true, false]);
  expect(described(address)).toContain("Set by your administrator");
  await user.type(address, "x");
  expect(address.value).toBe("https://office.example.org");
  const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Name" });
  expect(name.readOnly).toBe(false);
  expect(await faults()).toEqual([]);
  await user.type(name, " 2");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  await waitFor(() => expect(core.count("update_connection")).toBe(1));
});

it("leaves the token free where a whole connection is fixed", async () => {
  const { user } = await openConnections(managed("connections.office"));
  await user.click(screen.getByRole("button", { name: "Edit Office" }));
  const way = await screen.findByRole("radiogroup", { name: "Sign in with" });
  expect(way.getAttribute("aria-readonly")).toBe("true");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).readOnly).toBe(true);
  const token = screen.getByLabelText<HTMLInputElement>("Token");
  expect(token.readOnly).toBe(false);
  await user.type(token, "secret");
  expect(token.value).toBe("secret");
});

it("removes nothing that the policy brings, and switches it off unless that is fixed, too", async () => {
  const { core, user } = await openConnections(managed());
  const [office, mine] = within(screen.getByRole("list", { name: "Connections" })).getAllByRole("listitem");
  expect(office?.textContent).toContain("From your administrator");
  expect(mine?.textContent).not.toContain("administrator");
  const remove = screen.getByRole("button", { name: "Remove Office" });
  expect([remove.hasAttribute("disabled"), described(remove)]).toEqual([true, "From your administrator"]);
  expect(screen.getByRole("button", { name: "Remove Mine" }).hasAttribute("disabled")).toBe(false);
  await user.click(screen.getByRole("button", { name: "More for Office" }));
  await user.click(await screen.findByRole("menuitem", { name: "Switch off" }));
  await waitFor(() => expect(core.count("disable_connection")).toBe(1));
  act(() => setManaged(core, { locked: ["connections.office.disabled"] }));
  await user.click(screen.getByRole("button", { name: "More for Office" }));
  const off = await screen.findByRole("menuitem", { name: "Switch on" });
  expect(off.getAttribute("aria-disabled")).toBe("true");
  expect(described(screen.getByRole("menu"))).toContain("Set by your administrator");
  expect(await faults()).toEqual([]);
});

it("adds, imports, moves and duplicates nothing where the list is fixed", async () => {
  const { core, user } = await openConnections(managed("connections", "routes"));
  for (const name of ["Add a server", "Import…", "Add a route", "Import a route…"]) {
    const button = screen.getByRole("button", { name });
    expect(button.hasAttribute("disabled"), name).toBe(true);
    expect(described(button), name).toBe("Set by your administrator");
  }
  await user.click(screen.getByRole("button", { name: "More for Mine" }));
  const items = await screen.findAllByRole("menuitem");
  const free = items.filter((item) => item.getAttribute("aria-disabled") !== "true");
  expect(free.map((item) => item.textContent)).toEqual(["Export…"]);
  expect(await faults()).toEqual([]);
  await user.keyboard("{Escape}");
  act(() => setManaged(core, { locked: [] }));
  expect(screen.getByRole("button", { name: "Add a server" }).hasAttribute("disabled")).toBe(false);
});

it("keeps whom a route asks where that is fixed", async () => {
  const core = managed("routes.r.connections");
  core.connections.unshift(routeView("r", "House", ["office", "mine"], { answers: "office", why: null }));
  const { user } = await openConnections(core);
  await user.click(screen.getByRole("button", { name: "Edit House" }));
  const order = await screen.findByRole("list", { name: "Asked in this order" });
  expect(described(order)).toBe("Set by your administrator");
  expect(
    within(order)
      .getAllByRole("button")
      .every((button) => button.hasAttribute("disabled")),
  ).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).readOnly).toBe(false);
  expect(await faults()).toEqual([]);
});

it("says what the environment brings, and keeps its key when the person wants that", async () => {
  const core = managed();
  setManaged(core, { environment: { connection: "mine", key: "CUSTOM_BACKEND_KEY" } });
  const { user } = await openConnections(core);
  const edit = screen.getByRole("button", { name: "Edit Mine" });
  expect([edit.hasAttribute("disabled"), described(edit)]).toEqual([
    true,
    "From the environment, and changed only there. To change it here, keep it as your own.",
  ]);
  expect(screen.getByText(/Its key is kept for this run/).textContent).toContain("CUSTOM_BACKEND_KEY");
  expect(await faults()).toEqual([]);
  const keep = screen.getByRole("button", { name: "Keep it in the keychain" });
  core.failNext("keep_environment_key", failureOf("keychain_locked", "The keychain is locked."));
  await user.click(keep);
  expect((await screen.findByRole("alert")).textContent).toBe("The keychain is locked.");
  await user.click(keep);
  await waitFor(() => expect(screen.queryByText(/Its key is kept/)).toBeNull());
  expect(core.calls.at(-1)).toEqual({ command: "keep_environment_key", args: { connection: "mine" } });
  expect(screen.getByText(/From the environment/)).toBeTruthy();
});

it("keeps the environment's connection as one of the person's own, and switches it off and on", async () => {
  const core = managed();
  setManaged(core, { environment: { connection: "mine", key: "CUSTOM_BACKEND_KEY" } });
  const { user } = await openConnections(core);
  act(() => setManaged(core, { locked: ["connections"] }));
  expect(screen.queryByText("Keep as my own")).toBeNull();
  act(() => setManaged(core, { locked: [] }));

  core.failNext("keep_environment_connection", failureOf("keychain_locked", "The keychain is locked."));
  await user.click(screen.getByText("Keep as my own"));
  expect(await screen.findByText("The keychain is locked.")).toBeTruthy();
  await user.click(screen.getByText("Keep as my own"));
  expect(await screen.findByText(/is a connection of your own now/)).toBeTruthy();
  const edits = screen.getAllByLabelText("Edit Mine");
  expect(edits.map((edit) => edit.hasAttribute("disabled"))).toEqual([true, false]);
  expect(screen.queryByText("The keychain is locked.")).toBeNull();
  // Once is enough.
  expect(screen.queryByText("Keep as my own")).toBeNull();

  const [more] = screen.getAllByLabelText("More for Mine");
  if (more) await user.click(more);
  await user.click(await screen.findByText("Switch on"));
  const args = { connection: "mine", disabled: false };
  expect(core.calls.at(-1)).toEqual({ command: "disable_connection", args });
});
