import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openConnections } from "../test/window";

const button = (name: string) => screen.getByRole("button", { name });

it("shows all that a file says of a connection, and keeps nothing before it is saved", async () => {
  const core = new FakeCore();
  core.file = {
    file: "office.kittiwake.json",
    name: "Office",
    kind: "chatkit",
    values: {
      url: "https://office.example/chatkit",
      session: "endpoint",
      session_url: "https://office.example/session",
      session_body: '{"user": "{{user}}"}',
    },
    unknown: ["colour"],
  };
  const { user } = await openConnections(core);
  await user.click(button("Import…"));
  await screen.findByRole("heading", { name: "Import Office" });
  const settings = screen.getByTestId("settings");
  expect(settings.textContent).toContain("“office.kittiwake.json”");
  expect(settings.textContent).toContain("does not know colour");
  // Also what is hidden behind “More settings” otherwise.
  expect(screen.getByLabelText<HTMLTextAreaElement>("Body").value).toContain("{{user}}");
  expect(core.count("add_connection")).toBe(0);

  await user.type(screen.getByLabelText("Token"), "mine");
  await user.click(button("Save and test"));
  await waitFor(() => expect(core.count("add_connection")).toBe(1));
  expect(core.calls.find((call) => call.command === "add_connection")?.args["draft"]).toMatchObject({
    name: "Office",
    values: core.file.values,
    token: "mine",
  });
});

it("says why a file is no connection, and nothing where none was chosen", async () => {
  const core = new FakeCore();
  const { user } = await openConnections(core);
  await user.click(button("Import…"));
  await waitFor(() => expect(core.count("import_connection")).toBe(1));
  expect(screen.queryByRole("alert")).toBeNull();
  core.failNext("import_connection", failureOf("bad_input", "“notes.txt” is not a connection."));
  await user.click(button("Import…"));
  expect((await screen.findByRole("alert")).textContent).toContain("notes.txt");
  expect(button("Add a server")).toBeTruthy();
});

it("exports a connection, and says where to", async () => {
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false }, GUIDE];
  const { user } = await openConnections(core);
  await user.click(button("More for Office"));
  await user.click(within(await screen.findByRole("menu")).getByText("Export…"));
  expect(core.calls.find((call) => call.command === "export_connection")?.args).toEqual({
    connection: "office",
  });
  await screen.findByText(/Exported to ~\/Office.kittiwake.json/, undefined, { timeout: 4000 });
});
