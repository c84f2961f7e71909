import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, GUIDE } from "../host/fake";
import { answerItem, openConnections, openWindow, userItem } from "../test/window";

/** A core with one conversation, whose server keeps it or does not. */
function core(keeps: "kept" | "forgotten"): FakeCore {
  const core = new FakeCore();
  const keeps_threads = keeps === "kept";
  core.connections = [{ ...GUIDE, id: "office", name: "Office", builtin: false, keeps_threads }, GUIDE];
  core.addThread({ id: "t", connection: "office", title: "Tides" }, [
    userItem("u", "When is high tide?"),
    answerItem("a", "At nine."),
  ]);
  return core;
}

async function actions(keeps: "kept" | "forgotten") {
  const { user } = await openWindow(core(keeps));
  await user.click(await screen.findByRole("button", { name: /^Tides/ }));
  const answer = (await screen.findAllByTestId("item")).at(-1) as HTMLElement;
  return within(answer)
    .getAllByRole("button")
    .map((button) => button.getAttribute("aria-label"));
}

it("asks for a judgement where somebody takes it", async () => {
  expect(await actions("kept")).toEqual(["Copy message", "Good answer", "Bad answer", "Try again"]);
});

it("asks for none where the server keeps no conversations", async () => {
  expect(await actions("forgotten")).toEqual(["Copy message", "Try again"]);
});

it("says that the only copies go with a connection whose server keeps none", async () => {
  const { user } = await openConnections(core("forgotten"));
  await user.click(screen.getByRole("button", { name: "Remove Office" }));
  expect(screen.getByRole("alertdialog").textContent).toContain("on this computer alone");
});
