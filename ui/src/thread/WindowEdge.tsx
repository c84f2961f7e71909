import { ChevronRight } from "lucide-react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../design/classes";
import type { ContextView } from "../gen/ContextView";
import styles from "./WindowEdge.module.css";

const css = classes(styles);

/** From here on the conversation is still sent: what its model can read is full, and by the rule the oldest turns give way. */
export function WindowEdge({ context: { model, summary } }: { readonly context: ContextView }) {
  return (
    <div className={css("edge")} data-testid="window-edge">
      <p className={css("words")}>
        <span>
          What stands above is not sent any more: the window of <bdi>{model}</bdi> is full.
        </span>
      </p>
      {summary !== null && (
        <Disclosure className={css("summary")}>
          <Button slot="trigger" className={css("toggle")}>
            <ChevronRight size={13} aria-hidden="true" />A summary is sent instead
          </Button>
          <DisclosurePanel>
            <p className={css("text")} dir="auto">
              {summary}
            </p>
          </DisclosurePanel>
        </Disclosure>
      )}
    </div>
  );
}
