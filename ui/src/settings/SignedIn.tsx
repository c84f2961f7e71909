import { useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { SignInView } from "../gen/SignInView";
import type { SignOutView } from "../gen/SignOutView";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import { signedInAs, signsInOnPage, standing, WHO } from "../state/standing";
import styles from "./Connections.module.css";
import { TimeWindow, time } from "./Session";

const css = classes(styles);

/** How far the person is signed in, and until when; the session that is made with that is another thing. */
export function SignedIn({
  connection,
  signIn,
  told,
  onEdit,
}: {
  readonly connection: ConnectionView;
  readonly signIn: SignInView;
  /** Whether it is said already that the person has signed out. */
  readonly told: boolean;
  readonly onEdit: () => void;
}) {
  const client = useClient();
  const { session } = signIn;
  const phase = session.phase.type;
  const onPage = signsInOnPage(connection);
  // Where nothing more comes by itself; with a name and a password that is only so once they were refused.
  const out = standing(connection)?.kind === "signed_out";
  const offered = out || (onPage && (phase === "refused" || phase === "absent"));
  return (
    <>
      <TimeWindow
        testId="sign-in"
        session={session}
        words={told && phase === "signed_out" ? "" : words(signIn, signedInAs(connection))}
        fields={session.fields.filter(([name]) => name !== WHO)}
      />
      {offered && (
        <div className={css("offer")}>
          <Button
            aria-label={`Sign in to ${connection.name}`}
            onPress={() => (onPage ? client.signIn(connection) : onEdit())}
          >
            Sign in
          </Button>
        </div>
      )}
    </>
  );
}

function words({ way, session }: SignInView, who: string | null): string {
  const { phase, ends } = session;
  const as = who === null ? "Signed in" : `Signed in as ${who}`;
  switch (phase.type) {
    case "absent":
      return way === "login"
        ? "Not signed in yet; the next message does that."
        : "The next message shows whether you are still signed in.";
    case "fetching":
      return "Signing in…";
    case "live":
      return ends === null ? `${as}, until the server ends it.` : `${as} until ${time(ends)}; ${before(way)}`;
    case "renewing":
      return `${as}; it is being prolonged.`;
    case "waiting":
      return `Not signed in. The next try makes sense at ${time(phase.until)}; “Test” tries now.`;
    case "refused":
      return "Not signed in.";
    case "signed_out":
      return phase.failure.message;
  }
}

/** What happens before a sign-in ends. Not every provider prolongs one. */
function before(way: SignInView["way"]): string {
  return way === "login" ? "it is prolonged before." : "it is prolonged before, if the provider allows that.";
}

/** Signing out: whether that can be done, what begins it, and what came of it in the end. */
export function useSignOut(connection: ConnectionView, onFailed: (failure: Failure | null) => void) {
  const client = useClient();
  const [left, setLeft] = useState<string | null>(null);
  const session = connection.sign_in?.session;
  async function signOut() {
    const ends = session?.ends ?? null;
    onFailed(null);
    setLeft("Telling the provider…");
    try {
      setLeft(outcome(await client.host.signOut(connection.id), ends));
    } catch (thrown) {
      setLeft(null);
      onFailed(asFailure(thrown));
    }
  }
  const possible = signsInOnPage(connection) && session?.phase.type !== "signed_out";
  // Whoever has signed in again does not want to read it any more.
  const out = session?.phase.type === "signed_out";
  return { left: out ? left : null, signOut: possible ? signOut : undefined };
}

/** `ends` is when what the provider gave ends by itself, if that is known. */
function outcome(view: SignOutView, ends: number | null): string {
  const rest = `what it gave is removed from this computer and ends by itself${ends === null ? "" : ` at ${time(ends)}`}.`;
  switch (view.type) {
    case "done":
      return "You are signed out, here and at the provider.";
    case "not_offered":
      return `You are signed out here. The provider has no way to be told; ${rest}`;
    case "not_told":
      return `You are signed out here. The provider could not be told; ${rest} ${view.failure.message}`;
  }
}
