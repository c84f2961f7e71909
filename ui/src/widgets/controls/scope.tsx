import { createContext, type ReactNode, useContext, useId, useMemo, useRef, useState } from "react";
import { classes } from "../../design/classes";
import { Store } from "../../state/store";
import styles from "./scope.module.css";

const css = classes(styles);

/** What a widget knows of itself as a whole. */
export interface Scope {
  /** Makes all of it fade and takes it out of use, until what this returns is called. */
  enter(): () => void;
  /** The names that labels give to controls: the id of the label by the control's name. */
  readonly labels: Store<ReadonlyMap<string, string>>;
  /** The id of the control of a name. */
  idOf(name: string): string;
}

export const ScopeContext = createContext<Scope | null>(null);

/** One widget: labels find their controls in it, and while an action holds it, nothing in it can be used. */
export function WidgetScope({ children }: { readonly children: ReactNode }) {
  // A card inside is part of the widget.
  return useContext(ScopeContext) === null ? <Outermost>{children}</Outermost> : children;
}

function Outermost({ children }: { readonly children: ReactNode }) {
  const [held, setHeld] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const focused = useRef<HTMLElement | null>(null);
  const prefix = useId();
  const scope = useMemo<Scope>(
    () => ({
      enter() {
        const active = document.activeElement;
        if (active instanceof HTMLElement && place.current?.contains(active)) focused.current = active;
        setHeld((count) => count + 1);
        return () => {
          setHeld((count) => count - 1);
          // What is out of use loses the focus; the person goes on where they were, unless they are elsewhere.
          requestAnimationFrame(() => {
            const before = focused.current;
            focused.current = null;
            if (before?.isConnected && document.activeElement === document.body) before.focus();
          });
        };
      },
      labels: new Store<ReadonlyMap<string, string>>(new Map()),
      idOf: (name) => `${prefix}-${name}`,
    }),
    [prefix],
  );
  return (
    <ScopeContext value={scope}>
      <div
        ref={place}
        className={css("widget", held > 0 && "held")}
        inert={held > 0}
        aria-busy={held > 0}
        data-testid="widget-scope"
      >
        {children}
      </div>
    </ScopeContext>
  );
}
