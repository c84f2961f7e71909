import { type RefObject, useEffect, useRef, useState } from "react";
import { FieldError, Form, Input, Label, Radio, RadioGroup, Text, TextField } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import { isKeychain } from "../failure/words";
import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { Keep } from "../gen/Keep";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./ConnectionForm.module.css";
import settings from "./Settings.module.css";

const css = classes(styles);
const base = classes(settings);

/** A ChatKit server: its name, its address, and its token, which goes in and never comes out. */
export function ConnectionForm({
  connection,
  onDone,
}: {
  /** The one to change; nothing for a new one. */
  readonly connection: ConnectionView | null;
  /** What was saved, or nothing. */
  readonly onDone: (saved: ConnectionView | null) => void;
}) {
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  const stored = connection?.auth === "bearer";
  const [name, setName] = useState(connection?.name ?? "");
  const [url, setUrl] = useState(connection?.address ?? "");
  const [token, setToken] = useState<string | null>(stored ? null : "");
  const [keep, setKeep] = useState<Keep>("keychain");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saving, setSaving] = useState(false);
  const refused = stored && isUnauthorized(connection);
  const moved = stored && isElsewhere(url, connection.address);
  useFailureInSight(form, failure);

  async function save(where: Keep) {
    setKeep(where);
    setSaving(true);
    setFailure(null);
    const draft: ConnectionDraft = {
      name: name.trim(),
      kind: "chatkit",
      url: url.trim(),
      // A token that was not given leaves a stored one as it is, but that one never goes to another server.
      token: token === null && moved ? "" : token,
      keep: where,
    };
    try {
      onDone(
        connection === null
          ? await client.host.addConnection(draft)
          : await client.host.updateConnection(connection.id, draft),
      );
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setSaving(false);
    }
  }

  const wrongAddress = failure?.code === "bad_address" ? failure.message : null;
  const wrongToken = failure?.code === "unauthorized" ? failure.message : null;
  const asked = token !== null || refused || moved || wrongToken !== null;
  const other = failure !== null && wrongAddress === null && wrongToken === null ? failure : null;

  return (
    <Form
      ref={form}
      className={css("form")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving) void save(keep);
      }}
    >
      <h3 className={base("section")}>
        {connection === null ? "Add a ChatKit server" : `Edit ${connection.name}`}
      </h3>
      <Field label="Address" value={url} onChange={setUrl} error={wrongAddress} required autoFocus={!refused}>
        Where the server answers, such as https://assistant.example.com/chatkit
      </Field>
      <Field label="Name" value={name} onChange={setName} error={null}>
        What you want to call it. Without one, it is called by its address.
      </Field>
      {!asked ? (
        <div className={css("stored")}>
          <span className={css("label")}>Token</span>
          <span className={css("kept")}>A token is stored. It cannot be shown.</span>
          <Button onPress={() => setToken("")}>Replace</Button>
        </div>
      ) : (
        <Field
          label="Token"
          value={token ?? ""}
          onChange={setToken}
          error={wrongToken}
          secret
          autoFocus={stored && (refused || token === "")}
        >
          {tokenHint(token !== null, refused, moved)}
        </Field>
      )}
      {token !== null && token !== "" && <Keeping keep={keep} onChange={setKeep} />}
      {other !== null && (
        <div className={css("failure")} data-wrong="" tabIndex={-1}>
          <FailureCard failure={other} />
          {isKeychain(other) && (
            <div className={css("choices")} data-choices="">
              <Button onPress={() => void save("this_run")}>Keep for this run only</Button>
              <Button onPress={() => void save("keychain")}>Try again</Button>
            </div>
          )}
        </div>
      )}
      <div className={css("buttons")}>
        <Button onPress={() => onDone(null)}>Cancel</Button>
        <Button weight="primary" type="submit" isDisabled={url.trim() === ""}>
          {saving ? "Saving…" : "Save and test"}
        </Button>
      </div>
    </Form>
  );
}

function isUnauthorized({ state }: ConnectionView): boolean {
  return state.type === "failing" && state.failure.code === "unauthorized";
}

/** Whether what is being typed is the address of another server. What is no address yet is not. */
function isElsewhere(typed: string, known: string): boolean {
  return URL.canParse(typed) && URL.canParse(known) && new URL(typed).origin !== new URL(known).origin;
}

function tokenHint(typing: boolean, refused: boolean, moved: boolean): string {
  if (moved)
    return "This is the address of another server. Give its token, or leave this empty if it needs none.";
  if (refused && !typing)
    return "It was refused, or is not on this computer any more. Give it again; untouched, it stays as it is.";
  return "From whoever runs the server. Leave it empty if it needs none.";
}

/** What went wrong is brought into sight, and the focus to where it can be mended. */
function useFailureInSight(form: RefObject<HTMLFormElement | null>, failure: Failure | null) {
  useEffect(() => {
    if (failure === null || form.current === null) return;
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector) ?? null;
    const wrong = find("[aria-invalid=true]") ?? find("[data-wrong]");
    const mends = find("[aria-invalid=true]") ?? find("[data-choices] button") ?? find("[data-wrong] button");
    wrong?.scrollIntoView({ block: "nearest" });
    (mends ?? wrong)?.focus({ preventScroll: true });
  }, [form, failure]);
}

function Field({
  label,
  value,
  onChange,
  error,
  children,
  secret = false,
  required = false,
  autoFocus = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
  readonly children: string;
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
}) {
  return (
    <TextField
      className={css("field")}
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      isRequired={required}
      validationBehavior="aria"
      autoFocus={autoFocus}
      type={secret ? "password" : "text"}
      autoComplete="off"
      spellCheck="false"
    >
      <Label className={css("label")}>{label}</Label>
      <Input className={css("input")} />
      {error === null ? (
        <Text slot="description" className={css("help")}>
          {children}
        </Text>
      ) : (
        <FieldError className={css("error")}>{error}</FieldError>
      )}
    </TextField>
  );
}

function Keeping({ keep, onChange }: { readonly keep: Keep; readonly onChange: (keep: Keep) => void }) {
  return (
    <RadioGroup className={css("field")} value={keep} onChange={(value) => onChange(value as Keep)}>
      <Label className={css("label")}>Keep the token</Label>
      <div className={css("options")}>
        <Radio value="keychain" className={css("option")}>
          <span className={css("ring")} />
          In the keychain of this computer
        </Radio>
        <Radio value="this_run" className={css("option")}>
          <span className={css("ring")} />
          Only until Kittiwake is closed
        </Radio>
      </div>
    </RadioGroup>
  );
}
