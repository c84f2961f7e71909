import { type RefObject, useEffect, useMemo, useState } from "react";
import { Dialog, Form } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { Failure } from "../gen/Failure";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadOptions } from "../gen/ThreadOptions";
import { asFailure } from "../host/host";
import { OpenPopover } from "../overlay/OpenPopover";
import { wrongField } from "../settings/draft";
import { FormField } from "../settings/FormField";
import type { Values } from "../settings/form";
import { useApp, useClient, useConnection } from "../state/context";
import { askedWith, indexOf } from "../state/models";
import { ModelField } from "./ModelField";
import styles from "./OptionsSheet.module.css";

const css = classes(styles);

/** The field whose choices the server knows. */
const MODEL = "model";

/** What this conversation wants otherwise than its connection does, below the button that opens it. */
export default function OptionsSheet({
  thread,
  button,
  onClose,
}: {
  readonly thread: ThreadId;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const [options, setOptions] = useState<ThreadOptions | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    client.host.threadOptions(thread).then(setOptions, (thrown: unknown) => setFailure(asFailure(thrown)));
  }, [client, thread]);
  return (
    <OpenPopover anchor={button} placement="bottom end" offset={6} onClose={onClose}>
      <Dialog
        className={css("sheet")}
        aria-label="Parameters of this conversation"
        data-testid="options-sheet"
      >
        <h2 className={css("heading")}>Parameters</h2>
        <p className={css("lead")}>
          They are sent from the next message on, in this conversation alone. What is empty is as its
          connection has it.
        </p>
        {failure !== null && <FailureCard failure={failure} />}
        {options !== null && <Fields thread={thread} options={options} onClose={onClose} />}
      </Dialog>
    </OpenPopover>
  );
}

function Fields({
  thread,
  options,
  onClose,
}: {
  readonly thread: ThreadId;
  readonly options: ThreadOptions;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const [values, setValues] = useState<Values>(options.values as Values);
  const [failure, setFailure] = useState<Failure | null>(null);
  const models = useModels(thread);
  const wrong = wrongField(failure, options.fields);

  function save(wanted: Values) {
    setFailure(null);
    client.host
      .setThreadOptions(thread, wanted)
      .then(onClose, (thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <Form
      className={css("form")}
      onSubmit={(event) => {
        event.preventDefault();
        save(values);
      }}
    >
      {options.fields.map((field) => {
        const { key } = field;
        const own = {
          field,
          value: values[key] ?? "",
          placeholder: options.inherited[key] ?? "",
          onChange: (value: string) => setValues({ ...values, [key]: value }),
          error: failure !== null && wrong === key ? failure.message : null,
        };
        return key === MODEL ? (
          <ModelField key={key} {...own} models={models} />
        ) : (
          <FormField key={key} {...own} autoFocus={false} />
        );
      })}
      {failure !== null && wrong === null && <FailureCard failure={failure} />}
      <div className={css("buttons")}>
        <Button weight="quiet" isDisabled={Object.keys(options.values).length === 0} onPress={() => save({})}>
          As the connection has them
        </Button>
        <Button weight="primary" type="submit">
          Save
        </Button>
      </div>
    </Form>
  );
}

/**
 * The models that are known, or else those that the server tells of when it is asked. Without a list a name can be typed
 * all the same.
 */
function useModels(thread: ThreadId): readonly string[] {
  const client = useClient();
  const catalogue = useApp((app) => app.catalogue);
  const connection = useConnection();
  const known = useMemo(() => {
    const index = indexOf(catalogue.models);
    const all = connection === null ? [] : askedWith(connection).flatMap((id) => index.get(id) ?? []);
    return [...new Set(all.flatMap(({ view }) => (view.hidden || view.gone ? [] : view.id)))];
  }, [catalogue, connection]);
  const [models, setModels] = useState<readonly string[]>([]);
  const ask = known.length === 0;
  useEffect(() => {
    let open = ask;
    if (!ask) return;
    client.host.threadModels(thread).then(
      (found) => open && setModels(found),
      () => undefined,
    );
    return () => {
      open = false;
    };
  }, [client, thread, ask]);
  return ask ? models : known;
}
