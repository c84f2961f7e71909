import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { FormField as Description } from "../gen/FormField";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./ConnectionForm.module.css";
import { TextLine } from "./FormField";
import { TOKEN } from "./form";

const css = classes(styles);

/** A stored token goes in and never comes out: how long it is tells whether it is the one, and whole. */
export function Stored({
  connection,
  what,
}: {
  readonly connection: ConnectionView;
  /** What it is, such as a token. */
  readonly what: string;
}) {
  const client = useClient();
  const [words, setWords] = useState(`A ${what} is stored.`);
  useEffect(() => {
    let here = true;
    const say = (text: string) => here && setWords(text);
    client.host.tokenLength(connection.id).then(
      (length) =>
        say(
          length === null
            ? "It is not on this computer any more."
            : `A ${what} is stored: ${length} characters.`,
        ),
      (thrown: unknown) => say(asFailure(thrown).message),
    );
    return () => {
      here = false;
    };
  }, [client, connection.id, what]);
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
  onForget,
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
  /** What forgets the one that is stored, where there need be none. */
  readonly onForget?: () => void;
}) {
  if (!asked) {
    const about = { "aria-label": `Replace: ${field.label}` };
    return (
      <Kept label={field.label} words={stored}>
        <Button {...(field.key === TOKEN ? {} : about)} onPress={() => onChange("")}>
          Replace
        </Button>
        {onForget !== undefined && (
          <Button weight="quiet" aria-label={`Forget: ${field.label}`} onPress={onForget}>
            Forget
          </Button>
        )}
      </Kept>
    );
  }
  return (
    <TextLine
      label={field.label}
      value={value ?? ""}
      onChange={onChange}
      error={error}
      input={field.input.type === "secret_headers" ? "secret_headers" : "secret"}
      required={field.required}
      autoFocus={autoFocus}
    >
      {hint}
    </TextLine>
  );
}

/** What is said of a secret in the place of its field, and what can be done with it. */
function Kept({
  label,
  words,
  children,
}: {
  readonly label: string;
  readonly words: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={css("stored")}>
      <span className={css("label")}>{label}</span>
      <span className={css("kept")}>{words}</span>
      <span className={css("tools")}>{children}</span>
    </div>
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
  /** Nothing leaves the one that is stored as it is. */
  readonly onChange: (value: string | null) => void;
}) {
  const [forgotten, setForgotten] = useState(false);
  if (forgotten && value === "" && error === null) {
    return (
      <Kept label={field.label} words={<span role="status">Forgotten as soon as you save.</span>}>
        <Button
          autoFocus
          aria-label={`Keep: ${field.label}`}
          onPress={() => {
            setForgotten(false);
            onChange(null);
          }}
        >
          Keep
        </Button>
      </Kept>
    );
  }
  const several = field.input.type === "secret_headers";
  return (
    <Secret
      field={field}
      stored={<Hidden>{several ? "They are stored." : "One is stored."}</Hidden>}
      value={value}
      asked={!stored || value !== null}
      error={error}
      autoFocus={stored && value === ""}
      hint={several && stored ? `${field.help} What you write takes the place of all of them.` : field.help}
      onChange={onChange}
      onForget={() => {
        setForgotten(true);
        onChange("");
      }}
    />
  );
}
