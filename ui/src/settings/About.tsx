import { useEffect, useState } from "react";
import { classes } from "../design/classes";
import { Mark } from "../design/Mark";
import type { About as Facts } from "../gen/About";
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
