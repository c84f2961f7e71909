import { useEffect, useRef } from "react";
import { classes } from "./classes";
import styles from "./RenameField.module.css";

const css = classes(styles);

/** A title while it is being changed: Enter or leaving keeps it, Escape does not. */
export function RenameField({
  title,
  label,
  onDone,
}: {
  readonly title: string;
  readonly label: string;
  /** The new title, or nothing if the old one stays. */
  readonly onDone: (title: string | null) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  function finish(result: string | null) {
    // Leaving follows Enter and Escape when the field goes away; only the first word counts.
    if (done.current) return;
    done.current = true;
    onDone(result);
  }

  return (
    <input
      ref={input}
      className={css("field")}
      defaultValue={title}
      aria-label={label}
      maxLength={200}
      spellCheck={false}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.keyCode === 229) return;
        if (event.key === "Enter") finish(event.currentTarget.value);
        else if (event.key === "Escape") finish(null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
