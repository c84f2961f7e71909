import { useEffect, useRef, useState } from "react";
import { Heading } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { addressOf } from "../markdown/address";
import { Overlay } from "../overlay/Overlay";
import { useClient, useView } from "../state/context";
import { parted } from "./address";
import styles from "./LinkDialog.module.css";

const css = classes(styles);

/** Shows where a link goes, before it goes there: the words of a link are the server's, and may say anything. */
export default function LinkDialog() {
  const url = useView((view) => (view.overlay?.kind === "link" ? view.overlay.url : ""));
  return (
    <Overlay className={css("modal")} testId="link-dialog">
      <Question url={url} />
    </Overlay>
  );
}

function Question({ url }: { readonly url: string }) {
  const client = useClient();
  const [failure, setFailure] = useState<Failure | null>(null);
  // As it will be opened, which is not always as it was written: no letter here looks like another one.
  const { href, shown } = addressOf(url);
  const close = () => client.closeOverlay();

  function follow() {
    setFailure(null);
    client.followLink(href ?? "").then(close, (thrown: unknown) => setFailure(asFailure(thrown)));
  }

  return (
    <div className={css("body")}>
      <Heading slot="title" className={css("title")}>
        {href === null ? "This link cannot be opened" : "Open this link?"}
      </Heading>
      <Address url={href ?? shown} />
      {href === null && (
        <p className={css("refused")}>Kittiwake opens only web and mail addresses, and this is neither.</p>
      )}
      {failure !== null && (
        <div role="alert">
          <FailureCard failure={failure} title="The link was not opened" />
        </div>
      )}
      <div className={css("buttons")}>
        <Button autoFocus={href === null} onPress={close}>
          Cancel
        </Button>
        <Button
          onPress={() => {
            client.copyText(href ?? url);
            close();
          }}
        >
          Copy address
        </Button>
        {href !== null && (
          <Button weight="primary" autoFocus onPress={follow}>
            {href.startsWith("mailto:") ? "Write a mail" : "Open in browser"}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The whole address, and in it who answers there; that part is in sight however long the rest is. */
function Address({ url }: { readonly url: string }) {
  const who = useRef<HTMLElement>(null);
  const { before, host, after } = parted(url);
  useEffect(() => who.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <p className={css("address")} dir="ltr" data-testid="link-address">
      {before}
      <strong ref={who}>{host}</strong>
      {after}
    </p>
  );
}
