import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore, failureOf } from "../host/fake";
import { openConnections } from "../test/window";

it("the person chooses how long messages wait for a busy server", async () => {
  const core = new FakeCore();
  const { user } = await openConnections(core);
  await screen.findByRole("radiogroup", { name: "When a server asks to wait" });
  expect(screen.getByRole("radio", { name: /Wait up to 2 minutes/ })).toHaveProperty("checked", true);
  await user.click(screen.getByRole("radio", { name: /Wait up to 15 minutes/ }));
  await waitFor(() => expect(core.patience).toBe(900));
  const never = screen.getByRole("radio", { name: /Do not wait/ });
  await user.click(never);
  await waitFor(() => expect(never).toHaveProperty("checked", true));
  expect(core.patience).toBe(0);
  core.failNext("set_patience", failureOf("disk_full", "The settings could not be saved."));
  await user.click(screen.getByRole("radio", { name: /Wait up to 15 minutes/ }));
  await waitFor(() => expect(screen.getByText("The settings could not be saved.")).toBeTruthy());
  expect(never).toHaveProperty("checked", true);
});

it("another time that stands in the file is shown as it is", async () => {
  const core = new FakeCore();
  core.patience = 45;
  await openConnections(core);
  expect(await screen.findByRole("radio", { name: /Wait up to 45 seconds/ })).toHaveProperty("checked", true);
});
