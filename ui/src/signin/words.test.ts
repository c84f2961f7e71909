import { expect, it } from "vitest";
import { hostOf, spelled, toType } from "./words";

it.each([
  ["WDJB-MJHT", "W, D, J, B, dash, M, J, H, T"],
  ["123 456", "1, 2, 3, 4, 5, 6"],
  ["aB.1", "a, capital B, dot, 1"],
])("says %s letter by letter", (code, words) => {
  expect(spelled(code)).toBe(words);
});

it("names who answers at an address, as they are", () => {
  expect(hostOf("https://login.example.com@evil.example:8443/a")).toBe("evil.example:8443");
  expect(hostOf("https://\u0430pple.com/")).toBe("xn--pple-43d.com");
  expect(toType("https://login.example.com/device")).toBe("login.example.com/device");
  expect(toType("http://127.0.0.1:80/")).toBe("http://127.0.0.1:80");
});
