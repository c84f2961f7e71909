import { type Dispatch, type RefObject, type SetStateAction, useEffect, useRef, useState } from "react";
import { Disclosure, DisclosurePanel, Form } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { Toggle } from "../design/Toggle";
import { FailureCard } from "../failure/FailureCard";
import { isKeychain } from "../failure/words";
import type { ConnectionDraft } from "../gen/ConnectionDraft";
import type { ConnectionImport } from "../gen/ConnectionImport";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { FormField as Description } from "../gen/FormField";
import type { Keep } from "../gen/Keep";
import type { Kind } from "../gen/Kind";
import type { KindForm } from "../gen/KindForm";
import type { LocalServer } from "../gen/LocalServer";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import { standing } from "../state/standing";
import { Check } from "./Check";
import styles from "./ConnectionForm.module.css";
import { hasMoved, isGiven, nameOf, tokenHint, typed, withSecret, wrongField } from "./draft";
import { Choices, FormField, TextLine } from "./FormField";
import { incomplete, isSecret, present, TOKEN, type Values } from "./form";
import { LocalServers } from "./LocalServers";
import { useLockedFields } from "./lockedFields";
import { OtherSecret, Secret, Stored } from "./Secret";
import settings from "./Settings.module.css";

const css = classes(styles);
const base = classes(settings);

/** What a form begins with. */
export interface Begun {
  /** The connection to change; nothing for a new one. */
  readonly connection: ConnectionView | null;
  readonly forms: readonly KindForm[];
  readonly kind: Kind;
  readonly name: string;
  readonly values: Values;
  /** The file that all of this stood in, if it did. */
  readonly imported?: ConnectionImport;
}

interface Props {
  readonly begun: Begun;
  /** What was saved, or nothing. */
  readonly onDone: (saved: ConnectionView | null) => void;
}

/** A connection: its name, the fields that its kind has, and its secrets, which go in and never come out. */
export function ConnectionForm({ begun, onDone }: Props) {
  const { connection, forms } = begun;
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState(begun.kind);
  const [name, setName] = useState(begun.name);
  const [values, setValues] = useState(begun.values);
  const put = async (key: string, value: string) => setValues({ ...values, [key]: value });
  const stored = connection?.has_token === true;
  const [token, setToken] = useState<string | null>(stored ? null : "");
  const [secrets, setSecrets] = useState<Values>({});
  const [keep, setKeep] = useState<Keep>("keychain");
  const fields = forms.find((known) => known.kind === kind)?.fields ?? [];
  const shown = present(fields, values);
  const wanted = shown.find(({ key }) => key === TOKEN);
  const moved = stored ? hasMoved(fields, values, begun.values) : null;
  // A token that was not given leaves a stored one as it is, but that one never goes to another server; and where none is
  // asked for, none is kept.
  const draft = {
    name: name.trim(),
    kind,
    values,
    token: wanted === undefined || (token === null && moved !== null) ? "" : token,
    secrets: typed(fields, values, secrets),
  };
  const isLocked = useLockedFields(connection, kind);
  const { failure, saving, save, refuse } = useSaving(connection, draft, onDone);
  const client = useClient();
  const [tested, setTested] = useState<number | null>(null);
  const test = () => {
    refuse(null);
    setTested((number) => (number ?? 0) + 1);
  };
  useFailureInSight(form, failure);
  const again = wrongField(failure, shown);
  useAskedAgain(fields, again, setSecrets);
  const refused = wanted !== undefined && connection !== null && standing(connection)?.kind === "signed_out";
  useTokenInSight(form, refused);
  const wrong = (key: string) => (failure !== null && again === key ? failure.message : null);
  const asked = token !== null || refused || moved !== null || wrong(TOKEN) !== null;
  const draw = (field: Description) =>
    field.key === TOKEN ? (
      <Secret
        key={field.key}
        field={field}
        stored={connection !== null && <Stored connection={connection} what={nameOf(field)} />}
        value={token}
        asked={asked}
        error={wrong(TOKEN)}
        autoFocus={refused || (stored && token === "")}
        hint={tokenHint(field, token !== null, refused, moved)}
        onChange={setToken}
      />
    ) : isSecret(field) ? (
      <OtherSecret
        key={field.key}
        field={field}
        stored={connection?.secrets.includes(field.key) === true}
        value={secrets[field.key] ?? null}
        error={wrong(field.key)}
        onChange={(value) => setSecrets(withSecret(secrets, field.key, value))}
      />
    ) : (
      <FormField
        key={field.key}
        field={field}
        value={values[field.key] ?? ""}
        onChange={(value) => void put(field.key, value)}
        error={wrong(field.key)}
        autoFocus={field === shown[0] && !refused}
        isLocked={isLocked(field.key)}
      />
    );
  const [first, ...others] = shown.filter((field) => !field.advanced);
  const advanced = shown.filter((field) => field.advanced);
  return (
    <Form
      ref={form}
      className={css("form")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving) void save(keep);
      }}
    >
      <h3 className={base("section")}>{heading(begun)}</h3>
      {begun.imported !== undefined && <Imported {...begun.imported} />}
      {connection === null && <KindChoice forms={forms} kind={kind} onChange={setKind} />}
      {offered(begun, kind) && <LocalServers onUse={filling({ name, setName, values, setValues })} />}
      {first !== undefined && draw(first)}
      <NameLine value={name} onChange={setName} isLocked={isLocked("name")} />
      {others.map(draw)}
      {isGiven(draft) && <Keeping keep={keep} onChange={setKeep} />}
      {advanced.length > 0 && (
        <More open={advanced.some((field) => isSaid(begun, field) || wrong(field.key) !== null)}>
          {advanced.map(draw)}
        </More>
      )}
      {failure !== null && again === null && <Failed failure={failure} onKeep={(keep) => void save(keep)} />}
      {tested !== null && (
        <Check
          key={tested}
          name={draft.name || "this connection"}
          start={(receive) => client.host.testDraft(connection?.id ?? null, { ...draft, keep }, receive)}
          onClose={() => setTested(null)}
          onMapping={put}
          onRefused={(refused) => {
            setTested(null);
            refuse(refused);
          }}
        />
      )}
      <Buttons
        saving={saving}
        isDisabled={incomplete(fields, values)}
        onCancel={() => onDone(null)}
        onTest={test}
      />
    </Form>
  );
}

