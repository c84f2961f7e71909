import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CheckView } from "../gen/CheckView";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { stepOf } from "../host/fakeCheck";
import { openWindow } from "../test/window";
import { stopped, took } from "./checkWords";

const OFFICE: ConnectionView = {
  id: "office",
  name: "Office",
  kind: "chatkit",
  address: "https://office.example/chatkit",
  has_token: false,
  secrets: [],
  cautions: [],
  sign_in: null,
  session: null,
  keeps_threads: true,
  disabled: false,
  builtin: false,
  again: null,
  state: { type: "online" },
  prompts: [],
};

async function openConnections() {
  const core = new FakeCore();
  core.connections = [OFFICE, GUIDE];
  core.values.set("office", { url: OFFICE.address });
  const opened = await openWindow(core);
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings", {}, { timeout: 5000 });
  await opened.user.click(screen.getByRole("tab", { name: "Connections" }));
  return { ...opened, core };
}

const button = (name: string) => screen.getByRole("button", { name });

async function show(core: FakeCore, check: CheckView) {
  await waitFor(() => expect(core.checks.open).toBe(1));
  act(() => core.checks.show(check));
}

const RUNNING: CheckView = {
  steps: [stepOf("Name", "passed"), stepOf("Connection", "running"), stepOf("Token", "waiting")],
  verdict: { type: "running" },
  report: null,
};
const failure = failureOf("unreachable", "Nothing answers at office.example.", "tcp: refused");
const FAILED: CheckView = {
  steps: [
    stepOf("Name", "passed", { facts: [{ name: "Addresses", value: "10.0.0.7" }] }),
    stepOf("Connection", "failed", { line: failure.message, failure }),
    stepOf("Token", "skipped"),
  ],
  verdict: { type: "fails", failure },
  report: "Test of “Office”",
};
const WORKS: CheckView = {
  steps: [stepOf("Name", "passed"), stepOf("Certificate", "noted", { line: "It ends soon." })],
  verdict: { type: "works" },
  report: "All is well",
};

it("shows each step as it ends, says it aloud, and tells that it says hello", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  const check = await screen.findByTestId("check");
  expect(check.textContent).toContain("says hello to the server");
  await show(core, RUNNING);
  const steps = () => within(check).getAllByTestId("check-step");
  expect(steps().map((step) => step.getAttribute("aria-label"))).toEqual([
    "Name: passed",
    "Connection: under way",
    "Token: still to come",
  ]);
  expect(steps()[0]?.textContent).toContain("12 ms");
  const said = screen.getByTestId("check-announcer");
  expect(said.textContent).toBe("Name: passed.");
  expect(within(check).queryByRole("button", { name: "Copy the report" })).toBeNull();

  await show(core, FAILED);
  expect(screen.getByTestId("verdict").textContent).toBe("The connection does not work.");
  expect(said.textContent).toContain("Connection: failed. Nothing answers at office.example.");
  await user.click(button("Details: Name"));
  expect(within(check).getByText("10.0.0.7")).toBeTruthy();
  await user.click(button("Details: Connection"));
  expect(within(check).getByText("tcp: refused")).toBeTruthy();
});

it("copies the report, tests again from the beginning, and goes away", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  await show(core, FAILED);
  await user.click(button("Copy the report"));
  expect(core.calls.find((call) => call.command === "copy_text")?.args).toEqual({ text: FAILED.report });
  await screen.findByRole("button", { name: "Copied" });

  await user.click(button("Test again"));
  await waitFor(() => expect(core.count("test_connection")).toBe(2));
  expect(screen.queryAllByTestId("check-step")).toEqual([]);
  await show(core, WORKS);
  expect(screen.getByTestId("verdict").textContent).toContain("worth a look");
  await user.click(button("Close the test"));
  expect(screen.queryByTestId("check")).toBeNull();
  expect(document.activeElement).toBe(button("Test Office"));
  await waitFor(() => expect(core.checks.open).toBe(0));
});

