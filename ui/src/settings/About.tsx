import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { Mark } from "../design/Mark";
import { FailureCard } from "../failure/FailureCard";
import type { About as Facts } from "../gen/About";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import { Forget } from "./Forget";
import styles from "./Settings.module.css";
import { Updates } from "./Updates";

const css = classes(styles);

/** What this program is, and where its data is. */
export function About() {
  const client = useClient();
  const [facts, setFacts] = useState<Facts | null>(null);
  useEffect(() => {
    client.host.about().then(setFacts, (thrown: unknown) => client.report(thrown));
  }, [client]);
  return (
    <>
      <div className={css("brand")}>
        <Mark size={36} />
        <div>
          <h3 className={css("section")}>Kittiwake</h3>
          <p className={css("lead")}>The desktop client for ChatKit servers.</p>
        </div>
      </div>
      <dl className={css("facts")}>
        <dt>Version</dt>
        <dd>{facts?.version ?? "…"}</dd>
        <dt>Data folder</dt>
        <dd>{facts?.data_dir ?? "…"}</dd>
        {facts !== null && facts.logs !== null && <Logs folder={facts.logs} />}
        <dt>Licence</dt>
        <dd>MIT or Apache 2.0, as you choose</dd>
        {facts?.updates.type === "packages" && (
          <>
            <dt>Updates</dt>
            <dd>Updates come with your system's packages.</dd>
          </>
        )}
      </dl>
      {facts?.updates.type === "signed" && <Updates check={facts.updates.check} />}
      <p className={css("promise")}>
        Kittiwake sends no telemetry. It connects only to the servers that you add
        {facts?.updates.type === "signed" && ", and to its makers' when it looks for an update"}, and keeps
        your conversations on this computer.
      </p>
      <Forget />
    </>
  );
}

/** Where the log is, with a button that shows it: whoever is asked for its lines need not look for them. */
function Logs({ folder }: { readonly folder: string }) {
  const { host } = useClient();
  const [failure, setFailure] = useState<Failure | null>(null);

  function open() {
    setFailure(null);
    host.openLogs().catch((thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <>
      <dt>Logs</dt>
      <dd>
        <p>{folder}</p>
        <p className={css("aside")}>
          What Kittiwake did and what failed, without what you write or are answered.
        </p>
        <Button aria-label="Open the folder of the logs" onPress={open}>
          Open folder
        </Button>
        {failure !== null && (
          <div className={css("trouble")}>
            <FailureCard failure={failure} title="The folder was not opened" />
          </div>
        )}
      </dd>
    </>
  );
}
