import { expect, it } from "vitest";
import { type Key, shortcut } from "./shortcuts";

const PLAIN: Key = {
  key: "k",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
};

it("takes Control on most systems and Command on a Mac, never the other", () => {
  expect(shortcut({ ...PLAIN, ctrlKey: true }, false)).toBe("find");
  expect(shortcut({ ...PLAIN, metaKey: true }, true)).toBe("find");
  expect(shortcut({ ...PLAIN, metaKey: true }, false)).toBeNull();
  expect(shortcut({ ...PLAIN, ctrlKey: true }, true)).toBeNull();
});

it("knows each shortcut, and leaves all else to the text", () => {
  const meant = ["n", "k", ",", "b", "l", "j", "z", "x"].map((key) =>
    shortcut({ ...PLAIN, key, ctrlKey: true }, false),
  );
  expect(meant).toEqual(["new", "find", "settings", "sidebar", "model", "quote", "undo", null]);
  expect(shortcut(PLAIN, false)).toBeNull();
  expect(shortcut({ ...PLAIN, key: "D", ctrlKey: true, shiftKey: true }, false)).toBe("developer");
  expect(shortcut({ ...PLAIN, key: "d", ctrlKey: true }, false)).toBeNull();
  expect(shortcut({ ...PLAIN, ctrlKey: true, shiftKey: true }, false)).toBeNull();
});

it("stops with Escape, unless an input method wants it", () => {
  expect(shortcut({ ...PLAIN, key: "Escape" }, false)).toBe("stop");
  expect(shortcut({ ...PLAIN, key: "Escape", isComposing: true }, false)).toBeNull();
});
