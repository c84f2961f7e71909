import type { ReactNode } from "react";
import { Button } from "../design/Button";

interface Props {
  /** What is asked, for a screen reader. */
  readonly label: string;
  /** What would be lost. */
  readonly children: ReactNode;
  /** What the button says that goes through with it. */
  readonly yes?: string;
  readonly onYes: () => void;
  readonly onKeep: () => void;
  /** Which answer the keyboard begins with: the careful one where nothing brings back what is lost. */
  readonly first?: "yes" | "keep";
  readonly className: string | undefined;
  /** How the buttons stand. */
  readonly answers?: string | undefined;
}

/** Asks again before something is removed, in the place where that was asked for. */
export function Sure({
  label,
  children,
  yes = "Remove",
  onYes,
  onKeep,
  first = "yes",
  className,
  answers,
}: Props) {
  const buttons = (
    <>
      <Button weight="danger" autoFocus={first === "yes"} onPress={onYes}>
        {yes}
      </Button>
      <Button autoFocus={first === "keep"} onPress={onKeep}>
        Keep
      </Button>
    </>
  );
  return (
    <div className={className} role="alertdialog" aria-label={label}>
      <p>{children}</p>
      {answers === undefined ? buttons : <div className={answers}>{buttons}</div>}
    </div>
  );
}
