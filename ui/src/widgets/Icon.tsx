import { type ReactNode, useEffect, useState } from "react";
import { type Glyph, ICONS } from "./icons";

const LUCIDE = "lucide:";

/** The whole set, once somebody asked for it: it is ten times as large as the rest of the widgets. */
let loading: Promise<(name: string) => Glyph | undefined> | null = null;

function loadAll() {
  loading ??= import("./lucide").then((set) => set.byName);
  // What cannot be loaded now is tried again when it is asked for.
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

interface IconProps {
  /** As a server writes it. */
  readonly name: string;
  /** A length of CSS; that of the text around it without one. */
  readonly size?: string | undefined;
  /** What stands there as long as nobody knows the name; nothing without it. */
  readonly otherwise?: ReactNode;
}

/** A picture by the name that a server gives it, for eyes only. */
export function Icon({ name, size = "1em", otherwise = null }: IconProps) {
  const known = ICONS.get(name);
  const glyph = useLucide(known === undefined && name.startsWith(LUCIDE) ? name.slice(LUCIDE.length) : null);
  const { icon: Drawn, filled } = known ?? glyph ?? {};
  if (Drawn === undefined) return otherwise;
  return (
    <Drawn
      size={size}
      aria-hidden="true"
      data-icon={name}
      {...(filled !== undefined && { fill: "currentColor" })}
      {...(filled === "around" && { stroke: "var(--surface-raised)" })}
    />
  );
}

/** A picture of the whole set, as soon as that is there. */
function useLucide(name: string | null): Glyph | undefined {
  const [found, setFound] = useState<{ readonly name: string; readonly glyph: Glyph | undefined }>();
  useEffect(() => {
    if (name === null) return;
    let wanted = true;
    const done = (byName: (name: string) => Glyph | undefined) => {
      if (wanted) setFound({ name, glyph: byName(name) });
    };
    loadAll().then(done, () => undefined);
    return () => {
      wanted = false;
    };
  }, [name]);
  return found !== undefined && found.name === name ? found.glyph : undefined;
}
