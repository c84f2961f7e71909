import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore } from "../host/fake";
import { openWindow } from "../test/window";

it("shows what a server has the window show, and opens no address unasked", async () => {
  const core = new FakeCore();
  const { user } = await openWindow(core);
  core.toApp({ type: "effect", effect: { type: "settings", page: "models" } });
  expect((await screen.findByRole("tab", { name: "Models" })).getAttribute("aria-selected")).toBe("true");
  core.toApp({ type: "effect", effect: { type: "new_thread" } });
  await waitFor(() => expect(screen.queryByTestId("settings")).toBeNull());

  core.toApp({ type: "effect", effect: { type: "link", url: "https://a.example/b" } });
  expect((await screen.findByTestId("link-address")).textContent).toBe("https://a.example/b");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(core.calls.filter(({ command }) => command === "open_link")).toHaveLength(0);

  core.toApp({
    type: "effect",
    effect: { type: "message", title: "Done", body: "All of it", from: "Office" },
  });
  await screen.findByText("Office: Done – All of it");
});
