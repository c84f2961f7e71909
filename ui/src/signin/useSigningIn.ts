import { useEffect, useState } from "react";
import type { ConnectionId } from "../gen/ConnectionId";
import type { SigningInView } from "../gen/SigningInView";
import { asFailure, type Unsubscribe } from "../host/host";
import { useClient } from "../state/context";

/** A sign-in, as far as it is. */
export interface SigningIn {
  readonly step: SigningInView;
  /** Whether the browser could not be opened, so that the person has to do it. */
  readonly unopened: boolean;
  /** Opens the page of the provider, here. */
  readonly open: (url: string) => void;
  /** Begins from the beginning. */
  readonly again: () => void;
}

const ASKING: SigningInView = { type: "asking" };

/** Signs in to a connection, and gives up with what shows it. The browser opens by itself, since that was asked for. */
export function useSigningIn(connection: ConnectionId): SigningIn {
  const { host } = useClient();
  const [run, setRun] = useState(0);
  const [step, setStep] = useState<SigningInView>(ASKING);
  const [unopened, setUnopened] = useState(false);

  useEffect(() => {
    // Each run is one of its own, also if nothing else has changed.
    void run;
    let here = true;
    let unsubscribe: Unsubscribe | null = null;
    const receive = (next: SigningInView) => {
      if (!here) return;
      setStep(next);
      if (next.type === "browser") host.openLink(next.url).catch(() => here && setUnopened(true));
    };
    host.signIn(connection, receive).then(
      (begun) => {
        unsubscribe = begun;
        if (!here) begun();
      },
      (thrown: unknown) => receive({ type: "failed", failure: asFailure(thrown) }),
    );
    return () => {
      here = false;
      unsubscribe?.();
    };
  }, [host, connection, run]);

  return {
    step,
    unopened,
    open: (url) => {
      host.openLink(url).then(
        () => setUnopened(false),
        () => setUnopened(true),
      );
    },
    again: () => {
      setStep(ASKING);
      setUnopened(false);
      setRun((number) => number + 1);
    },
  };
}
