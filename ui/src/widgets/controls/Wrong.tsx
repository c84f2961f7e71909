import { useContext, useState } from "react";
import { FieldError, FieldErrorContext } from "react-aria-components";
import { classes } from "../../design/classes";
import styles from "./fields.module.css";

const css = classes(styles);

/**
 * What is wrong with a field. Its room stays once it is mended: that happens when the pointer goes down on the next
 * thing, which would move away from under it and never be pressed.
 */
export function Wrong() {
  const isWrong = useContext(FieldErrorContext)?.isInvalid === true;
  const [wasWrong, setWasWrong] = useState(false);
  if (isWrong && !wasWrong) setWasWrong(true);
  if (!isWrong && wasWrong) {
    return (
      <span className={css("error")} aria-hidden="true">
        {"\u00a0"}
      </span>
    );
  }
  return <FieldError className={css("error")} />;
}
