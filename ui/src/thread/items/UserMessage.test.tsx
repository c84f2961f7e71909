import { act, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeCore } from "../../host/fake";
import { plainMessage } from "../../host/fakeMessage";
import { faults } from "../../test/faults";
import { openWindow } from "../../test/window";

it("shows a picture that the server has, and names the other files", async () => {
  URL.createObjectURL = () => "blob:gull";
  URL.revokeObjectURL = () => undefined;
  const core = new FakeCore();
  const preview_url = "https://own.example/gull.png";
  const body = {
    ...plainMessage("Look"),
    attachments: [
      { id: "a", name: "gull.png", mime_type: "image/png", is_image: true, preview_url },
      { id: "b", name: "notes.txt", mime_type: "text/plain", is_image: false, preview_url: null },
    ],
  } satisfies ReturnType<typeof plainMessage>;
  core.addThread({ id: "t", title: "Tides" }, [{ id: "u", stage: "done", body }]);
  const { client } = await openWindow(core);
  act(() => client.open("t"));
  const picture = await screen.findByRole("img", { name: "gull.png" });
  expect(picture.getAttribute("src")).toBe("blob:gull");
  expect(screen.getByText("notes.txt")).toBeTruthy();
  expect(core.calls.find(({ command }) => command === "picture")?.args["url"]).toBe(preview_url);
  expect(await faults()).toEqual([]);
});

it("shows what was mentioned, quoted, sent with it and chosen for it", async () => {
  const core = new FakeCore();
  const body = {
    ...plainMessage("Ask @Ada please"),
    parts: [
      { type: "text", text: "Ask " },
      { type: "tag", text: "@Ada", group: "People", interactive: false },
      { type: "text", text: " please" },
    ],
    quoted_text: "The first programmer",
    attachments: [
      { id: "a", name: "gull.png", mime_type: "image/png", is_image: true, preview_url: null },
      { id: "b", name: "notes.txt", mime_type: "text/plain", is_image: false, preview_url: null },
    ],
    model: "large",
    tool: "search",
  } satisfies ReturnType<typeof plainMessage>;
  core.addThread({ id: "t", title: "Tides" }, [{ id: "u", stage: "done", body }]);
  const { client } = await openWindow(core);
  act(() => client.open("t"));
  const bubble = await screen.findByTestId("message-text");
  expect(bubble.textContent).toBe("Ask Ada (People) please");
  expect(bubble.querySelector("span")?.title).toBe("People");
  expect(screen.getByText("The first programmer").localName).toBe("blockquote");
  const files = screen.getByRole("list", { name: "Files" });
  expect(files.textContent).toBe("Picture: gull.pngnotes.txt");
  expect(screen.getByText(/Tool:/).textContent).toBe("Tool: search");
  expect(screen.getByText(/Model:/).textContent).toBe("Model: large");
  expect(await faults()).toEqual([]);
});
