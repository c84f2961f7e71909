import { expect, it } from "vitest";
import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import { EMPTY_DRAFT } from "./drafts";
import { endingAt, mentioning, pieces, rewritten } from "./mentions";

const ADA: Entity = { id: "u1", title: "Ada", interactive: false };

function draft(text: string, ...places: number[]): Draft {
  return { ...EMPTY_DRAFT, text, mentions: places.map((at) => ({ at, entity: ADA })) };
}

const places = ({ mentions }: Draft) => mentions.map(({ at }) => at);

it.each([
  ["words before it", draft("Ada", 0), "Ask Ada", 4, [4]],
  ["words behind it", draft("Ada", 0), "Ada, hello", 10, [0]],
  ["a letter in it", draft("Ada", 0), "Adxa", 3, []],
  ["its last letter gone", draft("Ada", 0), "Ad", 2, []],
  ["its first letter gone", draft("x Ada", 2), "x da", 2, []],
  ["all of it gone", draft("x Ada y", 2), "x  y", 2, []],
  ["one of two", draft("Ada Ada", 0, 4), "Ada Ad", 6, [0]],
  ["something between two", draft("Ada Ada", 0, 4), "Ada and Ada", 7, [0, 8]],
  ["everything else", draft("Ada Ada", 0, 4), "hello", 5, []],
  ["the same letter in front", draft("aAda", 1), "aaAda", 1, [2]],
  ["the same letter behind", draft("Adaa", 0), "Ada", 3, [0]],
])("follows the words: %s", (_, before, text, caret, left) => {
  const after = rewritten(before, text, caret);
  expect([after.text, places(after)]).toEqual([text, left]);
});

it("follows the words also where nobody knows where the person stands", () => {
  expect(places(rewritten(draft("Ada Ada", 0, 4), "Ada and Ada"))).toEqual([0, 8]);
});

it("mentions in place of what was typed, with a space behind, and moves what stands behind", () => {
  const { draft: first, caret } = mentioning(draft("Ask @a", ...[]), ADA, 4, 6);
  expect([first.text, places(first), caret]).toEqual(["Ask Ada ", [4], 8]);
  const { draft: second } = mentioning(first, { ...ADA, id: "u2", title: "Eve" }, 0, 0);
  expect([second.text, places(second)]).toEqual(["Eve Ask Ada ", [0, 8]]);
  const { draft: third, caret: between } = mentioning(
    draft("Ada  Ada", 0, 5),
    { ...ADA, title: "Eve" },
    4,
    4,
  );
  expect([third.text, places(third), between]).toEqual(["Ada Eve Ada", [0, 4, 8], 8]);
});

it("says which one ends before the caret, and what stands between", () => {
  const both = draft("x Ada yAda", 2, 7);
  expect(endingAt(both.mentions, 5)?.at).toBe(2);
  expect(endingAt(both.mentions, 6)).toBeNull();
  expect(pieces(both).map(({ text, mention }) => [text, mention !== null])).toEqual([
    ["x ", false],
    ["Ada", true],
    [" y", false],
    ["Ada", true],
  ]);
  expect(pieces(EMPTY_DRAFT)).toEqual([]);
});
