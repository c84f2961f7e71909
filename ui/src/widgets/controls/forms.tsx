import {
  createContext,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { Form as AriaForm } from "react-aria-components";
import type { Action } from "../../gen/widget/Action";
import { type ActionPlace, useAction } from "./actions";
import { FieldsContext, FormFields, type Submission, SubmissionContext } from "./fields";
import type { Value } from "./values";

/** What a submit button does where its form has no action of its own. */
type Fallback = RefObject<(() => void) | null>;

/** Whether there is a form around already: HTML knows none inside another. */
const InsideContext = createContext(false);

interface FormProps {
  /** What its submission asks for, if anything. */
  readonly action: Action | null;
  /** Who submits it: that decides what looks busy. */
  readonly place: ActionPlace;
  readonly className: string;
  readonly children: ReactNode;
}

/** Controls whose values go together, with each action inside. */
export function FormScope(props: FormProps) {
  const fields = useMemo(() => new FormFields(), []);
  return (
    <FieldsContext value={fields}>
      <Submitting {...props} />
    </FieldsContext>
  );
}

function Submitting({ action, place, className, children }: FormProps) {
  const { press, loading, blocked } = useAction(action, place);
  const inside = useContext(InsideContext);
  const root = useRef<HTMLDivElement>(null);
  const fallback: Fallback = useRef(null);

  function submit() {
    if (action === null) fallback.current?.();
    else if (!blocked) press();
    fallback.current = null;
  }

  const submission: Submission = {
    loading,
    blocked,
    hasAction: action !== null,
    instead: (otherwise) => {
      fallback.current = otherwise;
    },
    // Without a form of its own, the fields are asked one by one.
    submit: inside ? () => isValid(root.current) && submit() : null,
  };
  if (inside) {
    return (
      <SubmissionContext value={submission}>
        {/* biome-ignore lint/a11y/useSemanticElements: a form cannot stand in a form, and this is no set of fields */}
        <div ref={root} role="group" className={className}>
          {children}
        </div>
      </SubmissionContext>
    );
  }
  return (
    <InsideContext value={true}>
      <SubmissionContext value={submission}>
        <AriaForm
          className={className}
          autoComplete="off"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            event.stopPropagation();
            submit();
          }}
        >
          {children}
        </AriaForm>
      </SubmissionContext>
    </InsideContext>
  );
}

function isValid(root: HTMLElement | null): boolean {
  const all = [...(root?.querySelectorAll<HTMLInputElement>("input, textarea, select") ?? [])];
  const wrong = all.filter((field) => !field.checkValidity());
  wrong[0]?.focus();
  return wrong.length === 0;
}

/** A value that a form collects, and how it changes. */
export interface FieldState<T extends Value> {
  readonly value: T;
  /** Whether the person has changed it. */
  readonly touched: boolean;
  readonly set: (value: T) => void;
}

/**
 * The value of a control under its name. Until the person has changed it, it follows what the server says; what cannot
 * be used is not collected. `read` says what the server hears, where that differs from what the control holds.
 */
export function useField<T extends Value>(
  name: string,
  initial: T,
  isDisabled: boolean,
  read: (value: T, touched: boolean) => Value = (value) => value,
): FieldState<T> {
  const [own, setOwn] = useState<{ readonly value: T } | null>(null);
  const fields = useContext(FieldsContext);
  const id = useId();
  const value = own === null ? initial : own.value;
  const touched = own !== null;
  const now = useRef({ value, touched, read });
  now.current = { value, touched, read };
  useEffect(() => {
    if (fields === null || isDisabled) return;
    return fields.add(id, name, () => now.current.read(now.current.value, now.current.touched));
  }, [fields, id, name, isDisabled]);
  return {
    value,
    touched,
    set: (next) => {
      // An action that follows at once carries it already.
      now.current = { ...now.current, value: next, touched: true };
      setOwn({ value: next });
    },
  };
}
