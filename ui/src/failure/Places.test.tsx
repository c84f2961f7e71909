import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Failure } from "../gen/Failure";
import { FakeCore, failureOf, GUIDE } from "../host/fake";
import { stepOf } from "../host/fakeCheck";
import { openWindow, userItem } from "../test/window";

const MISMATCH: Failure = {
  ...failureOf(
    "format_mismatch",
    "Its text is not where it was looked for.",
    "{id: text, reply: {body: text}}",
  ),
  mapping: { field: "text_in_answer", pointers: ["/reply/body", "/id"] },
};

function core(): FakeCore {
  const core = new FakeCore();
  core.connections = [{ ...GUIDE, id: "own", name: "Own", kind: "custom", builtin: false }, GUIDE];
  core.values.set("own", { url: "http://localhost:8000/" });
  core.addThread({ id: "t", connection: "own", title: "Tides" }, [userItem("u", "When is high tide?")]);
  return core;
}

it("shows the shape of an answer and says with one press where its text is", async () => {
  const opened = await openWindow(core());
  await opened.user.click(await screen.findByRole("button", { name: /^Tides/ }));
  act(() => opened.core.end("t", { type: "failed", failure: MISMATCH, can_retry: true }));
  const places = await screen.findByTestId("places");
  expect(places.textContent).toContain("{id: text, reply: {body: text}}");
  await opened.user.click(within(places).getByRole("button", { name: "Use /reply/body" }));
  await waitFor(() => expect(within(places).getByRole("status").textContent).toContain("/reply/body"));
  expect(opened.core.values.get("own")).toEqual({
    url: "http://localhost:8000/",
    text_in_answer: "/reply/body",
  });
  expect(screen.getByTestId("try-again")).toBeTruthy();
});

it("says in the test of a connection where the text is, and tests again", async () => {
  const opened = await openWindow(core());
  await opened.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings", {}, { timeout: 5000 });
  await opened.user.click(screen.getByRole("tab", { name: "Connections" }));
  await opened.user.click(screen.getByRole("button", { name: "Test Own" }));
  await waitFor(() => expect(opened.core.checks.open).toBe(1));
  act(() =>
    opened.core.checks.show({
      steps: [stepOf("Hello", "failed", { failure: MISMATCH })],
      verdict: { type: "fails", failure: MISMATCH },
      report: "Test of “Own”",
    }),
  );
  await opened.user.click(await screen.findByRole("button", { name: "Use /reply/body" }));
  await waitFor(() => expect(opened.core.count("test_connection")).toBe(2));
  expect(opened.core.values.get("own")?.["text_in_answer"]).toBe("/reply/body");
});