/** Whether there is something to see in a field from the beginning. All of what was imported is to be seen. */
function isSaid({ imported, values }: Begun, { key }: Description): boolean {
  return imported !== undefined || (values[key] ?? "") !== "";
}

function NameLine(props: {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly isLocked: boolean;
}) {
  return (
    <TextLine label="Name" {...props} error={null}>
      What you want to call it. Without one, it is called by its address.
    </TextLine>
  );
}

/** Whether what answers on this computer is worth offering: a new connection of the kind that such servers are. */
function offered({ connection, imported }: Begun, kind: Kind): boolean {
  return connection === null && imported === undefined && kind === "openai";
}

/** Fills the form in for a server of this computer. A name that was typed stays. */
function filling(form: {
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly values: Values;
  readonly setValues: (values: Values) => void;
}) {
  return (server: LocalServer, model: string | null) => {
    form.setValues({ ...form.values, url: server.url, ...(model === null ? {} : { model }) });
    if (form.name === "") form.setName(server.name);
  };
}

function KindChoice({
  forms,
  kind,
  onChange,
}: {
  readonly forms: readonly KindForm[];
  readonly kind: Kind;
  readonly onChange: (kind: Kind) => void;
}) {
  if (forms.length < 2) return null;
  const choices = forms.map((known) => ({ value: known.kind, label: known.label }));
  return (
    <Choices label="Kind" value={kind} onChange={(chosen) => onChange(chosen as Kind)} choices={choices} />
  );
}

/** A failure that belongs to no field. */
function Failed({ failure, onKeep }: { readonly failure: Failure; readonly onKeep: (keep: Keep) => void }) {
  return (
    <div className={css("failure")} data-wrong="" tabIndex={-1}>
      <FailureCard failure={failure} />
      {isKeychain(failure) && (
        <div className={css("choices")} data-choices="">
          <Button onPress={() => onKeep("this_run")}>Keep for this run only</Button>
          <Button onPress={() => onKeep("keychain")}>Try again</Button>
        </div>
      )}
    </div>
  );
}

