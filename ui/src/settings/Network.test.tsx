import { act, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import type { CheckView } from "../gen/CheckView";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { stepOf } from "../host/fakeCheck";
import { openWindow } from "../test/window";

const PAGE = "http://office.example/chatkit";
const FAILURE = { ...failureOf("web_page", "A web page came instead of an answer."), page: PAGE };

const OFFICE: ConnectionView = {
  id: "office",
  name: "Office",
  kind: "chatkit",
  address: PAGE,
  has_token: false,
  secrets: [],
  cautions: ["Not encrypted: whoever is on the way can read the conversation."],
  sign_in: null,
  session: null,
  keeps_threads: true,
  disabled: false,
  builtin: false,
  again: null,
  state: { type: "failing", failure: FAILURE },
  prompts: [],
};

async function openConnections(office = OFFICE) {
  const core = new FakeCore();
  core.connections = [office, GUIDE];
  core.values.set("office", { url: PAGE });
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings", {}, { timeout: 5000 });
  await opened.user.click(screen.getByRole("tab", { name: "Connections" }));
  return { ...opened, core };
}

const button = (name: string) => screen.getByRole("button", { name });

it("keeps in sight that a connection is not encrypted", async () => {
  await openConnections();
  const row = button("Test Office").closest("li");
  expect(row?.textContent).toContain("Not encrypted: whoever is on the way");
  const rules = { "color-contrast": { enabled: false } };
  expect((await axe.run(screen.getByTestId("settings"), { rules })).violations).toEqual([]);
});

it("offers a page that is in the way in the browser, shows where it is, and comes back to the settings", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Open in the browser"));
  const question = await screen.findByTestId("link-dialog");
  expect(within(question).getByTestId("link-address").textContent).toBe(PAGE);
  expect(core.count("open_link")).toBe(0);
  await user.click(within(question).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
  expect(screen.getByTestId("settings")).toBeTruthy();
  expect(button("Edit Office")).toBeTruthy();
});

it("loses nothing of what was typed when the page is looked at during a test", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Edit Office"));
  const name = await screen.findByLabelText<HTMLInputElement>("Name");
  await user.clear(name);
  await user.type(name, "Hotel");
  await user.click(button("Test"));
  const check: CheckView = {
    steps: [stepOf("Question", "failed", { line: FAILURE.message, failure: FAILURE })],
    verdict: { type: "fails", failure: FAILURE },
    report: "Test",
  };
  await waitFor(() => expect(core.checks.open).toBe(1));
  act(() => core.checks.show(check));
  await user.click(button("Open in the browser"));
  const question = await screen.findByTestId("link-dialog");
  await user.click(within(question).getByRole("button", { name: "Open in browser" }));
  await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
  expect(core.calls.find((call) => call.command === "open_link")?.args).toEqual({ url: PAGE });
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Hotel");
});

it("says at a choice what is wrong with it", async () => {
  const { user, core } = await openConnections();
  core.failNext("update_connection", { ...failureOf("bad_input", "Choose the other."), detail: "sign_in" });
  await user.click(button("Edit Office"));
  await user.click(await screen.findByRole("button", { name: "Save and test" }));
  const group = screen.getByRole("radiogroup", { name: "Sign in with" });
  await waitFor(() => expect(group.textContent).toContain("Choose the other."));
  expect(group.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(within(group).getByRole("radio", { name: "A token, or nothing" }));
});

it("takes a client certificate by its file, says beside the password what is wrong, and shows it never again", async () => {
  const { user, core } = await openConnections();
  const drafts = () =>
    core.calls.filter(({ command }) => command === "update_connection").map(({ args }) => args["draft"]);
  const failing = (detail: string, words: string) =>
    core.failNext("update_connection", { ...failureOf("bad_input", words), detail });
  await user.click(button("Edit Office"));
  await user.click(await screen.findByText("More settings"));
  expect(screen.queryByLabelText(/File of the client certificate/)).toBeNull();
  const group = screen.getByRole("radiogroup", { name: "Client certificate" });
  await user.click(within(group).getByRole("radio", { name: "From a file" }));
  await user.type(screen.getByLabelText(/File of the client certificate/), "/etc/ann/ann.p12");
  const password = screen.getByLabelText<HTMLInputElement>("Password of the key");
  expect(password.type).toBe("password");
  await user.type(password, "wrong");

  failing("client_certificate", "There is no such file.");
  await user.click(button("Save and test"));
  await screen.findByText("There is no such file.");
  expect(screen.getByLabelText(/File of the client certificate/).getAttribute("aria-invalid")).toBe("true");
  failing("client_key_password", "The password does not open its key.");
  await user.click(button("Save and test"));
  await screen.findByText("The password does not open its key.");
  await waitFor(() => expect(password.getAttribute("aria-invalid")).toBe("true"));
  const rules = { "color-contrast": { enabled: false } };
  expect((await axe.run(screen.getByTestId("settings"), { rules })).violations).toEqual([]);
  await user.clear(password);
  await user.type(password, "sesame");
  await user.click(button("Save and test"));
  await waitFor(() => expect(drafts()).toHaveLength(3));
  expect(drafts()[2]).toMatchObject({
    values: { client: "file", client_certificate: "/etc/ann/ann.p12" },
    secrets: { client_key_password: "sesame" },
  });

  await user.click(await screen.findByRole("button", { name: "Edit Office" }));
  expect(await screen.findByText("One is stored.")).toBeTruthy();
  expect(screen.getByTestId("settings").textContent).not.toContain("sesame");
});

it("says in the row that a server wants a client certificate", async () => {
  const words = "https://office.example lets in only who shows a client certificate. Get one.";
  await openConnections({
    ...OFFICE,
    state: { type: "failing", failure: failureOf("client_certificate", words) },
  });
  expect(button("Test Office").closest("li")?.textContent).toContain(
    "lets in only who shows a client certificate",
  );
});
