import { useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./Settings.module.css";
import { Sure } from "./Sure";

const css = classes(styles);

/** Leaving without a trace. Asked twice, since nothing brings it back. */
export function Forget() {
  const client = useClient();
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  function forget() {
    setFailure(null);
    // When it succeeds, the program is gone.
    client.host.forgetEverything().catch((thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <div className={css("forget")}>
      {asked ? (
        <Sure
          className={css("sure")}
          answers={css("answers")}
          label="Forget everything?"
          yes="Forget everything"
          first="keep"
          onYes={forget}
          onKeep={() => {
            setAsked(false);
            setFailure(null);
          }}
        >
          This removes all connections, every token that Kittiwake has in the keychain, the copies of your
          conversations, drafts, reports and settings from this computer, and closes Kittiwake. What servers
          have stored stays there. It cannot be undone.
        </Sure>
      ) : (
        <Button onPress={() => setAsked(true)}>Forget everything…</Button>
      )}
      {failure !== null && <FailureCard failure={failure} />}
    </div>
  );
}
