import { expect, it } from "vitest";
import type { Patch } from "../gen/Patch";
import { MarkdownDocument } from "../markdown";
import { between } from "./patches";
import { shared } from "./share";

it("keeps what is alike, and makes anew only what lies around a change", () => {
  const before = { a: [{ x: 1 }, { y: [2, 3] }], b: { c: null }, d: "e" };
  const next = structuredClone(before);
  expect(shared(before, next)).toBe(before);
  const [, last] = next.a;
  if (last?.y) last.y[1] = 4;
  const made = shared(before, next);
  expect(made).toEqual(next);
  expect(made).not.toBe(before);
  expect(made.a[0]).toBe(before.a[0]);
  expect(made.a[1]).not.toBe(before.a[1]);
  expect(made.b).toBe(before.b);
});

it.each([
  [[1, 2], [1]],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [{ a: undefined }, { b: undefined }],
  [null, {}],
  [[], {}],
  ["1", 1],
])("takes the new one where %j becomes %j", (before, next) => {
  expect(shared(before, next)).toEqual(next);
});

const paragraph = (id: number): Patch => ({ op: "open", id, parent: 0, node: { type: "paragraph" } });
const text = (id: number, parent: number, words: string): Patch => ({
  op: "open",
  id,
  parent,
  node: { type: "text", text: words },
});

it("builds a document on, and touches nothing that stands before the change", () => {
  const before = [paragraph(1), text(2, 1, "one"), paragraph(3), text(4, 3, "tw")];
  const next = [
    paragraph(1),
    text(2, 1, "one"),
    paragraph(3),
    text(4, 3, "two"),
    paragraph(5),
    text(6, 5, "!"),
  ];
  const place = document.createElement("div");
  const grown = new MarkdownDocument(before);
  grown.mount(place, { openLink: () => undefined, copyText: () => undefined });
  const first = place.querySelector("p");
  expect(between(before, next)[0]).toEqual({ op: "cut", from: 4 });
  grown.apply(between(before, next));
  expect(grown.broken).toBe(false);
  expect(place.textContent).toBe("onetwo!");
  expect(place.querySelector("p")).toBe(first);
  grown.apply(between(next, [paragraph(1)]));
  grown.apply(between([paragraph(1)], []));
  expect([grown.broken, place.textContent]).toEqual([false, ""]);
});
