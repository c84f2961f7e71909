import { useEffect, useState } from "react";
import { classes } from "../design/classes";
import { Mark } from "../design/Mark";
import type { About as Facts } from "../gen/About";
import { useClient } from "../state/context";
import styles from "./Settings.module.css";

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
      </dl>
      <p className={css("promise")}>
        Kittiwake sends no telemetry. It connects only to the servers that you add, and keeps your
        conversations on this computer.
      </p>
    </>
  );
}
