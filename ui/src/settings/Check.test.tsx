import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CheckView } from "../gen/CheckView";
import type { ConnectionView } from "../gen/ConnectionView";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { findingOf, stepOf } from "../host/fakeCheck";
import { openWindow } from "../test/window";
import { comparison, share, stopped, took } from "./checkWords";

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
  // The steps are all to come again, and what the last test said stays in sight until they have ended.
  expect(screen.getAllByTestId("check-step").map((step) => step.dataset["outcome"])).toEqual([
    "waiting",
    "waiting",
    "waiting",
  ]);
  expect(screen.getByTestId("check").textContent).toContain("Nothing answers at office.example.");
  await show(core, WORKS);
  expect(screen.getByTestId("check").textContent).not.toContain("Nothing answers at office.example.");
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

const REFUSED = findingOf("connection-refused", "Nothing listens there", "server");
const FOUND: CheckView = {
  ...FAILED,
  steps: FAILED.steps.map((step) => (step.outcome === "failed" ? { ...step, finding: REFUSED } : step)),
};

it("shows what was found with its cause, its remedy and whose it is, and asks the Guide about it", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  await show(core, FOUND);
  const card = screen.getByRole("region", { name: "Nothing listens there" });
  expect(card.dataset["finding"]).toBe("connection-refused");
  expect(card.textContent).toContain("The server’s to mend");
  expect(card.textContent).toContain("Why: Nothing listens there.");
  expect(card.textContent).toContain("Mend: Nothing listens there.");
  expect(screen.getByTestId("check-announcer").textContent).toContain(
    "Nothing listens there. The server’s to mend.",
  );
  await user.click(within(card).getByRole("button", { name: "Read more" }));
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());
  const sent = core.calls.find((call) => call.command === "send")?.args;
  expect(sent).toMatchObject({ request: { connection: "guide", thread: null, text: REFUSED.question } });
});

it("does not lead away from what was typed", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Add a server"));
  await screen.findByRole("button", { name: "Save and test" });
  await user.type(screen.getByLabelText(/Address/), "https://example.com/chatkit");
  await user.click(button("Test"));
  await show(core, FOUND);
  expect(screen.getByTestId("finding").textContent).toContain("Mend: Nothing listens there.");
  expect(screen.queryByRole("button", { name: "Read more" })).toBeNull();
});

it("is repeated while the server is mended, and says what has changed", async () => {
  const { user, core } = await openConnections();
  await user.click(button("Test Office"));
  await show(core, FOUND);
  await user.click(button("Test again"));
  const changes = () => screen.queryAllByTestId("change").map(({ textContent }) => textContent);
  expect(changes()).toEqual(["before: passed", "before: failed"]);
  expect(screen.getByTestId("finding").textContent).toContain("Mend: Nothing listens there.");
  expect(screen.getByTestId("verdict").textContent).toBe("Testing…");
  // Nobody has to wait for a step that hangs.
  await user.click(button("Test again"));
  await waitFor(() => expect(core.count("test_connection")).toBe(3));
  await waitFor(() => expect(core.checks.open).toBe(1));
  const mended: CheckView = {
    steps: [
      stepOf("Name", "passed", { ms: 112.4 }),
      stepOf("Connection", "passed"),
      stepOf("Token", "passed", { ms: 200 }),
    ],
    verdict: { type: "works" },
    report: "All is well",
  };
  await show(core, mended);
  expect(changes()).toEqual(["100 ms slower", "works now"]);
  expect(screen.queryByTestId("finding")).toBeNull();
  const said = "Since the last test: Name 100 ms slower; Connection works now.";
  expect(screen.getByTestId("check").textContent).toContain(said);
  expect(screen.getByTestId("check-announcer").textContent).toContain(said);
});

it("compares steps of a kind in their order, and says how much of the time each took", () => {
  const kinds = (...outcomes: ("passed" | "failed" | "noted")[]): CheckView => ({
    steps: outcomes.map((outcome, at) => stepOf(`Name ${at}`, outcome, { kind: "name", ms: 100 })),
    verdict: { type: "works" },
    report: "",
  });
  expect(comparison(kinds("passed", "passed"), kinds("passed", "passed"))).toBe(
    "Nothing has changed since the last test.",
  );
  expect(comparison(kinds("passed", "failed", "passed"), kinds("failed", "passed", "noted"))).toBe(
    "Since the last test: Name 0 works now; Name 1 worked before; Name 2 as it should be now.",
  );
  const two = kinds("passed", "passed");
  expect(two.steps.map((step) => share(step, two))).toEqual([0.5, 0.5]);
  expect(share(stepOf("x", "skipped"), two)).toBe(0);
});
