import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelView } from "../gen/ModelView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { modelOf, setCatalogue, threadModelOf } from "../host/fakeCatalogue";
import { openWindow, userItem } from "../test/window";

/** A connection of which only the name matters. */
function server(id: string, name: string, known: Partial<ConnectionView> = {}): ConnectionView {
  return { ...GUIDE, id, name, kind: "openai", builtin: false, prompts: [], ...known };
}

const OFFICE = server("office", "Office");
const HOME = server("home", "At home");

/** A core with two servers, the models of both, and the Guide. */
function withModels(models: ModelView[], connections = [OFFICE, HOME]): FakeCore {
  const core = new FakeCore();
  core.connections = [...connections, GUIDE];
  core.models.catalogue = { models, chosen: [], published: [] };
  return core;
}

const FEW = [
  modelOf("office", "gpt-large", {
    label: "Large",
    description: "Thinks long",
    tags: ["vision"],
    context: 131_072,
  }),
  modelOf("office", "gpt-small", { default: true, price: { input: 0.5, output: 2, currency: "USD" } }),
  modelOf("office", "secret", { hidden: true }),
  modelOf("home", "llama"),
];

const shown = () => screen.getAllByRole("option").map((option) => option.textContent);
const modelButton = () => screen.getByTestId("model-button");
const composer = () => screen.getByTestId("composer-input");

async function openSheet(core: FakeCore) {
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>}l{/Control}");
  const search = await screen.findByTestId<HTMLInputElement>("model-search");
  return { ...opened, search };
}

it("shows the models by their connections, the current one first, with all that is known of them", async () => {
  const { search } = await openSheet(withModels(FEW));
  expect(document.activeElement).toBe(search);
  const groups = screen.getAllByRole("group").map((group) => group.getAttribute("aria-label"));
  expect(groups).toEqual(["Office", "At home"]);
  const office = within(screen.getByRole("group", { name: "Office" }));
  expect(office.getAllByRole("option")).toHaveLength(3);
  const large = office.getByRole("option", { name: /Large/ });
  expect(large.textContent).toContain("gpt-large · Thinks long · vision");
  expect(large.textContent).toContain("128k");
  const small = office.getByRole("option", { name: /^gpt-small/ });
  expect(small.textContent).toContain("default");
  expect(small.textContent).toContain("0.5");
  expect(screen.queryByRole("option", { name: /secret/ })).toBeNull();
});

it("finds by name, id, description and tag, and what is hidden by its exact id alone", async () => {
  const { user, search } = await openSheet(withModels(FEW));
  await user.type(search, "VISION long");
  expect(shown()[0]).toContain("Large");
  expect(shown()).toHaveLength(2);
  await user.clear(search);
  await user.type(search, "secre");
  expect(shown()).toEqual(["Use “secre”"]);
  await user.type(search, "t");
  expect(shown()).toEqual(["secret hidden"]);
});

it("chooses with the keyboard, remembers it for the connection, and sends with it", async () => {
  const { core, user, search } = await openSheet(withModels(FEW));
  expect(modelButton().getAttribute("aria-label")).toBe("Model: gpt-small");
  const active = () =>
    document.getElementById(search.getAttribute("aria-activedescendant") ?? "")?.textContent;
  expect(active()).toContain("Default model");
  await user.keyboard("{ArrowDown}");
  expect(active()).toContain("Large");
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(active()).toBe("llama");
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(screen.queryByTestId("model-sheet")).toBeNull());
  expect(document.activeElement).toBe(composer());
  await waitFor(() => expect(modelButton().getAttribute("aria-label")).toBe("Model: Large"));
  const model = { connection: "office", id: "gpt-large" };
  const chosen = core.calls.find(({ command }) => command === "choose_model");
  expect(chosen?.args).toEqual({ connection: "office", thread: null, model });
  await user.keyboard("Hello{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
  const sent = core.calls.find(({ command }) => command === "send")?.args["request"];
  expect(sent).toMatchObject({ connection: "office", thread: null, text: "Hello", files: [], model });
});

