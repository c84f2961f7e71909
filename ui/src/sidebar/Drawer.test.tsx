import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import { FakeCore } from "../host/fake";
import { openWindow, resizeTo, userItem } from "../test/window";

/** A window at a width, in CSS pixels, with two conversations. */
async function openAt(width: number) {
  const core = new FakeCore();
  core.addThread({ id: "tides", title: "Tides" }, [userItem("u1", "When is high tide?")]);
  core.addThread({ id: "gulls", title: "Gulls" }, [userItem("u2", "Which gull?")]);
  window.innerWidth = width;
  return openWindow(core);
}

const drawer = () => screen.queryByTestId("drawer");
const closed = () => waitFor(() => expect(drawer()).toBeNull());

async function show(user: Awaited<ReturnType<typeof openWindow>>["user"]): Promise<HTMLElement> {
  await user.click(screen.getByRole("button", { name: "Show sidebar" }));
  return screen.findByTestId("drawer");
}

it("hides where there is no room, and closes when a conversation is chosen", async () => {
  const { user } = await openAt(480);
  expect(screen.queryByTestId("new-thread")).toBeNull();
  const shown = await show(user);
  expect(
    (await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } })).violations,
  ).toEqual([]);
  await user.click(within(shown).getByRole("button", { name: "Gulls" }));
  await closed();
  await screen.findByText("Which gull?");
  expect(document.activeElement).toBe(screen.getByTestId("composer-input"));
});

it("closes on Escape, and stops nothing", async () => {
  const { core, user } = await openAt(699);
  await user.type(screen.getByTestId("composer-input"), "Go on{Enter}");
  await waitFor(() => expect(screen.getByTestId("composer-button").dataset["action"]).toBe("stop"));
  await show(user);
  await user.keyboard("{Escape}");
  await closed();
  expect(core.count("stop")).toBe(0);
  const back = screen.getByRole("button", { name: "Show sidebar" });
  await waitFor(() => expect(document.activeElement).toBe(back));
});

it("leaves a title with Escape before it closes", async () => {
  const { core, user } = await openAt(600);
  const shown = await show(user);
  within(shown).getByRole("button", { name: "Gulls" }).focus();
  await user.keyboard("{F2}Nonsense{Escape}");
  expect(drawer()).not.toBeNull();
  expect(core.count("rename_thread")).toBe(0);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Gulls"));
  await user.keyboard("{Escape}");
  await closed();
});

it("comes and goes with the shortcut, and goes for a new conversation", async () => {
  const { user } = await openAt(600);
  await user.keyboard("{Control>}b{/Control}");
  await screen.findByTestId("drawer");
  await user.keyboard("{Control>}b{/Control}");
  await closed();
  await user.keyboard("{Control>}b{/Control}");
  await screen.findByTestId("drawer");
  await user.keyboard("{Control>}n{/Control}");
  await closed();
  expect(document.activeElement).toBe(screen.getByTestId("composer-input"));
});

it("stands beside the conversation again when there is room", async () => {
  const { user } = await openAt(600);
  await show(user);
  resizeTo(700);
  await closed();
  expect(screen.getByTestId("new-thread")).toBeTruthy();
  resizeTo(699);
  expect(screen.queryByTestId("new-thread")).toBeNull();
  expect(drawer()).toBeNull();
});
