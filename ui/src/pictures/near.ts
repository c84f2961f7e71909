import { type RefObject, useLayoutEffect, useState } from "react";

/** How far beyond the view a picture is asked for, in CSS pixels. */
const BEYOND = 600;

/** Whether something is, or was, near enough to be seen soon. */
export function useNear(place: RefObject<Element | null>, isKnown: boolean): boolean {
  const [near, setNear] = useState(isKnown);
  useLayoutEffect(() => {
    const element = place.current;
    if (near || element === null) return;
    if (typeof IntersectionObserver === "undefined") {
      setNear(true);
      return;
    }
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: `${BEYOND}px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near, place]);
  return near;
}
