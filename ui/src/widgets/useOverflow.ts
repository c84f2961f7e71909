import { type RefObject, useLayoutEffect } from "react";
import { Overflow } from "../markdown/overflow";

/** Makes what scrolls sideways reachable by keyboard, and gives it a name, while it is wider than its room. */
export function useOverflow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  label: string,
): void {
  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return;
    const overflow = new Overflow();
    overflow.watch(scroller.current, content.current, label);
    return () => overflow.end();
  }, [scroller, content, label]);
}