function Buttons({
  saving,
  isDisabled,
  onCancel,
  onTest,
}: {
  readonly saving: boolean;
  readonly isDisabled: boolean;
  readonly onCancel: () => void;
  readonly onTest: () => void;
}) {
  return (
    <div className={css("buttons")}>
      <Button onPress={onCancel}>Cancel</Button>
      <Button isDisabled={isDisabled} onPress={onTest}>
        Test
      </Button>
      <Button weight="primary" type="submit" isDisabled={isDisabled}>
        {saving ? "Saving…" : "Save and test"}
      </Button>
    </div>
  );
}

function heading({ connection, imported }: Begun): string {
  if (imported !== undefined) return `Import ${imported.name}`;
  return connection === null ? "Add a connection" : `Edit ${connection.name}`;
}

/** Whoever imports sees everything before any of it is kept. */
function Imported({ file, unknown }: ConnectionImport) {
  return (
    <p className={base("lead")}>
      This is what “{file}” says. Look at where your words would go; nothing is kept until you save. A token
      is never in such a file: give it here, if the server wants one.
      {unknown.length > 0 &&
        ` This version of Kittiwake does not know ${unknown.join(", ")}, and leaves it out.`}
    </p>
  );
}

function useSaving(
  connection: ConnectionView | null,
  draft: Omit<ConnectionDraft, "keep">,
  onDone: (saved: ConnectionView) => void,
) {
  const client = useClient();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saving, setSaving] = useState(false);
  async function save(keep: Keep) {
    setSaving(true);
    setFailure(null);
    try {
      const whole = { ...draft, keep };
      const saving =
        connection === null
          ? client.host.addConnection(whole)
          : client.host.updateConnection(connection.id, whole);
      onDone(await saving);
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setSaving(false);
    }
  }
  return { failure, saving, save, refuse: setFailure };
}

/** Where a stored secret is asked for again, an empty field means that there is none. */
function useAskedAgain(
  fields: readonly Description[],
  again: string | null,
  setSecrets: Dispatch<SetStateAction<Values>>,
) {
  useEffect(() => {
    const known = fields.find((field) => field.key === again && field.key !== TOKEN && isSecret(field));
    if (known !== undefined) setSecrets((given) => ({ [known.key]: "", ...given }));
  }, [again, fields, setSecrets]);
}

/** Who comes because a token was refused has the place for another one before their eyes. */
function useTokenInSight(form: RefObject<HTMLFormElement | null>, refused: boolean) {
  useEffect(() => {
    if (refused) form.current?.querySelector("input[type=password]")?.scrollIntoView({ block: "center" });
  }, [form, refused]);
}

/** What went wrong is brought into sight, and the focus to where it can be mended. */
function useFailureInSight(form: RefObject<HTMLFormElement | null>, failure: Failure | null) {
  useEffect(() => {
    if (failure === null || form.current === null) return;
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector) ?? null;
    const wrong = find("[aria-invalid=true]") ?? find("[data-wrong]");
    const choice = find("[role=radiogroup][aria-invalid=true] input:checked");
    const mends =
      choice ?? find("[aria-invalid=true]") ?? find("[data-choices] button") ?? find("[data-wrong] button");
    wrong?.scrollIntoView({ block: "nearest" });
    (mends ?? wrong)?.focus({ preventScroll: true });
  }, [form, failure]);
}

/** What most people leave as it is. */
function More({ open, children }: { readonly open: boolean; readonly children: React.ReactNode }) {
  const [expanded, setExpanded] = useState(open);
  return (
    <Disclosure className={css("more")} isExpanded={expanded || open} onExpandedChange={setExpanded}>
      <Toggle>More settings</Toggle>
      <DisclosurePanel>
        <div className={css("form")}>{children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}

function Keeping({ keep, onChange }: { readonly keep: Keep; readonly onChange: (keep: Keep) => void }) {
  return (
    <Choices
      label="Keep what is secret"
      value={keep}
      onChange={(value) => onChange(value as Keep)}
      choices={[
        { value: "keychain", label: "In the keychain of this computer" },
        { value: "this_run", label: "Only until Kittiwake is closed" },
      ]}
    />
  );
}
