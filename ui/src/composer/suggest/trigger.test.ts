import { expect, it } from "vitest";
import { EMPTY_DRAFT } from "../../state/drafts";
import { triggerAt } from "./trigger";

const BOTH = new Set(["mention", "command"] as const);

/** What is offered for a text with the caret at its end, or where `|` stands. */
function at(marked: string, offered: ReadonlySet<"mention" | "command"> = BOTH) {
  const place = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = triggerAt({ ...EMPTY_DRAFT, text }, place < 0 ? text.length : place, offered);
  return found && [found.kind, found.from, found.query];
}

it.each([
  ["@", ["mention", 0, ""]],
  ["ask @ad", ["mention", 4, "ad"]],
  ["ask @ad|a now", ["mention", 4, "ad"]],
  ["(@ada", ["mention", 1, "ada"]],
  ["@Ada Lo", ["mention", 0, "Ada Lo"]],
  ["one\n@é", ["mention", 4, "é"]],
  ["mail@example", null],
  ["@ ada", null],
  ["@ada\nnext", null],
  ["ada|@", null],
  ["/", ["command", 0, ""]],
  ["/set", ["command", 0, "set"]],
  ["/new co", ["command", 0, "new co"]],
  ["/s|et", null],
  ["|/", null],
  [" /set", null],
  ["either/or", null],
  ["// a comment", null],
  ["/ hello", null],
  ["/one\ntwo", null],
])("%s", (text, expected) => {
  expect(at(text)).toEqual(expected);
});

it("offers what there is, and nothing inside of what is mentioned", () => {
  expect(at("@", new Set(["command"]))).toBeNull();
  expect(at("/", new Set(["mention"]))).toBeNull();
  const mentions = [{ at: 0, entity: { id: "u", title: "@Ada", interactive: false } }];
  expect(triggerAt({ ...EMPTY_DRAFT, text: "@Ada", mentions }, 4, BOTH)).toBeNull();
});
