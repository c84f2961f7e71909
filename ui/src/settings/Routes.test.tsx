import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { RouteDraft } from "../gen/RouteDraft";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { routeView } from "../host/fakeRoutes";
import { openConnections } from "../test/window";

function server(id: string, name: string, change: Partial<ConnectionView> = {}): ConnectionView {
  return { ...GUIDE, id, name, builtin: false, prompts: [], address: `https://${id}.example`, ...change };
}

const OWN = server("own", "Own backend");
const OPENAI = server("openai", "OpenAI", { kind: "hosted" });

function core(...connections: ConnectionView[]): FakeCore {
  const core = new FakeCore();
  core.connections = [...connections, GUIDE];
  return core;
}

function lastDraft(core: FakeCore): RouteDraft {
  const call = core.calls.findLast(({ command }) => command === "put_route");
  return call?.args["draft"] as RouteDraft;
}

const routes = () => screen.getByRole("region", { name: "Routes" });

// The settings are a part of their own, which takes a while to come on a busy machine.
beforeAll(() => import("./Settings"), 60_000);

it("makes a route of connections in the order that the person gives them, by keyboard alone", async () => {
  const { core: fake, user } = await openConnections(core(OWN, OPENAI));
  await user.click(within(routes()).getByRole("button", { name: "Add a route" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Office");
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  screen.getByRole("button", { name: "Add OpenAI" }).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Add Own backend"));
  await user.keyboard("{Enter}");
  const order = () =>
    within(screen.getByRole("list", { name: "Asked in this order" })).getAllByRole("listitem");
  expect(order().map((item) => item.textContent)).toEqual(["1OpenAI", "2Own backend"]);
  screen.getByRole("button", { name: "Ask Own backend earlier" }).focus();
  await user.keyboard("{Enter}");
  expect(order().map((item) => item.textContent)).toEqual(["1Own backend", "2OpenAI"]);
  // It can go no further up, so the focus is where it can go back.
  await waitFor(() =>
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Ask Own backend later"),
  );
  expect(screen.getByText("Own backend is number 1 of 2.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(lastDraft(fake)).toEqual({ id: null, name: "Office", connections: ["own", "openai"], patience: 3 });
  await screen.findByText("Own backend, then OpenAI");
  expect(within(routes()).getByText("Own backend answers")).toBeTruthy();
});

it("offers the route that most people want, made of what is there", async () => {
  const { core: fake, user } = await openConnections(core(OPENAI, OWN));
  await user.click(screen.getByRole("button", { name: "Own backend first, OpenAI when it is away" }));
  await user.click(await screen.findByRole("button", { name: "Save" }));
  expect(lastDraft(fake)).toMatchObject({ name: "Own backend, or OpenAI", connections: ["own", "openai"] });
});

it("leads to the connection that is missing for it, and then on to the route", async () => {
  const { user } = await openConnections(core(OWN));
  await user.click(screen.getByRole("button", { name: "Own backend first, OpenAI when it is away" }));
  await screen.findByRole("heading", { name: "Add a connection" });
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Hosted workflow" }).checked).toBe(true);
  await user.type(screen.getByRole("textbox", { name: "Workflow" }), "wf_1");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "OpenAI");
  await user.type(screen.getByLabelText("API key"), "sk-1");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  await screen.findByRole("heading", { name: "Add a route" });
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe(
    "Own backend, or OpenAI",
  );
});

it("says how a route is, keeps what the core refuses in the form, and removes one only when sure", async () => {
  const away = routeView("r", "Office", ["own", "openai"], {
    answers: "openai",
    why: "Own backend cannot be reached",
  });
  const { core: fake, user } = await openConnections(core(away, OWN, OPENAI));
  expect(within(routes()).getByText("OpenAI answers: Own backend cannot be reached")).toBeTruthy();
  expect(within(screen.getByRole("list", { name: "Connections" })).queryByText("Office")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Edit Office" }));
  const patience = screen.getByRole("textbox", { name: "Patience, in seconds" });
  await user.clear(patience);
  await user.type(patience, "90");
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  await user.clear(patience);
  await user.type(patience, "0");
  fake.failNext("put_route", failureOf("disk_full", "There is no room."));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("There is no room.");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(lastDraft(fake)).toEqual({ id: "r", name: "Office", connections: ["own", "openai"], patience: 0 });
  await user.click(await screen.findByRole("button", { name: "Remove Office" }));
  expect(screen.getByRole("alertdialog").textContent).toContain("on this computer alone");
  expect(fake.count("remove_route")).toBe(0);
  await user.click(screen.getByRole("button", { name: "Remove" }));
  await screen.findByRole("button", { name: "Own backend first, OpenAI when it is away" });
  expect(fake.count("remove_route")).toBe(1);
});

it("shows what a file says of a route, and what of it is not here", async () => {
  const fake = core(OWN, OPENAI);
  fake.routeFile = { name: "Office", connections: ["own"], patience: 5, missing: ["Backup"] };
  const { user } = await openConnections(fake);
  await user.click(within(routes()).getByRole("button", { name: "Import a route…" }));
  expect((await screen.findByText(/The file also names Backup/)).textContent).toContain(
    "not among your connections",
  );
  expect(fake.count("put_route")).toBe(0);
});
