import { ArrowRightLeft, ExternalLink, RotateCcw, TriangleAlert } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Disclosure, DisclosurePanel } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { Toggle } from "../design/Toggle";
import { left, useLeft } from "../design/useLeft";
import type { Failure } from "../gen/Failure";
import { useClient } from "../state/context";
import styles from "./FailureCard.module.css";
import { type MapText, Places } from "./Places";
import { failureTitle, mendedInSettings } from "./words";

const css = classes(styles);

/** What went wrong, and what can be done about it. */
export function FailureCard({
  failure,
  title = failureTitle(failure),
  grave = true,
  onRetry,
  instead,
  onSettings,
  onMapping,
  children,
}: {
  readonly failure: Failure;
  readonly title?: string;
  /** Whether nothing was gained; an answer that broke off is worth something. */
  readonly grave?: boolean;
  readonly onRetry?: () => void;
  /** Somebody else who can be asked, and what asks them. */
  readonly instead?: { readonly name: string; readonly onAsk: () => void };
  readonly onSettings?: () => void;
  /** Says where the text stands, where that is the trouble. */
  readonly onMapping?: MapText;
  /** More that can be done about it. */
  readonly children?: ReactNode;
}) {
  const wait = useLeft(useMemo(() => Date.now() + (failure.retry_after_ms ?? 0), [failure]));
  return (
    <section
      className={css("card", !grave && "mild")}
      data-testid="failure"
      data-code={failure.code}
      aria-label={title}
    >
      <TriangleAlert className={css("icon")} size={17} aria-hidden="true" />
      <div className={css("words")}>
        <p className={css("title")}>{title}</p>
        <p className={css("message")}>{failure.message}</p>
        {wait > 0 && <p className={css("wait")}>Another try makes sense in {left(wait)}.</p>}
        {onMapping !== undefined && <Places failure={failure} onUse={onMapping} />}
        <div className={css("actions")}>
          {onRetry !== undefined && (
            <Button data-testid="try-again" onPress={onRetry}>
              <RotateCcw size={14} aria-hidden="true" />
              Try again
            </Button>
          )}
          {instead !== undefined && (
            <Button data-testid="ask-next" onPress={instead.onAsk}>
              <ArrowRightLeft size={14} aria-hidden="true" />
              Ask {instead.name} instead
            </Button>
          )}
          {children}
          <PageButton failure={failure} />
          {onSettings !== undefined && mendedInSettings(failure) && (
            <Button weight="quiet" onPress={onSettings}>
              Connection settings
            </Button>
          )}
        </div>
        {(onMapping === undefined || !failure.mapping) &&
          typeof failure.detail === "string" &&
          failure.detail !== "" && <Detail text={failure.detail} />}
      </div>
    </section>
  );
}

/** A page that stands in the way can be looked at in the browser, once the dialog has shown where that is. */
export function PageButton({ failure }: { readonly failure: Failure }) {
  return typeof failure.page === "string" ? <OpenPage page={failure.page} /> : null;
}

function OpenPage({ page }: { readonly page: string }) {
  const client = useClient();
  return (
    <Button onPress={() => client.openLink(page)}>
      <ExternalLink size={14} aria-hidden="true" />
      Open in the browser
    </Button>
  );
}

/** For whoever runs the server. */
export function Detail({ text }: { readonly text: string }) {
  return (
    <Disclosure className={css("detail")}>
      <Toggle look="button">Details</Toggle>
      <DisclosurePanel>
        <pre className={css("text")}>{text}</pre>
      </DisclosurePanel>
    </Disclosure>
  );
}
