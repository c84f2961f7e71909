import { type RefObject, useLayoutEffect } from "react";

/** The field is as high as its text, up to two fifths of the window; what lies behind it is as large, and moves with it. */
export function useGrowth(
  field: RefObject<HTMLTextAreaElement | null>,
  layer: RefObject<HTMLDivElement | null>,
  text: string,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    const grow = () => {
      element.style.height = "auto";
      const most = window.innerHeight * 0.4;
      element.style.height = `${Math.min(element.scrollHeight, most)}px`;
      element.style.overflowY = element.scrollHeight > most ? "auto" : "hidden";
      lie(element, layer.current);
    };
    let width = element.clientWidth;
    // Other things make room for it or take it away, and its lines break elsewhere then.
    const wider = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      grow();
    });
    grow();
    wider.observe(element);
    window.addEventListener("resize", grow);
    return () => {
      wider.disconnect();
      window.removeEventListener("resize", grow);
    };
  }, [field, layer, text]);
}

/** What lies behind the field breaks its lines where the field does. */
export function lie(field: HTMLTextAreaElement, layer: HTMLDivElement | null): void {
  if (layer === null) return;
  layer.style.width = `${field.clientWidth}px`;
  layer.style.height = `${field.clientHeight}px`;
  layer.scrollTop = field.scrollTop;
}
