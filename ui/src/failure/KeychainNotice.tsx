import { KeyRound, X } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { toComposer } from "../composer/place";
import { Button, IconButton } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { Keep } from "../gen/Keep";
import { asFailure } from "../host/host";
import { TextLine } from "../settings/FormField";
import { useApp, useClient } from "../state/context";
import { signsInOnPage } from "../state/standing";
import styles from "./Problems.module.css";
import { failureTitle, keychainTrouble } from "./words";

const css = classes(styles);

/** Says what keeps connections from their tokens, and what can be done about it, here and now. */
export default function KeychainNotice() {
  const connections = useApp((app) => app.connections);
  const concerned = connections.filter((connection) => keychainTrouble(connection) !== null);
  const [first] = concerned;
  const failure = first === undefined ? null : keychainTrouble(first);
  const [read, setRead] = useState("");
  if (first === undefined || failure === null || said(failure) === read) return null;
  return (
    <div className={css("problems")}>
      <section
        className={css("problem")}
        aria-label={failureTitle(failure)}
        data-testid="keychain"
        data-code={failure.code}
      >
        <KeyRound size={16} aria-hidden="true" />
        <div className={css("words")}>
          <div role="alert">
            {!failure.message.startsWith(failureTitle(failure)) && (
              <p className={css("title")}>{failureTitle(failure)}</p>
            )}
            <p>
              {failure.message} {until(concerned)}
            </p>
          </div>
          <WaysOut key={first.id} concerned={concerned} failure={failure} first={first} />
        </div>
        <IconButton small label="Dismiss" onPress={() => setRead(said(failure))}>
          <X size={15} />
        </IconButton>
      </section>
    </div>
  );
}

/** The same words need not be read twice, whenever they come again. */
function said({ code, message }: Failure): string {
  return `${code} ${message}`;
}

/** What does not work until then. */
function until(concerned: readonly ConnectionView[]): string {
  const names = concerned.map(({ name }) => `“${name}”`);
  return `Until then, ${new Intl.ListFormat("en").format(names)} cannot be used.`;
}

/** To ask the keychain again, or to give the token by hand. */
function WaysOut({
  concerned,
  failure,
  first,
}: {
  readonly concerned: readonly ConnectionView[];
  readonly failure: Failure;
  readonly first: ConnectionView;
}) {
  const client = useClient();
  const [trying, setTrying] = useState(false);
  const [tried, setTried] = useState(false);
  const [giving, setGiving] = useState(false);
  const damaged = failure.code === "keychain_damaged";
  const onPage = signsInOnPage(first);
  const what = secretOf(first);
  // There is no token to give where one signs in on a page.
  const giveAgain = () => (onPage ? client.signIn(first) : setGiving(true));

  async function tryAgain() {
    setTrying(true);
    setTried(false);
    try {
      const views = await Promise.all(concerned.map(({ id }) => client.host.checkConnection(id)));
      if (views.some((view) => keychainTrouble(view) !== null)) setTried(true);
      else toComposer();
    } catch (thrown) {
      client.report(thrown);
    } finally {
      setTrying(false);
    }
  }

  if (giving) {
    return (
      <TokenForm
        connection={first}
        keep={damaged ? "keychain" : "this_run"}
        onCancel={() => setGiving(false)}
      />
    );
  }
  return (
    <div className={css("actions")}>
      {damaged && <Button onPress={giveAgain}>{onPage ? "Sign in again" : `Give the ${what} again`}</Button>}
      <Button
        data-testid="ask-keychain"
        onPress={() => {
          if (!trying) void tryAgain();
        }}
      >
        {trying ? "Asking the keychain…" : "Try again"}
      </Button>
      {!damaged && (
        <Button weight="quiet" onPress={giveAgain}>
          {onPage ? "Sign in for this run only" : "Keep for this run only"}
        </Button>
      )}
      <span className={css("again")} role="status">
        {tried && "It is still the same."}
      </span>
    </div>
  );
}

/** What the keychain keeps of a connection. */
function secretOf({ sign_in }: ConnectionView): "token" | "password" {
  return sign_in?.way === "login" ? "password" : "token";
}

/** Takes the token of a connection, and nothing else of it. */
function TokenForm({
  connection,
  keep,
  onCancel,
}: {
  readonly connection: ConnectionView;
  readonly keep: Keep;
  readonly onCancel: () => void;
}) {
  const client = useClient();
  const what = secretOf(connection);
  const [token, setToken] = useState("");
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function save() {
    setSaving(true);
    setFailure(null);
    const { id, name, kind } = connection;
    try {
      const values = await client.host.connectionValues(id);
      await client.host.updateConnection(id, { name, kind, values, token, secrets: {}, keep });
      toComposer();
    } catch (thrown) {
      setFailure(asFailure(thrown));
    } finally {
      setSaving(false);
    }
  }

  return (
    <Form
      className={css("token")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving && token !== "") void save();
      }}
    >
      <TextLine
        label={`${what === "token" ? "Token" : "Password"} of ${connection.name}`}
        value={token}
        onChange={setToken}
        error={failure?.message ?? null}
        input="secret"
        autoFocus
      >
        {keep === "this_run"
          ? "It is held in memory and written to no file; after the next start it is asked for again."
          : "It takes the place of the damaged entry."}
      </TextLine>
      <div className={css("actions")}>
        <Button weight="primary" type="submit" isDisabled={token === ""}>
          {saving ? "Trying it…" : keep === "this_run" ? "Use it for this run" : "Store it in the keychain"}
        </Button>
        <Button weight="quiet" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
