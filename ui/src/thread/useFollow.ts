import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Extent, FOLLOWING, type Follow, type Growth, resized, scrolled, turnedUp } from "./follow";

/** Keys that go up. */
const UPWARD: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/** How far the end has to be away for the way back to be offered, in CSS pixels. */
const FAR = 120;

/** Keeps the end of a scrolled area in sight for as long as the person wishes it. */
export interface Following {
  /** Whether the end is out of sight, and not followed. */
  readonly away: boolean;
  /** Goes to the end and follows from there. */
  readonly toEnd: () => void;
  /** Looks at the sizes again. */
  readonly settle: () => void;
  /** Where the area is now. */
  readonly now: () => Follow;
}

export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  growth: Growth = "follow",
): Following {
  const state = useRef<Follow>(FOLLOWING);
  /** While a button is down in the text the person may be selecting: nothing moves under the pointer. */
  const held = useRef(false);
  const [away, setAway] = useState(false);

  const look = useCallback((next: Follow) => {
    state.current = next;
    setAway(!next.following && next.size - next.viewport - next.offset > FAR);
  }, []);

  const keepUp = useCallback(
    (growth: Growth) => {
      const element = scroller.current;
      if (element === null || held.current) return;
      const result = resized(state.current, extentOf(element), growth);
      if (result.scrollTo !== null) element.scrollTop = result.scrollTo;
      look(result.state);
    },
    [scroller, look],
  );

  const settle = useCallback(() => keepUp(growth), [keepUp, growth]);

  const toEnd = useCallback(() => {
    held.current = false;
    state.current = { ...state.current, following: true };
    keepUp("follow");
  }, [keepUp]);

  useLayoutEffect(settle, [settle]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) return;
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    observer.observe(inner);
    const release = () => {
      if (!held.current) return;
      held.current = false;
      settle();
    };
    const listeners: [EventTarget, string, (event: Event) => void][] = [
      [element, "scroll", () => look(scrolled(state.current, extentOf(element)))],
      [element, "wheel", (event) => (event as WheelEvent).deltaY < 0 && look(turnedUp(state.current))],
      [
        element,
        "keydown",
        (event) => UPWARD.has((event as KeyboardEvent).key) && look(turnedUp(state.current)),
      ],
      [
        inner,
        "pointerdown",
        (event) => {
          held.current = (event as PointerEvent).pointerType === "mouse";
        },
      ],
      [window, "pointerup", release],
      [window, "pointercancel", release],
      [window, "blur", release],
    ];
    for (const [target, name, listener] of listeners)
      target.addEventListener(name, listener, { passive: true });
    return () => {
      observer.disconnect();
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    };
  }, [scroller, content, settle, look]);

  return useMemo(() => ({ away, toEnd, settle, now: () => state.current }), [away, toEnd, settle]);
}

function extentOf(element: HTMLElement): Extent {
  return { offset: element.scrollTop, size: element.scrollHeight, viewport: element.clientHeight };
}
