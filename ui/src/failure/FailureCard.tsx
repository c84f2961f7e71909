import { ChevronRight, RotateCcw, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { Button as AriaButton, Disclosure, DisclosurePanel } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { left, useLeft } from "../design/useLeft";
import type { Failure } from "../gen/Failure";
import styles from "./FailureCard.module.css";
import { failureTitle, mendedInSettings } from "./words";

const css = classes(styles);

/** What went wrong, and what can be done about it. */
export function FailureCard({
  failure,
  title = failureTitle(failure),
  grave = true,
  onRetry,
  onSettings,
}: {
  readonly failure: Failure;
  readonly title?: string;
  /** Whether nothing was gained; an answer that broke off is worth something. */
  readonly grave?: boolean;
  readonly onRetry?: () => void;
  readonly onSettings?: () => void;
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
        <div className={css("actions")}>
          {onRetry !== undefined && (
            <Button data-testid="try-again" onPress={onRetry}>
              <RotateCcw size={14} aria-hidden="true" />
              Try again
            </Button>
          )}
          {onSettings !== undefined && mendedInSettings(failure) && (
            <Button weight="quiet" onPress={onSettings}>
              Connection settings
            </Button>
          )}
        </div>
        {typeof failure.detail === "string" && failure.detail !== "" && <Detail text={failure.detail} />}
      </div>
    </section>
  );
}

/** For whoever runs the server. */
export function Detail({ text }: { readonly text: string }) {
  return (
    <Disclosure className={css("detail")}>
      <AriaButton slot="trigger" className={css("toggle")}>
        <ChevronRight size={13} aria-hidden="true" />
        Details
      </AriaButton>
      <DisclosurePanel>
        <pre className={css("text")}>{text}</pre>
      </DisclosurePanel>
    </Disclosure>
  );
}
