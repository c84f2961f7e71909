import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Toasts, UNDO_MS } from "./toasts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("offers to undo for its time and not longer, whatever the pointer does", () => {
  const toasts = new Toasts();
  const undo = vi.fn();
  toasts.say({ text: "Deleted", undo });
  // What the region does while the pointer or the focus is on a toast.
  toasts.queue.pauseAll();
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(toasts.queue.visibleToasts).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(toasts.queue.visibleToasts).toHaveLength(0);
  expect(toasts.undo()).toBe(false);
  expect(undo).not.toHaveBeenCalled();
});

it("leaves the next toast its own time", () => {
  const toasts = new Toasts();
  toasts.say({ text: "First" });
  vi.advanceTimersByTime(UNDO_MS / 2);
  toasts.say({ text: "Second" });
  vi.advanceTimersByTime(UNDO_MS / 2);
  expect(toasts.queue.visibleToasts.map((toast) => toast.content.text)).toEqual(["Second"]);
});
