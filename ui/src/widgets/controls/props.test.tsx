import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import {
  action,
  choices,
  controls,
  datePicker,
  editable,
  form,
  input,
  select,
  show,
  stage,
  textarea,
} from "../../test/controls";
import { WidgetScope } from "../frames";
import { placementOf } from "./DatePicker";
import { asked } from "./typing";

const over = (value: string, more: object) => {
  const text = editable("note", value);
  return text.type === "Text" && text.editable !== null
    ? { ...text, editable: { ...text.editable, ...more } }
    : text;
};

it.each([
  ["a field", input("who", { value: "Ada", auto_select: true })],
  ["a field of lines", textarea("who", { value: "Ada", auto_select: true })],
  ["a text that can be written over", over("Ada", { auto_select: true })],
])("selects all that stands in %s when it gets the focus", async (_, node) => {
  const { user } = show(node);
  await user.tab();
  const field = screen.getByRole("textbox") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  await waitFor(() => expect([field.selectionStart, field.selectionEnd]).toEqual([0, 3]));
});

it.each([
  ["a field of lines", textarea("who", { auto_focus: true })],
  ["a text that can be written over", over("Ada", { auto_focus: true })],
])("gives the focus to %s that has just come and wants it", (_, node) => {
  stage(<WidgetScope>{controls([node])}</WidgetScope>, true);
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
});

it("asks several lines for the format that the server wants, all of them", async () => {
  const { user, server } = show(
    form(action("save"), textarea("code", { pattern: "[a-z\n]+", value: "abc" })),
    select("other"),
  );
  expect(server.asked).toEqual([]);
  const field = screen.getByRole("textbox") as HTMLTextAreaElement;
  expect(field.validity.valid).toBe(true);
  await user.type(field, "{Enter}12");
  expect(field.validity.valid).toBe(false);
  expect(["ab\ncd", "ab\n12", ""].map(asked("[a-z\n]+"))).toEqual([
    null,
    "Please match the format requested.",
    null,
  ]);
});

it("tells of each choice what the server says of it", async () => {
  const [one, ...others] = choices("Red", "Blue");
  const options = [{ ...(one ?? others[0]), description: "Like a bill" }, ...others] as ReturnType<
    typeof choices
  >;
  const { user } = show(select("colour", { options }));
  await user.click(screen.getByRole("button", { name: /colour/ }));
  expect(await screen.findByRole("option", { name: "Red" })).toBeTruthy();
  expect(screen.getByText("Like a bill")).toBeTruthy();
});

it("opens a calendar on the side that the server says", async () => {
  const { user } = show(datePicker("due", { side: "right", align: "end" }));
  await user.click(screen.getByRole("button", { name: /calendar/i }));
  await screen.findByRole("grid");
  expect(document.querySelector("[data-placement]")?.getAttribute("data-placement")).toBe("right");
});

it.each([
  [null, null, "bottom start"],
  ["top", "end", "top end"],
  ["top", "center", "top"],
  ["left", null, "left top"],
  ["right", "end", "right bottom"],
] as const)("puts a calendar at the side %s, along it at %s", (side, align, placement) => {
  expect(placementOf({ side, align })).toBe(placement);
});
