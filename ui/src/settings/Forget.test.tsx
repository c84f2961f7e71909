import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { expect, it } from "vitest";
import { FakeCore, failureOf } from "../host/fake";
import { openWindow } from "../test/window";

const button = (name: string) => screen.getByRole("button", { name });

it("forgets everything only after it was asked twice, and says why it could not", async () => {
  const core = new FakeCore();
  const { user } = await openWindow(core);
  await user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings");
  await user.click(screen.getByRole("tab", { name: "About" }));

  await user.click(button("Forget everything…"));
  const question = screen.getByRole("alertdialog");
  expect(question.textContent).toContain("cannot be undone");
  expect((await axe.run(question, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual(
    [],
  );
  await user.click(button("Keep"));
  expect(core.count("forget_everything")).toBe(0);

  await user.click(button("Forget everything…"));
  core.failNext("forget_everything", failureOf("keychain_locked", "The keychain is locked. Unlock it."));
  await user.click(button("Forget everything"));
  expect((await screen.findByTestId("failure")).textContent).toContain("Unlock it.");
  await user.click(button("Forget everything"));
  await waitFor(() => expect(core.count("forget_everything")).toBe(2));
  expect(screen.queryByTestId("failure")).toBeNull();
});