it("goes to the other connection with a model of that", async () => {
  const { client, core, user } = await openSheet(withModels(FEW));
  await user.click(screen.getByRole("option", { name: "llama" }));
  await waitFor(() => expect(client.connection()?.id).toBe("home"));
  await waitFor(() => expect(modelButton().getAttribute("aria-label")).toBe("Model: llama"));
  const chosen = core.calls.find(({ command }) => command === "choose_model")?.args;
  expect(chosen).toEqual({ connection: "home", thread: null, model: { connection: "home", id: "llama" } });
});

it("takes a name that no list has, and gives the choice back to the server", async () => {
  const { core, user } = await openSheet(withModels([]));
  expect(shown()).toEqual(["Default model The server chooses"]);
  await user.keyboard("my-own:7b{Enter}");
  await waitFor(() => expect(modelButton().getAttribute("aria-label")).toBe("Model: my-own:7b"));
  expect(core.models.catalogue.chosen).toEqual([{ connection: "office", id: "my-own:7b" }]);
  await user.click(modelButton());
  await user.click(await screen.findByRole("option", { name: /Default model/ }));
  await waitFor(() => expect(core.models.catalogue.chosen).toEqual([]));
  expect(modelButton().getAttribute("aria-label")).toBe("Model: Default model");
});

it("goes back to the message with Escape, and chooses nothing", async () => {
  const { core, user } = await openSheet(withModels(FEW));
  await user.keyboard("large{Escape}");
  await waitFor(() => expect(screen.queryByTestId("model-sheet")).toBeNull());
  expect(document.activeElement).toBe(composer());
  expect(core.count("choose_model")).toBe(0);
});

it("says which connection cannot be reached and why, and lets its models be chosen", async () => {
  const failure = failureOf("unreachable", "Nobody answers at office.example.");
  const core = withModels(FEW, [{ ...OFFICE, state: { type: "failing", failure } }, HOME]);
  const { user } = await openSheet(core);
  const group = screen.getByRole("group", { name: "Office: No connection" });
  expect(within(group).getByTestId("model-unreachable").title).toBe("Nobody answers at office.example.");
  await user.click(within(group).getByRole("option", { name: /Large/ }));
  await waitFor(() => expect(core.models.catalogue.chosen).toHaveLength(1));
});

it("draws a few rows of 5,000, and finds the last one", async () => {
  const many = Array.from({ length: 5000 }, (_, number) => modelOf("office", `model-${number}`));
  const { core, client, user, search } = await openSheet(withModels(many));
  const begun = vi.spyOn(client.drafts, "write");
  expect(screen.getAllByRole("option").length).toBeLessThan(40);
  expect(screen.getAllByRole("option")[0]?.getAttribute("aria-setsize")).toBe("5001");
  await user.keyboard("{ArrowUp}");
  const last = document.getElementById(search.getAttribute("aria-activedescendant") ?? "");
  expect(last?.textContent).toBe("model-4999");
  await user.keyboard("model-4321");
  expect(shown()).toEqual(["model-4321"]);
  expect(screen.getByText("1 model")).toBeTruthy();
  await user.keyboard("{Enter}");
  await waitFor(() =>
    expect(core.models.catalogue.chosen).toEqual([{ connection: "office", id: "model-4321" }]),
  );
  expect(begun).not.toHaveBeenCalled();
});

