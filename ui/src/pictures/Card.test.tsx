import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { expect, it, vi } from "vitest";
import type { ItemViewBody } from "../gen/ItemViewBody";
import { FakeCore } from "../host/fake";
import { openWindow } from "../test/window";
import { example } from "../widgets/gallery";

it("stands behind a button where the picture would have less room than its words", async () => {
  URL.createObjectURL = vi.fn(() => "blob:picture");
  // jsdom has no layout: what is said takes more than the room that everything has there.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockImplementation(function (this: HTMLElement) {
    return this.classList.contains("measured") ? 120 : 40;
  });
  const core = new FakeCore();
  const body = { kind: "widget", root: example("Images"), hints: [], copy_text: null } satisfies ItemViewBody;
  core.addThread({ id: "t", title: "Birds" }, [{ id: "w", stage: "done", body }]);
  const { user } = await openWindow(core);
  await user.click(screen.getByRole("button", { name: "Birds" }));
  const small = await screen.findByRole("button", { name: "A gull: not shown" });
  expect(screen.queryByText(/Showing it tells/)).toBeNull();
  await user.click(small);
  const dialog = await screen.findByRole("dialog", { name: "A gull" });
  expect(dialog.textContent).toContain("Showing it tells example.com that you read this.");
  const { violations } = await axe.run(dialog, { rules: { "color-contrast": { enabled: false } } });
  expect(violations).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Show picture" }));
  await screen.findByRole("img", { name: "A gull" });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});
