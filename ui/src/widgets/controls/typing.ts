import { type FocusEvent, type RefObject, useContext, useEffect, useLayoutEffect, useRef } from "react";
import { ActingContext } from "../acting";

/** A repetition around something that repeats or branches: some texts take such a pattern for ever. */
const ENDLESS = /\([^()]*(?:[+*{|]|\([^()]*\))[^()]*\)\s*(?:[+*]|\{\d+,)/;

/** A pattern of a server's that can be tried on each letter; the server looks at what it gets anyhow. */
export function usablePattern(pattern: string | null): string | undefined {
  if (pattern === null || ENDLESS.test(pattern)) return undefined;
  try {
    // As the browser will read it.
    new RegExp(`^(?:${pattern})$`, "v");
    return pattern;
  } catch {
    return undefined;
  }
}

/**
 * Puts the focus into a field that wants it at first: only where it has just come, and not away from somebody who is
 * writing. An old conversation that is opened moves nothing.
 */
export function useFirstFocus(field: RefObject<HTMLElement | null>, wanted: boolean): void {
  const { busy } = useContext(ActingContext);
  const isNew = useRef(wanted && busy);
  useEffect(() => {
    if (!isNew.current || isWriting(document.activeElement)) return;
    isNew.current = false;
    field.current?.focus({ preventScroll: true });
  }, [field]);
}

function isWriting(active: Element | null): boolean {
  const isField = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
  return isField ? active.value !== "" : active !== null && active !== document.body;
}

/** Selects all of a field when it gets the focus. */
export function selectAll(event: FocusEvent<Element>): void {
  const { target } = event;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
}

/** What says whether a text of several lines is as it is asked for: the platform tries patterns on single lines alone. */
export function asked(pattern: string): (value: string) => string | null {
  const whole = new RegExp(`^(?:${pattern})$`, "v");
  return (value) => (value === "" || whole.test(value) ? null : "Please match the format requested.");
}

/** Lets a field of lines grow with what stands in it, up to some number of them; `null` leaves it alone. */
export function useGrowth(
  field: RefObject<HTMLTextAreaElement | null>,
  value: string,
  most: number | null,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands in it is what it is measured by
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null || most === null) return;
    element.style.height = "auto";
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(element);
    const around = lengthOf(paddingTop) + lengthOf(paddingBottom) + 2;
    const limit = lengthOf(lineHeight) * most + around;
    element.style.height = `${Math.min(element.scrollHeight + 2, limit)}px`;
    element.style.overflowY = element.scrollHeight + 2 > limit ? "auto" : "hidden";
  }, [field, value, most]);
}

function lengthOf(css: string): number {
  return Number.parseFloat(css) || 0;
}