it("is not there where nothing can be chosen", async () => {
  const core = withModels(FEW, []);
  core.addThread({ id: "t", title: "Tides" }, [userItem("u", "When?")]);
  const { user } = await openWindow(core);
  expect(screen.queryByTestId("model-button")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Tides" }));
  await screen.findAllByTestId("item");
  expect(screen.queryByTestId("model-button")).toBeNull();
  await user.keyboard("{Control>}l{/Control}");
  expect(screen.queryByTestId("model-sheet")).toBeNull();
});

/** A window with a conversation that is held with a model. */
async function talk(core: FakeCore, connection: string, model = threadModelOf(null)) {
  const thread = core.addThread({ id: "t", title: "Tides", connection }, [userItem("u", "When?")]);
  thread.model = model;
  const opened = await openWindow(core);
  await opened.user.click(screen.getByRole("button", { name: "Tides" }));
  await screen.findAllByTestId("item");
  return opened;
}

it("offers a conversation the models of its connection alone, and keeps the choice with it", async () => {
  const core = withModels(FEW);
  const { user } = await talk(core, "office");
  expect(modelButton().getAttribute("aria-label")).toBe("Model: Default model");
  await user.click(modelButton());
  await screen.findByTestId("model-sheet");
  expect(screen.getAllByRole("group")).toHaveLength(1);
  await user.click(screen.getByRole("option", { name: /Large/ }));
  await waitFor(() => expect(modelButton().getAttribute("aria-label")).toBe("Model: Large"));
  const model = { connection: "office", id: "gpt-large" };
  const chosen = core.calls.find(({ command }) => command === "choose_model")?.args;
  expect(chosen).toEqual({ connection: "office", thread: "t", model });
  await user.click(composer());
  await user.keyboard("And low tide?{Enter}");
  await waitFor(() => expect(core.count("send")).toBe(1));
  const sent = core.calls.find(({ command }) => command === "send")?.args["request"];
  expect(sent).toMatchObject({ connection: "office", thread: "t", text: "And low tide?", files: [] });
  expect(sent).not.toHaveProperty("model");
});

it("offers a conversation over a route the models of its members, and says whose is chosen", async () => {
  const route = { members: ["office", "home"], patience: 5, answers: null, why: null };
  const core = withModels(FEW, [server("both", "Both", { route }), OFFICE, HOME]);
  const { user } = await talk(core, "both", threadModelOf({ connection: "home", id: "llama" }));
  expect(modelButton().getAttribute("aria-label")).toBe("Model: llama, At home");
  await user.click(modelButton());
  await screen.findByTestId("model-sheet");
  const groups = screen.getAllByRole("group").map((group) => group.getAttribute("aria-label"));
  expect(groups).toEqual(["Office", "At home"]);
  expect(screen.getByRole("option", { selected: true }).textContent).toBe("llama");
  await user.click(screen.getByRole("option", { name: /Large/ }));
  const chosen = core.calls.find(({ command }) => command === "choose_model")?.args;
  expect(chosen).toEqual({
    connection: "both",
    thread: "t",
    model: { connection: "office", id: "gpt-large" },
  });
});

it("says that a model has vanished, and puts another in its place with one press", async () => {
  const core = withModels([modelOf("office", "old", { gone: true }), ...FEW]);
  const replacement = { connection: "office", id: "gpt-large" };
  const model = threadModelOf(
    { connection: "office", id: "old" },
    { gone: true, replacement, replacement_label: "Large" },
  );
  const { user } = await talk(core, "office", model);
  const line = screen.getByTestId("model-gone");
  expect(line.textContent).toContain("“old” is no longer offered by Office.");
  await user.click(within(line).getByRole("button", { name: "Choose another…" }));
  await screen.findByTestId("model-sheet");
  expect(screen.getByRole("option", { name: /old.*no longer offered/ })).toBeTruthy();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Use “Large”" }));
  await waitFor(() => expect(screen.queryByTestId("model-gone")).toBeNull());
  expect(modelButton().getAttribute("aria-label")).toBe("Model: Large");
});

it("says so before a conversation as well, where nothing can take its place", async () => {
  const core = withModels([modelOf("office", "old", { gone: true })]);
  core.models.catalogue.chosen = [{ connection: "office", id: "old" }];
  await openWindow(core);
  const line = screen.getByTestId("model-gone");
  expect(within(line).getAllByRole("button")).toHaveLength(1);
  act(() => setCatalogue(core, { models: [modelOf("office", "old")] }));
  expect(screen.queryByTestId("model-gone")).toBeNull();
});
