import { describe, expect, it } from "vitest";
import { type ComposerKey, sends } from "./keys";

const ENTER: ComposerKey = {
  key: "Enter",
  keyCode: 13,
  isComposing: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  timeStamp: 1000,
};

describe("the composer's Enter", () => {
  it("sends, alone or with Control or Command", () => {
    expect(sends(ENTER, null)).toBe(true);
    expect(sends({ ...ENTER, ctrlKey: true }, null)).toBe(true);
    expect(sends({ ...ENTER, metaKey: true }, null)).toBe(true);
  });

  it("breaks the line with Shift or Alt", () => {
    expect(sends({ ...ENTER, shiftKey: true }, null)).toBe(false);
    expect(sends({ ...ENTER, altKey: true }, null)).toBe(false);
  });

  it("belongs to the input method while it composes", () => {
    expect(sends({ ...ENTER, isComposing: true }, null)).toBe(false);
    expect(sends({ ...ENTER, keyCode: 229 }, null)).toBe(false);
  });

  it("belongs to the input method when the composition ended just before, as WebKit reports it", () => {
    expect(sends(ENTER, 1000)).toBe(false);
    expect(sends(ENTER, 1002)).toBe(false);
    expect(sends({ ...ENTER, timeStamp: 1300 }, 1000)).toBe(true);
  });
});
