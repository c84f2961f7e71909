import { ChevronRight, RotateCcw, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Button as AriaButton, Disclosure, DisclosurePanel } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
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
  const wait = useCountdown(failure);
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
        {wait > 0 && <p className={css("wait")}>The server asks to wait {seconds(wait)}.</p>}
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

/** The seconds that are left until the server wants to be asked again. */
function useCountdown(failure: Failure): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = Date.now() + (failure.retry_after_ms ?? 0);
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    if (until <= Date.now()) return;
    const timer = setInterval(() => {
      tick();
      if (until <= Date.now()) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [failure]);
  return left;
}

function seconds(count: number): string {
  if (count < 90) return count === 1 ? "1 second" : `${count} seconds`;
  return `${Math.ceil(count / 60)} minutes`;
}
