import { expect, test } from "vitest";
import { parted } from "./address";

test.each([
  ["https://example.com/a?b=c#d", "https://", "example.com", "/a?b=c#d"],
  ["https://example.com", "https://", "example.com", ""],
  ["https://Example.com:8443/x", "https://", "Example.com:8443", "/x"],
  ["https://bank.example@evil.example/login", "https://bank.example@", "evil.example", "/login"],
  [
    "https://evil.example/?next=https://evil.example/",
    "https://",
    "evil.example",
    "/?next=https://evil.example/",
  ],
  ["mailto:ada@example.com?subject=Hi", "mailto:ada@", "example.com", "?subject=Hi"],
])("%s is parted at who answers there", (url, before, host, after) => {
  expect(parted(url)).toEqual({ before, host, after });
});

test("what is no address is shown whole", () => {
  expect(parted("nothing")).toEqual({ before: "nothing", host: "", after: "" });
});
