import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelView } from "../gen/ModelView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { modelOf } from "../host/fakeCatalogue";
import { setManaged } from "../host/fakeOptions";
import { openWindow } from "../test/window";

const OFFICE: ConnectionView = { ...GUIDE, id: "office", name: "Office", kind: "openai", builtin: false };

async function openModels(models: ModelView[], connections = [OFFICE]) {
  const core = new FakeCore();
  core.connections = [...connections, GUIDE];
  core.models.catalogue = { models, chosen: [], published: [] };
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings");
  await opened.user.click(screen.getByRole("tab", { name: "Models" }));
  return { ...opened, core };
}

type User = Awaited<ReturnType<typeof openWindow>>["user"];

const rows = () => screen.queryAllByTestId("model-row").map((row) => row.dataset["id"]);
const drafts = (core: FakeCore) =>
  core.calls.filter(({ command }) => command === "put_model").map(({ args }) => args["draft"]);

async function pick(user: User, label: string, action: string) {
  // By their words: to look for roles in the whole window takes a second each on a busy machine.
  await user.click(await screen.findByLabelText(`More for ${label}`));
  await user.click(await screen.findByText(action));
}

it("renames a model", async () => {
  const { core, user } = await openModels([modelOf("office", "gpt", { default: true })]);
  await pick(user, "gpt", "Rename");
  const field = await screen.findByLabelText("Name of gpt");
  await user.clear(field);
  await user.keyboard("Our own{Enter}");
  await screen.findByLabelText("More for Our own");
  const model = { connection: "office", id: "gpt" };
  expect(drafts(core)).toEqual([{ model, label: "Our own", hidden: false, default: true }]);
});

it("calls a model by its id again, where it gets no name", async () => {
  const { core, user } = await openModels([modelOf("office", "gpt", { label: "Our own" })]);
  await pick(user, "Our own", "Rename");
  await user.clear(await screen.findByLabelText("Name of gpt"));
  await user.keyboard("{Enter}");
  await screen.findByLabelText("More for gpt");
  const model = { connection: "office", id: "gpt" };
  expect(drafts(core)).toEqual([{ model, label: "", hidden: false, default: false }]);
});

it("hides a model and shows it again", async () => {
  const { core, user } = await openModels([
    modelOf("office", "a", { default: true }),
    modelOf("office", "b"),
  ]);
  await pick(user, "b", "Hide from the list");
  await waitFor(() => expect(core.models.catalogue.models[1]?.hidden).toBe(true));
  await pick(user, "b", "Show in the list");
  await waitFor(() => expect(core.models.catalogue.models[1]?.hidden).toBe(false));
});

it("has conversations begin with a model, and with that no more", async () => {
  const { core, user } = await openModels([
    modelOf("office", "a", { default: true }),
    modelOf("office", "b"),
  ]);
  await pick(user, "b", "Make default");
  await waitFor(() =>
    expect(core.models.catalogue.models.map((known) => known.default)).toEqual([false, true]),
  );
  await pick(user, "b", "Do not begin with it");
  await waitFor(() => expect(core.models.catalogue.models[1]?.default).toBe(false));
});

it("adds a model by its name, removes it, and lets no other be removed", async () => {
  const { core, user } = await openModels([modelOf("office", "gpt")]);
  const field = screen.getByLabelText("Name of a model to add");
  await user.type(field, "gpt{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe("This model is in the list already.");
  await user.clear(field);
  await user.type(field, "my-own{Enter}");
  await waitFor(() => expect(rows()).toEqual(["my-own"]));
  await pick(user, "my-own", "Remove");
  await waitFor(() => expect(core.models.catalogue.models.map(({ id }) => id)).toEqual(["gpt"]));
  await user.clear(screen.getByLabelText("Find a model of Office"));
  await user.click(screen.getByLabelText("More for gpt"));
  await screen.findByText("Rename");
  expect(screen.queryByText("Remove")).toBeNull();
});

it("says what the administrator has fixed, and lets nobody change it", async () => {
  await openModels([modelOf("office", "gpt", { locked: true, source: "policy" }), modelOf("office", "b")]);
  const [fixed, free] = screen.getAllByTestId("model-row") as [HTMLElement, HTMLElement];
  expect(within(fixed).getByText("Set by your administrator")).toBeTruthy();
  expect(within(fixed).queryByRole("button")).toBeNull();
  expect(within(free).getByRole("button")).toBeTruthy();
});

it("says at a single thing that the administrator has fixed it, and leaves the others free", async () => {
  const models = [modelOf("office", "gpt-4.1", { default: true }), modelOf("office", "b")];
  const { core, user } = await openModels(models);
  act(() => setManaged(core, { locked: ["models.office/gpt-4.1.label", "models.office/gpt-4.1.default"] }));
  await user.click(await screen.findByLabelText("More for gpt-4.1"));
  const item = async (name: string) => (await screen.findByText(name)).closest("[role=menuitem]");
  const told = async (name: string) => {
    const found = await item(name);
    const described = found?.getAttribute("aria-describedby")?.split(" ") ?? [];
    const words = described.map((id) => document.getElementById(id)?.textContent ?? "").join("");
    return [found?.getAttribute("aria-disabled") === "true", words];
  };
  expect(await told("Rename")).toEqual([true, "Set by your administrator"]);
  expect(await told("Do not begin with it")).toEqual([true, "Set by your administrator"]);
  expect(await told("Hide from the list")).toEqual([false, ""]);
  await user.click(await screen.findByText("Hide from the list"));
  await waitFor(() => expect(drafts(core)).toHaveLength(1));
  // Where conversations have to begin with one, no other one can be that.
  await user.click(await screen.findByLabelText("More for b"));
  expect(await told("Make default")).toEqual([true, "Set by your administrator"]);
  expect(await told("Rename")).toEqual([false, ""]);
});

it("says what went wrong at the row where it was tried", async () => {
  const { core, user } = await openModels([modelOf("office", "gpt")]);
  core.failNext("put_model", failureOf("disk_full", "The disk is full."));
  await pick(user, "gpt", "Make default");
  expect((await within(screen.getByTestId("model-row")).findByRole("alert")).textContent).toBe(
    "The disk is full.",
  );
});

it("reads the server's list again, says when that was, and why it did not work", async () => {
  const { core, user } = await openModels([]);
  expect(screen.getByText("The server's list has not been read.")).toBeTruthy();
  core.failNext("refresh_models", failureOf("unreachable", "Nobody answers."));
  await user.click(screen.getByRole("button", { name: "Refresh" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Nobody answers.");
  await user.click(screen.getByRole("button", { name: "Refresh" }));
  await screen.findByText(/The server's list was read on/);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("finds among 5,000 of one connection, draws a few, and shows another's", async () => {
  const many = Array.from({ length: 5000 }, (_, number) => modelOf("office", `model-${number}`));
  const lab = { ...OFFICE, id: "lab", name: "Laboratory" };
  const { user } = await openModels([...many, modelOf("lab", "llama")], [OFFICE, lab]);
  expect(rows().length).toBeLessThan(40);
  await user.type(screen.getByLabelText("Find a model of Office"), "4999");
  expect(rows()).toEqual(["model-4999"]);
  await user.click(screen.getByTestId("models-connection"));
  await user.click(await screen.findByRole("option", { name: "Laboratory" }));
  await waitFor(() => expect(rows()).toEqual(["llama"]));
});
