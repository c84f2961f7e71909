import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { type Choice, fitting } from "./choices";
import type { Trigger } from "./trigger";
import type { Found } from "./useFound";

/** The list above the message field, as it stands. */
export interface Suggestions {
  /** Its id in the page. */
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Which is marked. */
  readonly active: number;
  /** What is to be said beside the choices. */
  readonly told: string;
  mark(index: number): void;
}

/** What a key means to the list: nothing is done with one that it does not know. */
export type Told = "taken" | "left";

interface Known {
  readonly trigger: Trigger | null;
  /** What can be chosen, whatever was typed. */
  readonly choices: readonly Choice[];
  readonly found: Found;
  /** What stands in place of the commands. */
  readonly menu: readonly Choice[] | null;
  closeMenu(): void;
}

/** The id of a choice in the page. */
export function optionId(list: string, index: number): string {
  return `${list}-${index}`;
}

/** The list as it is now, if there is one, and what keys do with it. */
export function useSuggestions({ trigger, choices, found, menu, closeMenu }: Known) {
  const id = useId();
  const place = trigger === null ? "menu" : `${trigger.kind} ${trigger.from}`;
  const query = trigger?.query ?? "";
  const [closed, setClosed] = useState<string | null>(null);
  const [marked, setMarked] = useState({ query: "", place: "", index: 0 });
  // Closed is closed until the person begins anew.
  useEffect(() => {
    if (closed !== null && closed !== place) setClosed(null);
  }, [closed, place]);

  const fit = useMemo(() => fitting(choices, query), [choices, query]);
  const told = trigger?.kind === "mention" ? said(found, fit.length) : "";
  const wanted = trigger !== null || menu !== null;
  const open = wanted && closed !== place && (fit.length > 0 || told !== "");
  const index = marked.query === query && marked.place === place ? marked.index : 0;
  const active = Math.min(index, Math.max(fit.length - 1, 0));
  const mark = (index: number) => setMarked({ query, place, index });
  const label = trigger?.kind === "mention" ? "Mention" : "Commands";
  const list: Suggestions | null = open ? { id, label, choices: fit, active, told, mark } : null;

  function close() {
    if (trigger !== null) setClosed(place);
    closeMenu();
  }

  function onKey(event: KeyboardEvent): Told {
    if (list === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return "left";
    const { length } = list.choices;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (length === 0) return "left";
        const step = event.key === "ArrowDown" ? 1 : length - 1;
        mark((active + step) % length);
        return "taken";
      }
      case "Enter":
      case "Tab": {
        const choice = list.choices[active];
        if (choice === undefined) return "left";
        choice.choose();
        return "taken";
      }
      case "Escape":
        close();
        return "taken";
      default:
        return "left";
    }
  }

  return { list, onKey };
}

function said({ busy, failure }: Found, count: number): string {
  if (failure !== null) return failure;
  if (busy) return count === 0 ? "Looking…" : "";
  return "";
}
