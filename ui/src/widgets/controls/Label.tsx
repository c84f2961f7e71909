import { classes } from "../../design/classes";
import type { TextLook } from "../../gen/widget/TextLook";
import { TEXT_SIZES, textSizeOf, textStyle } from "../look";
import styles from "./fields.module.css";
import { useLabel } from "./naming";

const css = classes(styles);

/** What a control is called, wherever in the widget it stands. Pressing it leads to the control and changes nothing. */
export function Label({
  value,
  field,
  look,
}: {
  readonly value: string;
  readonly field: string;
  readonly look: TextLook;
}) {
  const { id, of, focus } = useLabel(field);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: with the keyboard the control itself is reached
    <label
      id={id}
      htmlFor={of}
      className={css("label", look.truncate && "cut", look.max_lines !== null && "clamped")}
      style={{
        ...textStyle(look),
        fontSize: look.size === null ? undefined : textSizeOf(TEXT_SIZES, look.size, "md"),
        ...(look.align === null ? {} : { width: "100%" }),
      }}
      onClick={(event) => {
        event.preventDefault();
        focus();
      }}
    >
      {value}
    </label>
  );
}
