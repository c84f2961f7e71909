import { useContext, useEffect, useId } from "react";
import { Store, useStore } from "../../state/store";
import { ScopeContext } from "./scope";

const NONE = new Store<ReadonlyMap<string, string>>(new Map());

/** How a control is called for a screen reader. */
export interface Naming {
  /** The id of what holds the control, where its label finds it. */
  readonly id: string | undefined;
  /** What its fields and buttons get: the label that stands somewhere in the widget, or else a name. */
  readonly aria: { readonly "aria-labelledby": string } | { readonly "aria-label": string };
}

/** What a control of that name is called; `fallback` where no label says it. */
export function useNaming(name: string, fallback: string | null): Naming {
  const scope = useContext(ScopeContext);
  const label = useStore(scope?.labels ?? NONE, (labels) => labels.get(name));
  const id = name === "" ? undefined : scope?.idOf(name);
  if (label !== undefined) return { id, aria: { "aria-labelledby": label } };
  return { id, aria: { "aria-label": fallback ?? readable(name) } };
}

/** A name as words: the last part of it, which says what is meant. */
export function readable(name: string): string {
  const last = name.split(".").findLast((part) => part.trim() !== "") ?? name;
  const words = last
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .trim();
  return words === "" ? "Field" : words;
}

/** The id of a label, once it is known by the control's name, and what its press does. */
export function useLabel(field: string): {
  readonly id: string;
  readonly of: string;
  readonly focus: () => void;
} {
  const scope = useContext(ScopeContext);
  const id = useId();
  const of = scope?.idOf(field) ?? field;
  useEffect(() => {
    if (scope === null) return;
    scope.labels.set(new Map(scope.labels.get()).set(field, id));
    return () => {
      const left = new Map(scope.labels.get());
      if (left.get(field) === id) left.delete(field);
      scope.labels.set(left);
    };
  }, [scope, field, id]);
  return { id, of, focus: () => focusIn(document.getElementById(of)) };
}

/** Puts the focus on the first thing in a control that takes it. */
function focusIn(control: HTMLElement | null) {
  const takes = 'input:not([tabindex="-1"]), textarea, button, [role="spinbutton"]';
  if (control?.matches(takes)) control.focus();
  else control?.querySelector<HTMLElement>(takes)?.focus();
}
