import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { controls, input, stage } from "../../test/controls";
import { WidgetScope } from "../frames";
import { usablePattern } from "./typing";

it.each(["[A-Z]{2}", "\\d+(?:\\.\\d+)?", "(?:ab){2}", "a+b*"])("tries the pattern %s", (pattern) => {
  expect(usablePattern(pattern)).toBe(pattern);
});

it.each(["(a+)+", "(a|a)*b", "((a)b)+", "(x{2,})+y", "(", "[z-a]"])(
  "leaves %s to the server, which would hang the window or is no pattern",
  (pattern) => {
    expect(usablePattern(pattern)).toBeUndefined();
  },
);

const FIELD = <WidgetScope>{controls([input("who", { auto_focus: true, placeholder: "Who" })])}</WidgetScope>;

it("gives the focus to a field that has just come and wants it", () => {
  stage(FIELD, true);
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Who" }));
});

it("does not take it from somebody who is writing", () => {
  const writing = (
    <input aria-label="Message" defaultValue="half a sentence" ref={(field) => field?.focus()} />
  );
  const { again } = stage(writing, true);
  again(
    true,
    <>
      {writing}
      {FIELD}
    </>,
  );
  expect(document.activeElement).not.toBe(screen.getByRole("textbox", { name: "Who" }));
});

it("moves nothing in an old conversation", () => {
  stage(FIELD, false);
  expect(document.activeElement).toBe(document.body);
});
