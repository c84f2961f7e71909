import { ArrowRightLeft, Info } from "lucide-react";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import type { DetailsView } from "../../gen/DetailsView";
import { later } from "../../later";
import styles from "./Details.module.css";

const DetailsSheet = later(() => import("./DetailsSheet"));

const css = classes(styles);

/** Opens how an answer came about. */
export function DetailsButton({ details }: { readonly details: DetailsView }) {
  const { trigger, sheet } = useSheet(details);
  return (
    <>
      <LightButton label="Details" data-testid="details" {...trigger}>
        <Info size={15} />
      </LightButton>
      {sheet}
    </>
  );
}

/** That another model answered than the one that was asked for: quiet, since nothing is broken, and always there. */
export function OtherModel({ details }: { readonly details: DetailsView }) {
  const { trigger, sheet } = useSheet(details);
  const { onPress, ...props } = trigger;
  return (
    <>
      <button
        {...props}
        type="button"
        className={css("other")}
        data-testid="other-model"
        data-hint="Another model answered than the one that was asked for"
        onClick={onPress}
      >
        <ArrowRightLeft size={13} aria-hidden="true" />
        <span>
          Answered by <bdi>{details.model_used}</bdi>, not <bdi>{details.model_asked}</bdi>
        </span>
      </button>
      {sheet}
    </>
  );
}

/** What a button has to have that opens the details, and what it opens. */
function useSheet(details: DetailsView): { trigger: Trigger; sheet: ReactNode } {
  const ref = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const sheet = open && (
    <Suspense fallback={null}>
      <DetailsSheet details={details} button={ref} onClose={() => setOpen(false)} />
    </Suspense>
  );
  return {
    trigger: { ref, "aria-haspopup": "dialog", "aria-expanded": open, onPress: () => setOpen(true) },
    sheet,
  };
}

interface Trigger {
  readonly ref: React.RefObject<HTMLButtonElement | null>;
  readonly "aria-haspopup": "dialog";
  readonly "aria-expanded": boolean;
  readonly onPress: () => void;
}
