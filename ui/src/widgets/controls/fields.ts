import { createContext } from "react";
import type { Named, Value } from "./values";

/** The controls of one form, in the order in which they came. */
export class FormFields {
  readonly #fields = new Map<string, { readonly name: string; readonly read: () => Value }>();

  /** Takes up a control; what it returns lets go of it. */
  add(id: string, name: string, read: () => Value): () => void {
    this.#fields.set(id, { name, read });
    return () => {
      this.#fields.delete(id);
    };
  }

  /** What all of them hold now. */
  values(): Named[] {
    return [...this.#fields.values()].map(({ name, read }) => ({ name, value: read() }));
  }
}

/** The form around, if there is one. */
export const FieldsContext = createContext<FormFields | null>(null);

/** How the form around is submitted. */
export interface Submission {
  /** Whether an answer is awaited, so that its buttons look busy. */
  readonly loading: boolean;
  /** Whether it has to wait for a turn under way. */
  readonly blocked: boolean;
  /** Whether the form itself has something to ask for. */
  readonly hasAction: boolean;
  /** What is done if it has not, once all its fields are right. */
  instead(otherwise: () => void): void;
  /** Submits it; nothing where the browser does so. */
  readonly submit: (() => void) | null;
}

export const SubmissionContext = createContext<Submission | null>(null);
