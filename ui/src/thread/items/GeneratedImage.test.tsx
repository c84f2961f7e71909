import { act, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ItemStage } from "../../gen/ItemStage";
import type { ItemView } from "../../gen/ItemView";
import { FakeCore, IDLE } from "../../host/fake";
import { faults } from "../../test/faults";
import { openWindow, userItem } from "../../test/window";

function image(url: string | null, progress: number | null, stage: ItemStage): ItemView {
  return { id: "i", stage, body: { kind: "generated_image", url, progress } };
}

it("shows how much is made, in a frame that stays, and then the picture", async () => {
  const core = new FakeCore();
  const thread = core.addThread({ id: "t" }, [userItem("u", "Draw"), image(null, 0, "streaming")]);
  thread.turn = { ...IDLE, phase: "streaming" };
  const { client } = await openWindow(core);
  act(() => client.open("t"));
  const put = (item: ItemView) =>
    act(() => core.batch("t", { op: "put_item", item, after: "u", replaces: null }));
  const bar = await screen.findByRole("progressbar", { name: "Making a picture" });
  expect(bar.getAttribute("aria-valuenow")).toBeNull();
  expect(await faults()).toEqual([]);
  put(image("data:image/png;base64,AA==", 0.5, "streaming"));
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  expect(within(screen.getByTestId("generated-image")).getByTestId("picture")).toBeTruthy();
  put(image("https://a.example/p.png", 1, "done"));
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(screen.getByTestId("generated-image").textContent).toContain("Generated picture");
  put(image(null, null, "stopped"));
  expect(screen.getByText("The picture was not finished.")).toBeTruthy();
});
