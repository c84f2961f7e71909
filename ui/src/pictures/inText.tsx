import { useMemo, useState } from "react";
import { createPortal } from "react-dom";
import type { Wishes } from "../markdown";
import { Picture } from "./Picture";

/** A place in a drawn text where a picture belongs. */
interface Place {
  readonly key: number;
  readonly element: HTMLElement;
  readonly url: string;
  readonly alt: string;
  /** What stands there where the picture cannot, if nothing else may. */
  readonly instead: string | null;
}

let places = 0;

/** The pictures of a text that is drawn outside of React: what the text wishes for them, and what draws them in it. */
export function usePicturesInText() {
  const [drawn, setDrawn] = useState<readonly Place[]>([]);
  const picture = useMemo<NonNullable<Wishes["picture"]>>(
    () =>
      (element, { url, alt, instead }) => {
        places += 1;
        const place: Place = { key: places, element, url, alt, instead };
        setDrawn((all) => [...all, place]);
        return () => setDrawn((all) => all.filter((other) => other !== place));
      },
    [],
  );
  const portals = drawn.map(({ key, element, url, alt, instead }) =>
    createPortal(
      <Picture url={url} alt={alt} {...(instead === null ? {} : { instead })} />,
      element,
      String(key),
    ),
  );
  return { picture, portals };
}
