import { Check, ExternalLink } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Button as AriaButton, Heading } from "react-aria-components";
import { flushSync } from "react-dom";
import { toComposer } from "../composer/place";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { Turning } from "../design/Turning";
import { left, useLeft } from "../design/useLeft";
import { FailureCard } from "../failure/FailureCard";
import type { ConnectionView } from "../gen/ConnectionView";
import type { SigningInView } from "../gen/SigningInView";
import { Overlay } from "../overlay/Overlay";
import { type Client, moreOf } from "../state/client";
import { useApp, useClient, useView } from "../state/context";
import styles from "./SignInDialog.module.css";
import { useSigningIn } from "./useSigningIn";
import { hostOf, spelled, toType } from "./words";

const css = classes(styles);

/** Signing in on the page of an identity provider: what is happening, and what the person does meanwhile. */
export default function SignInDialog() {
  const client = useClient();
  const id = useView(({ overlay }) => (overlay?.kind === "sign_in" ? overlay.connection : null));
  const connection = useApp((app) => app.connections.find((known) => known.id === id) ?? null);
  const known = useRef(false);
  const here = connection !== null;
  useEffect(() => {
    // One that has just been added may be told of a moment later.
    if (here) known.current = true;
    else if (known.current) client.closeOverlay();
  }, [client, here]);
  if (connection === null) return null;
  return (
    // Whoever comes back from the browser clicks somewhere into the window, which is not meant to give up.
    <Overlay className={css("modal")} testId="sign-in-dialog" isDismissable={false}>
      <SigningIn key={connection.id} connection={connection} />
    </Overlay>
  );
}

function SigningIn({ connection }: { readonly connection: ConnectionView }) {
  const client = useClient();
  const body = useRef<HTMLDivElement>(null);
  const { step, unopened, open, again } = useSigningIn(connection.id);
  useEnd(client, connection, step);
  useFocus(body, step);
  const url = "url" in step ? step.url : null;
  return (
    <div ref={body} className={css("body")} data-testid="signing-in" data-step={step.type} tabIndex={-1}>
      <Heading slot="title" className={css("title")}>
        Sign in to {connection.name}
      </Heading>
      <div className={css("now")} role="status">
        <Now step={step} unopened={unopened} />
      </div>
      {step.type === "device" && (
        <Elsewhere key={step.code} url={step.url} until={step.until} onOpen={open} />
      )}
      {unopened && url !== null && (
        <>
          {step.type === "device" && <p className={css("now")}>The browser could not be opened here.</p>}
          <p className={css("address")} dir="ltr" data-testid="sign-in-address">
            {url}
          </p>
        </>
      )}
      {step.type === "failed" && (
        <div role="alert">
          <FailureCard failure={step.failure} title="You are not signed in" onRetry={again} />
        </div>
      )}
      <div className={css("buttons")}>
        <Button onPress={() => client.closeOverlay()}>{step.type === "failed" ? "Close" : "Cancel"}</Button>
        {url !== null && <Copy key={`address ${url}`} text={url} label="Copy address" />}
        {step.type === "browser" && (
          <Button weight="primary" onPress={() => open(step.url)}>
            <ExternalLink size={14} aria-hidden="true" />
            Open again
          </Button>
        )}
        {step.type === "device" && (
          <Copy key={step.code} text={step.code} label="Copy code" weight="primary" />
        )}
      </div>
    </div>
  );
}

/** What is happening, in words that are read aloud as they change. */
function Now({ step, unopened }: { readonly step: SigningInView; readonly unopened: boolean }) {
  switch (step.type) {
    case "asking":
      return <Busy>Asking where to sign in…</Busy>;
    case "browser":
      return unopened ? (
        <p>
          The browser could not be opened. Copy this address, open it in a browser of this computer, sign in
          there at <strong>{hostOf(step.url)}</strong>, and come back.
        </p>
      ) : (
        <Busy>
          Your browser opens at <strong>{hostOf(step.url)}</strong>. Sign in there and come back.
        </Busy>
      );
    case "device":
      return (
        <>
          <p>
            Open <strong>{hostOf(step.url)}</strong> in a browser on any device, sign in there, and type this
            code:
          </p>
          <p className={css("code")} aria-hidden="true" data-testid="sign-in-code">
            {step.code}
          </p>
          <p className="visually-hidden">{spelled(step.code)}</p>
        </>
      );
    case "done":
      return (
        <p className={css("busy")}>
          <Check size={16} aria-hidden="true" />
          You are signed in.
        </p>
      );
    case "failed":
      return null;
  }
}

function Busy({ children }: { readonly children: ReactNode }) {
  return (
    <p className={css("busy")}>
      <Turning size={16} />
      <span>{children}</span>
    </p>
  );
}

/** The page on which a code is typed, and for how long it is good. */
function Elsewhere({
  url,
  until,
  onOpen,
}: {
  readonly url: string;
  readonly until: number;
  readonly onOpen: (url: string) => void;
}) {
  const rest = useLeft(until);
  return (
    <>
      <AriaButton className={css("link")} aria-label={`Open ${toType(url)} here`} onPress={() => onOpen(url)}>
        <span dir="ltr">{toType(url)}</span>
        <ExternalLink size={13} aria-hidden="true" />
      </AriaButton>
      {/* For the eyes: read aloud, each second would interrupt what is being heard. */}
      <p className={css("rest")} aria-hidden="true">
        {rest > 0 ? `The code is good for ${left(rest)}.` : "The code is not good any more."}
      </p>
    </>
  );
}

function Copy({
  text,
  label,
  weight = "secondary",
}: {
  readonly text: string;
  readonly label: string;
  readonly weight?: "primary" | "secondary";
}) {
  const client = useClient();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      weight={weight}
      onPress={() =>
        client.host.copyText(text).then(
          () => setCopied(true),
          (thrown: unknown) => client.report(thrown),
        )
      }
    >
      {copied ? "Copied" : label}
    </Button>
  );
}

/** Says who is signed in, and closes. */
function useEnd(client: Client, { id, name }: ConnectionView, step: SigningInView) {
  useEffect(() => {
    if (step.type !== "done") return;
    const who = step.who === null ? "" : ` as ${step.who}`;
    const until = step.kept === "this_run" ? ", until Kittiwake is closed: there is no keychain" : "";
    const end = () => {
      client.toasts.say({ text: `Signed in to ${name}${who}${until}` });
      // What lay over the window must be gone: it does not let the focus out. The button that opened it may be gone, too.
      flushSync(() => client.closeOverlay());
      document.getElementById(moreOf(id))?.focus();
      if (client.view.get().overlay === null) toComposer();
    };
    // Not while React renders: what is flushed there would be lost.
    const timer = setTimeout(end);
    return () => clearTimeout(timer);
  }, [client, step, id, name]);
}

/** What had the focus may go away with a step. After a failure it is where that is mended. */
function useFocus(body: RefObject<HTMLDivElement | null>, { type }: SigningInView) {
  useEffect(() => {
    const inside = body.current?.contains(document.activeElement) === true;
    const retry = body.current?.querySelector<HTMLElement>("[data-testid=try-again]");
    if (type === "failed") retry?.focus();
    else if (!inside) body.current?.focus();
  }, [body, type]);
}
