import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { openConnections } from "../test/window";

const OFFICE: ConnectionView = {
  ...GUIDE,
  id: "office",
  name: "Office",
  address: "https://office.example/chatkit",
  has_token: true,
  secrets: ["secret_headers"],
  builtin: false,
  prompts: [],
};

const button = (name: string) => screen.getByRole("button", { name });
const field = (name: RegExp | string) => screen.getByLabelText<HTMLInputElement>(name);
const choose = (name: string) => screen.getByRole("radio", { name });

/** What the connection was saved as, the latest last. */
const saved = (core: FakeCore) =>
  core.calls
    .filter(({ command }) => command === "update_connection" || command === "add_connection")
    .map(({ args }) => args["draft"]);

async function openOffice() {
  const core = new FakeCore();
  core.connections = [OFFICE, GUIDE];
  core.values.set("office", { url: OFFICE.address });
  const opened = await openConnections(core);
  await opened.user.click(button("Edit Office"));
  await screen.findByRole("button", { name: "Save and test" });
  return { ...opened, core };
}

it("takes headers that nobody should see in several lines, and shows only that they are stored", async () => {
  const { user, core } = await openOffice();
  await user.click(button("More settings"));
  expect(screen.getByText("They are stored.")).toBeTruthy();
  expect(screen.queryByLabelText("Secret headers")).toBeNull();
  await user.click(button("Replace: Secret headers"));
  const lines = field("Secret headers");
  expect(lines.tagName).toBe("TEXTAREA");
  expect(document.activeElement).toBe(lines);
  await user.type(lines, "X-Api-Key: sesame{Enter}X-Team: nine");
  expect(screen.getByText(/takes the place of all of them/)).toBeTruthy();
  const rules = { "color-contrast": { enabled: false } };
  expect((await axe.run(screen.getByTestId("settings"), { rules })).violations).toEqual([]);
  await user.click(button("Save and test"));
  const secrets = { secret_headers: "X-Api-Key: sesame\nX-Team: nine" };
  await waitFor(() => expect(saved(core)).toMatchObject([{ token: null, secrets }]));
  expect(screen.getByTestId("settings").textContent).not.toContain("sesame");
});

it("forgets secret headers, or keeps them after all", async () => {
  const { user, core } = await openOffice();
  await user.click(button("More settings"));
  await user.click(button("Forget: Secret headers"));
  expect(screen.getByText("Forgotten as soon as you save.")).toBeTruthy();
  expect(document.activeElement).toBe(button("Keep: Secret headers"));
  await user.click(button("Keep: Secret headers"));
  await user.click(button("Save and test"));
  await waitFor(() => expect(saved(core)).toMatchObject([{ secrets: {} }]));

  await user.click(await screen.findByRole("button", { name: "Edit Office" }));
  await user.click(await screen.findByRole("button", { name: "More settings" }));
  await user.click(button("Forget: Secret headers"));
  await user.click(button("Save and test"));
  await waitFor(() => expect(saved(core).at(-1)).toMatchObject({ secrets: { secret_headers: "" } }));
  expect(core.connections.find(({ id }) => id === "office")?.secrets).toEqual([]);
});

it("says at the secret headers what is wrong with them, where they are written again", async () => {
  const { user, core } = await openOffice();
  const failure = { ...failureOf("bad_input", "These would go elsewhere."), detail: "secret_headers" };
  core.failNext("update_connection", failure);
  await user.click(button("Save and test"));
  await screen.findByText("These would go elsewhere.");
  expect(document.activeElement).toBe(field("Secret headers"));
});

it("asks for what each way to sign in needs, and takes a stored token for no password", async () => {
  const { user, core } = await openOffice();
  expect(screen.getByText(/A token is stored/)).toBeTruthy();
  await user.click(choose("E-mail and password"));
  expect(screen.queryByText(/A token is stored/)).toBeNull();
  expect(screen.getByText(/for another way to sign in/)).toBeTruthy();
  expect(button("Save and test").hasAttribute("disabled")).toBe(true);
  await user.type(field(/Login address/), "https://office.example/login");
  await user.type(field(/E-mail or user name/), "ann");
  await user.type(field(/^Password/), "sesame");
  await user.click(button("Save and test"));
  await waitFor(() => expect(saved(core)).toMatchObject([{ token: "sesame", values: { sign_in: "login" } }]));

  await user.click(await screen.findByRole("button", { name: "Edit Office" }));
  expect(await screen.findByText(/A password is stored/)).toBeTruthy();
});

it("keeps no token where one signs in in the browser, and says what is wrong although there is no place for it", async () => {
  const { user, core } = await openOffice();
  await user.click(choose("Your browser"));
  expect(screen.queryByText(/A token is stored/)).toBeNull();
  expect(screen.queryByLabelText("Token")).toBeNull();
  await user.type(field(/Client ID/), "kittiwake");
  core.failNext("update_connection", failureOf("keychain_damaged", "The entry is damaged."));
  await user.click(button("Save and test"));
  expect((await screen.findByTestId("failure")).textContent).toContain("The entry is damaged.");
  await user.click(button("Try again"));
  await waitFor(() => expect(saved(core).at(-1)).toMatchObject({ token: "", secrets: {} }));
});