it("stops a test, and ends it with the window's page", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  await show(core, RUNNING);
  await user.click(button("Stop"));
  await waitFor(() => expect(core.checks.open).toBe(0));
  expect(screen.getByTestId("verdict").textContent).toBe("The test was stopped.");
  expect(screen.getAllByTestId("check-step").map((step) => step.dataset["outcome"])).toEqual([
    "passed",
    "skipped",
    "skipped",
  ]);
  await user.click(button("Test again"));
  await show(core, RUNNING);
  await user.click(screen.getByRole("tab", { name: "About" }));
  await waitFor(() => expect(core.checks.open).toBe(0));
});

it("lists the conversations of a connection that was away and works", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  await show(core, WORKS);
  expect(core.count("check_connection")).toBe(0);
  core.connections = [{ ...OFFICE, state: { type: "failing", failure } }, GUIDE];
  act(() => core.toApp({ type: "connections", connections: core.connections }));
  await user.click(button("Test Office"));
  await waitFor(() => expect(core.count("test_connection")).toBe(2));
  await show(core, FAILED);
  expect(core.count("check_connection")).toBe(0);
  await show(core, WORKS);
  await waitFor(() => expect(core.count("check_connection")).toBe(1));
});

it("says why a test could not begin", async () => {
  const { user, core } = await openConnections();
  core.failNext("test_connection", failureOf("disabled", "“Office” is switched off."));
  await user.click(button("Test Office"));
  expect((await screen.findByTestId("failure")).textContent).toContain("switched off");
  expect(button("Test again")).toBeTruthy();
});

it("tests what was typed before it is kept, and again after a change", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Add a server"));
  await screen.findByRole("button", { name: "Save and test" });
  expect(button("Test").hasAttribute("disabled")).toBe(true);
  await user.type(screen.getByLabelText(/Address/), "https://example.com/chatkit");
  await user.type(screen.getByLabelText("Token"), "sesame");
  await user.click(button("Test"));
  await show(core, WORKS);
  const drafts = () => core.calls.filter((call) => call.command === "test_draft").map((call) => call.args);
  expect(drafts()).toMatchObject([
    { connection: null, draft: { values: { url: "https://example.com/chatkit" }, token: "sesame" } },
  ]);
  expect(screen.getByTestId("settings").textContent).not.toContain("sesame");
  await user.type(screen.getByLabelText(/Address/), "/v2");
  await user.click(button("Test again"));
  await waitFor(() =>
    expect(drafts()[1]).toMatchObject({ draft: { values: { url: "https://example.com/chatkit/v2" } } }),
  );
  expect(core.count("add_connection")).toBe(0);
  await show(core, WORKS);

  core.failNext("test_draft", failureOf("bad_address", "This is not an address."));
  await user.click(button("Test again"));
  await screen.findByText("This is not an address.");
  expect(document.activeElement).toBe(screen.getByLabelText(/Address/));
});

it("tests a connection that is being changed with its stored token", async () => {
  const { user, core } = await openConnections();
  core.connections = [{ ...OFFICE, has_token: true }, GUIDE];
  act(() => core.toApp({ type: "connections", connections: core.connections }));
  await user.click(button("Edit Office"));
  await screen.findByRole("button", { name: "Save and test" });
  await user.click(button("Test"));
  await waitFor(() => expect(core.count("test_draft")).toBe(1));
  expect(core.calls.find((call) => call.command === "test_draft")?.args).toMatchObject({
    connection: "office",
    draft: { token: null },
  });
});

it("tells times in a unit that fits", () => {
  expect(took(stepOf("x", "passed", { ms: 0.2 }))).toBe("< 1 ms");
  expect(took(stepOf("x", "passed", { ms: 950.4 }))).toBe("950 ms");
  expect(took(stepOf("x", "passed", { ms: 1500 }))).toBe("1.5 s");
  expect(took(stepOf("x", "skipped"))).toBe("skipped");
  expect(stopped(null)).toEqual({ steps: [], verdict: { type: "stopped" }, report: null });
});
