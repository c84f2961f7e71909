import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openWindow } from "../test/window";

const ENTER = { key: "Enter", code: "Enter", keyCode: 13 };

async function write(text: string) {
  const opened = await openWindow();
  const field = screen.getByTestId("composer-input");
  await opened.user.type(field, text);
  return { ...opened, field };
}

it("does not send with the Enter that confirms a candidate", async () => {
  const { core, field } = await write("かな");
  fireEvent.compositionStart(field);
  fireEvent.keyDown(field, { ...ENTER, isComposing: true });
  fireEvent.keyDown(field, { ...ENTER, keyCode: 229 });
  fireEvent.compositionEnd(field);
  expect(core.count("send")).toBe(0);
});

it("does not send with that Enter in WebKit's order either, but with the next one", async () => {
  const { core, field } = await write("かな");
  fireEvent.compositionStart(field);
  fireEvent.compositionEnd(field);
  fireEvent.keyDown(field, ENTER);
  expect(core.count("send")).toBe(0);
  await waitFor(() => {
    fireEvent.keyDown(field, ENTER);
    expect(core.count("send")).toBe(1);
  });
});

it("does not send what is empty", async () => {
  const { core, field } = await write("  ");
  fireEvent.keyDown(field, ENTER);
  expect(core.count("send")).toBe(0);
  expect(screen.getByTestId("composer-button").hasAttribute("disabled")).toBe(true);
});
