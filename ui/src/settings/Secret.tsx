import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { FormField as Description } from "../gen/FormField";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./ConnectionForm.module.css";
import { TextLine } from "./FormField";

const css = classes(styles);

/** A stored token goes in and never comes out: how long it is tells whether it is the one, and whole. */
export function Stored({ connection }: { readonly connection: ConnectionView }) {
  const client = useClient();
  const [words, setWords] = useState("A token is stored.");
  useEffect(() => {
    let here = true;
    const say = (text: string) => here && setWords(text);
    client.host.tokenLength(connection.id).then(
      (length) =>
        say(
          length === null
            ? "It is not on this computer any more."
            : `A token is stored: ${length} characters.`,
        ),
      (thrown: unknown) => say(asFailure(thrown).message),
    );
    return () => {
      here = false;
    };
  }, [client, connection.id]);
  return <Hidden>{words}</Hidden>;
}

/** What is kept and not shown. */
function Hidden({ children }: { readonly children: string }) {
  return (
    <>
      <span aria-hidden="true">••••••••</span> {children}
    </>
  );
}

/** A secret field: one that is stored is replaced, not edited. */
export function Secret({
  field,
  stored,
  value,
  asked,
  error,
  autoFocus,
  hint,
  onChange,
}: {
  readonly field: Description;
  /** What is said of the one that is stored. */
  readonly stored: ReactNode;
  readonly value: string | null;
  readonly asked: boolean;
  readonly error: string | null;
  readonly autoFocus: boolean;
  readonly hint: string;
  readonly onChange: (value: string) => void;
}) {
  if (!asked) {
    return (
      <div className={css("stored")}>
        <span className={css("label")}>{field.label}</span>
        <span className={css("kept")}>{stored}</span>
        <Button onPress={() => onChange("")}>Replace</Button>
      </div>
    );
  }
  return (
    <TextLine
      label={field.label}
      value={value ?? ""}
      onChange={onChange}
      error={error}
      input="secret"
      required={field.required}
      autoFocus={autoFocus}
    >
      {hint}
    </TextLine>
  );
}

/** A secret field other than that of the token. */
export function OtherSecret({
  field,
  stored,
  value,
  error,
  onChange,
}: {
  readonly field: Description;
  readonly stored: boolean;
  /** What was typed, if anything was. */
  readonly value: string | null;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Secret
      field={field}
      stored={<Hidden>One is stored.</Hidden>}
      value={value}
      asked={!stored || value !== null}
      error={error}
      autoFocus={stored && value === ""}
      hint={field.help}
      onChange={onChange}
    />
  );
}
