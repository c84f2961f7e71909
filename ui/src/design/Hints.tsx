import { useEffect, useRef, useState } from "react";
import { Tooltip, TooltipTriggerStateContext } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";

const css = classes(styles);

/** How long the pointer rests on a button before it is told what the button does, in milliseconds. */
const REST_MS = 500;

/**
 * Shows what a button that is an icon does: while the pointer rests on it, and when the keyboard comes to it. One hint
 * serves all buttons of the window.
 */
export default function Hints() {
  const button = useRef<HTMLElement | null>(null);
  const [told, setTold] = useState<HTMLElement | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let keyboard = false;
    const hide = () => {
      clearTimeout(timer);
      setTold(null);
    };
    const to = (next: HTMLElement | null) => {
      hide();
      button.current = next;
    };
    const onPointer = ({ target, pointerType }: PointerEvent) => {
      const next = pointerType === "touch" ? null : hinted(target);
      if (next === button.current) return;
      to(next);
      if (next !== null) timer = setTimeout(() => setTold(next), REST_MS);
    };
    const onFocus = ({ target }: FocusEvent) => {
      if (!keyboard) return;
      to(hinted(target));
      setTold(button.current);
    };
    const leave = () => to(null);
    const act = ({ type }: Event) => {
      keyboard = type === "keydown";
      hide();
    };
    const listening = new AbortController();
    const options = { signal: listening.signal, capture: true };
    document.addEventListener("pointerover", onPointer, options);
    // Of the page as a whole: an event of its parts would come with every step inside a button.
    document.documentElement.addEventListener("pointerleave", leave, { signal: listening.signal });
    document.addEventListener("focusin", onFocus, options);
    document.addEventListener("focusout", leave, options);
    document.addEventListener("pointerdown", act, options);
    document.addEventListener("keydown", act, options);
    document.addEventListener("scroll", hide, options);
    return () => {
      listening.abort();
      clearTimeout(timer);
    };
  }, []);

  if (told === null || !told.isConnected) return null;
  const { hint, keys } = told.dataset;
  const state = {
    isOpen: true,
    shouldSkipAnimation: false,
    open: () => undefined,
    close: () => setTold(null),
  };
  return (
    <TooltipTriggerStateContext value={state}>
      <Tooltip isOpen triggerRef={button} className={css("tooltip")} offset={6}>
        {hint}
        {keys !== undefined && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTriggerStateContext>
  );
}

function hinted(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-hint]") : null;
}
