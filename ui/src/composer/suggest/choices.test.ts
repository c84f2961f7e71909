import { expect, it } from "vitest";
import { type Choice, fitting } from "./choices";

function choice(label: string, group: string | null = null, words = ""): Choice {
  return { id: label, label, group, words, choose: () => undefined };
}

const labels = (choices: readonly Choice[]) => choices.map(({ label }) => label);

it("finds by the beginning, then by a word, then by a part, whatever the accents", () => {
  const all = [choice("A café"), choice("Decaf"), choice("Café Noir"), choice("Tea")];
  expect(labels(fitting(all, "CAFÉ "))).toEqual(["Café Noir", "A café"]);
  expect(labels(fitting(all, "caf"))).toEqual(["Café Noir", "A café", "Decaf"]);
  expect(fitting(all, "x")).toEqual([]);
});

it("finds by other words, and keeps a group together", () => {
  const all = [choice("Ada", "People", "People"), choice("Q3", "Files"), choice("Eve", "People", "People")];
  expect(labels(fitting(all, ""))).toEqual(["Ada", "Eve", "Q3"]);
  expect(labels(fitting(all, "peo"))).toEqual(["Ada", "Eve"]);
});

it("shows so many and no more", () => {
  const many = Array.from({ length: 500 }, (_, index) => choice(`Bird ${index}`));
  expect(fitting(many, "bird")).toHaveLength(50);
});
