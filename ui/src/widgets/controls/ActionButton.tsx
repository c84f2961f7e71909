import { LoaderCircle } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { Button as AriaButton, ProgressBar } from "react-aria-components";
import { classes } from "../../design/classes";
import type { ControlSize } from "../../gen/widget/ControlSize";
import type { Tone } from "../../gen/widget/Tone";
import type { Variant } from "../../gen/widget/Variant";
import styles from "./buttons.module.css";
import { SubmissionContext } from "./fields";
import { sizeClass } from "./look";

const css = classes(styles);

/** How a button of a widget looks. */
export interface Appearance {
  readonly tone: Tone;
  readonly variant: Variant;
  readonly size: ControlSize;
  readonly pill?: boolean;
  readonly uniform?: boolean;
  readonly block?: boolean;
}

/** A button of a widget, with what it says; while it is busy it keeps its place and the focus. */
export function ActionButton({
  look,
  label,
  isBusy,
  isDisabled,
  submits = false,
  onPress,
  children,
}: {
  readonly look: Appearance;
  /** What is read aloud where it shows no words. */
  readonly label?: string | undefined;
  readonly isBusy: boolean;
  readonly isDisabled: boolean;
  /** Whether the browser submits the form with it. */
  readonly submits?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}) {
  const { tone, variant, size, pill = false, uniform = false, block = false } = look;
  return (
    <AriaButton
      type={submits ? "submit" : "button"}
      className={`${css(
        "button",
        tone,
        variant,
        pill && "pill",
        uniform && "uniform",
        block && "block",
      )} ${sizeClass(size)}`}
      {...(label === undefined ? {} : { "aria-label": label })}
      isPending={isBusy}
      isDisabled={isDisabled && !isBusy}
      onPress={onPress}
    >
      {isBusy && (
        <ProgressBar isIndeterminate aria-label="Working" className={css("busy")}>
          <LoaderCircle size={14} aria-hidden="true" />
        </ProgressBar>
      )}
      {isBusy && uniform ? null : children}
    </AriaButton>
  );
}

/** A button that submits the form around, or does what it does itself where that form has nothing to ask for. */
export function SubmitButton({
  own,
  ...props
}: Omit<Parameters<typeof ActionButton>[0], "onPress" | "submits"> & {
  /** What the button itself asks for. */
  readonly own: () => void;
}) {
  const submission = useContext(SubmissionContext);
  if (submission === null) return <ActionButton {...props} onPress={own} />;
  const { hasAction, loading, blocked, submit } = submission;
  return (
    <ActionButton
      {...props}
      submits={submit === null}
      isBusy={props.isBusy || loading}
      isDisabled={props.isDisabled || blocked}
      onPress={() => {
        if (!hasAction) submission.instead(own);
        submit?.();
      }}
    />
  );
}
