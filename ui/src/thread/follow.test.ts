import { describe, expect, it } from "vitest";
import { type Follow, resized, scrolled, turnedUp } from "./follow";

const AT_END: Follow = { following: true, offset: 500, size: 1000, viewport: 500 };
const READING: Follow = { following: false, offset: 100, size: 1000, viewport: 500 };

describe("following the end", () => {
  it("goes with text that arrives", () => {
    const { state, scrollTo } = resized(AT_END, { offset: 500, size: 1200, viewport: 500 });
    expect(scrollTo).toBe(700);
    expect(state.following).toBe(true);
  });

  it("leaves who reads further up alone", () => {
    const { state, scrollTo } = resized(READING, { offset: 100, size: 1200, viewport: 500 });
    expect(scrollTo).toBeNull();
    expect(state.following).toBe(false);
  });

  it("does not take its own scrolling for the person's", () => {
    const { state } = resized(AT_END, { offset: 500, size: 1200, viewport: 500 });
    const echoed = scrolled(state, { offset: 700, size: 1200, viewport: 500 });
    expect(echoed.following).toBe(true);
  });

  it("ends when the person scrolls up", () => {
    expect(scrolled(AT_END, { offset: 400, size: 1000, viewport: 500 }).following).toBe(false);
  });

  it("does not end because the text became shorter or the window higher", () => {
    expect(scrolled(AT_END, { offset: 300, size: 820, viewport: 500 }).following).toBe(true);
    expect(scrolled(AT_END, { offset: 380, size: 1000, viewport: 600 }).following).toBe(true);
  });

  it("ends with the wheel, before anything has moved", () => {
    const turned = turnedUp(AT_END);
    expect(turned.following).toBe(false);
    // A few pixels up are still near the end, and yet the wish was clear.
    expect(scrolled(turned, { offset: 495, size: 1000, viewport: 500 }).following).toBe(false);
    expect(resized(turned, { offset: 495, size: 1200, viewport: 500 }).scrollTo).toBeNull();
  });

  it("begins again when the person comes back to the end", () => {
    expect(scrolled(READING, { offset: 490, size: 1000, viewport: 500 }).following).toBe(true);
    expect(scrolled(READING, { offset: 300, size: 1000, viewport: 500 }).following).toBe(false);
  });

  it("ends with what grows beyond the view, where it is to stay", () => {
    const grown = resized(AT_END, { ...AT_END, size: 1200 }, "stay");
    expect(grown).toEqual({
      state: { offset: 500, size: 1200, viewport: 500, following: false },
      scrollTo: null,
    });
    expect(resized({ ...AT_END, size: 300 }, { ...AT_END, size: 400 }, "stay").state.following).toBe(true);
    // What comes after that moves nothing either, also when it may again.
    expect(resized(grown.state, { ...AT_END, size: 1300 }, "follow").scrollTo).toBeNull();
  });

  it("always follows what fits", () => {
    expect(turnedUp({ ...AT_END, offset: 0, size: 400 }).following).toBe(true);
    expect(resized(READING, { offset: 0, size: 400, viewport: 500 }).state.following).toBe(true);
  });
});
