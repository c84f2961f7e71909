import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { SourceView } from "../../gen/SourceView";
import { later } from "../../later";
import type { Wishes } from "../../markdown";

const SourceCard = later(() => import("./SourceCard"));

/** How long a card stays when the pointer has left its mark, in milliseconds: long enough to reach the card. */
const LEAVE_MS = 200;

/** The sources of one mark. */
interface Shown {
  readonly numbers: readonly number[];
  readonly mark: HTMLElement;
  /** Whether it was pressed: the card then stays, and is where the keyboard is. */
  readonly pinned: boolean;
}

type ShowSources = NonNullable<Wishes["showSources"]>;

/** The card beside a mark in a text, and what the text calls to show it. */
export function useSourceCard(sources: readonly SourceView[]): { show: ShowSources; card: ReactNode } {
  const [shown, setShown] = useState<Shown | null>(null);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);

  const stay = useCallback(() => clearTimeout(leaving.current), []);
  const leave = useCallback(() => {
    clearTimeout(leaving.current);
    leaving.current = setTimeout(() => setShown((now) => (now?.pinned ? now : null)), LEAVE_MS);
  }, []);
  const show = useCallback<ShowSources>(
    (numbers, mark, how) => {
      if (how === "leave") return leave();
      stay();
      setShown((now) => (how === "look" && now?.pinned ? now : { numbers, mark, pinned: how === "open" }));
    },
    [leave, stay],
  );
  useEffect(() => stay, [stay]);

  // A card that only lies there has no focus, and is closed all the same.
  const looks = shown !== null && !shown.pinned;
  useEffect(() => {
    if (!looks) return;
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setShown(null);
    };
    window.addEventListener("keydown", close, true);
    return () => window.removeEventListener("keydown", close, true);
  }, [looks]);

  // A text that is drawn anew may have another mark in its place.
  if (shown === null || !shown.mark.isConnected) return { show, card: null };
  const named = shown.numbers.flatMap((number) => sources[number - 1] ?? []);
  const card = named.length > 0 && (
    <Suspense fallback={null}>
      <SourceCard
        key={String(shown.pinned)}
        sources={named}
        mark={shown.mark}
        pinned={shown.pinned}
        onStay={stay}
        onLeave={leave}
        onClose={() => setShown(null)}
      />
    </Suspense>
  );
  return { show, card };
}
