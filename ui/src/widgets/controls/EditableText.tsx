import { useRef } from "react";
import { Input, TextArea, TextField } from "react-aria-components";
import { classes } from "../../design/classes";
import type { Editable } from "../../gen/widget/Editable";
import type { Text } from "../../gen/widget/Text";
import { TEXT_SIZES, textSizeOf, textStyle } from "../look";
import styles from "./fields.module.css";
import { useField } from "./forms";
import { useNaming } from "./naming";
import { selectAll, usablePattern, useFirstFocus, useGrowth } from "./typing";
import { Wrong } from "./Wrong";

const css = classes(styles);

/** The most lines that a text grows to while it is written over. */
const MOST_LINES = 20;

/** A text that can be written over in its place. What has one line stays one; Enter submits its form. */
export function EditableText({ text }: { readonly text: Text }) {
  return text.editable === null ? null : <Over text={text} editable={text.editable} />;
}

function Over({ text, editable }: { readonly text: Text; readonly editable: Editable }) {
  const { value, set } = useField<string>(editable.name, text.value, false);
  const naming = useNaming(editable.name, editable.placeholder);
  const pattern = usablePattern(editable.pattern);
  const hasLines = text.value.includes("\n") || (text.min_lines ?? 1) > 1;
  return (
    <TextField
      {...naming.aria}
      {...(naming.id === undefined ? {} : { id: naming.id })}
      {...(pattern === undefined ? {} : { pattern })}
      className={css("field", "wide")}
      style={{
        ...textStyle(text.look),
        fontSize: textSizeOf(TEXT_SIZES, text.look.size, "md"),
        ...(text.italic ? { fontStyle: "italic" } : {}),
        ...(text.line_through ? { textDecoration: "line-through" } : {}),
        ...(text.width === null ? {} : { width: text.width }),
      }}
      value={value}
      onChange={set}
      isRequired={editable.required}
      validationBehavior="native"
      autoComplete={editable.autofill ?? "off"}
    >
      {hasLines ? (
        <Lines editable={editable} value={value} rows={text.min_lines ?? 2} />
      ) : (
        <Line editable={editable} />
      )}
      <Wrong />
    </TextField>
  );
}

function Line({ editable }: { readonly editable: Editable }) {
  const field = useRef<HTMLInputElement>(null);
  useFirstFocus(field, editable.auto_focus);
  return (
    <Input
      ref={field}
      className={css("inline")}
      placeholder={editable.placeholder ?? ""}
      {...(editable.auto_select ? { onFocus: selectAll } : {})}
    />
  );
}

function Lines({
  editable,
  value,
  rows,
}: {
  readonly editable: Editable;
  readonly value: string;
  readonly rows: number;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  useFirstFocus(field, editable.auto_focus);
  useGrowth(field, value, Math.max(rows, MOST_LINES));
  return (
    <TextArea
      ref={field}
      className={css("inline")}
      rows={rows}
      placeholder={editable.placeholder ?? ""}
      {...(editable.auto_select ? { onFocus: selectAll } : {})}
    />
  );
}
