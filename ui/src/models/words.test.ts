import { expect, it } from "vitest";
import { contextWords, priceHint, priceWords } from "./words";

it.each([
  [131_072, "128k"],
  [128_000, "128k"],
  [8192, "8k"],
  [1_048_576, "1M"],
  [1_050_000, "1.05M"],
  [512, "512"],
])("says how much %i tokens are: %s", (tokens, words) => {
  expect(contextWords(tokens)).toBe(words);
});

it("says what a million tokens cost, in any currency", () => {
  expect(priceWords({ input: 2.5, output: 10, currency: "USD" })).toMatch(/2[.,]5.* \/ .*10/);
  expect(priceWords({ input: 1, output: 2, currency: "shells" })).toBe("1 shells / 2 shells");
  expect(priceWords({ input: 0, output: 0, currency: "EUR" })).toBe("free");
  expect(priceHint({ input: 0.5, output: 2, currency: "EUR" })).toContain("per million tokens");
});
