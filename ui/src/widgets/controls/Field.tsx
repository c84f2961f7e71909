import { useRef } from "react";
import { Input, TextArea, TextField } from "react-aria-components";
import { classes } from "../../design/classes";
import type { Field as FieldNode } from "../../gen/widget/Field";
import styles from "./fields.module.css";
import { useField } from "./forms";
import { GoesTo } from "./GoesTo";
import { boxClass } from "./look";
import { useNaming } from "./naming";
import { asked, selectAll, usablePattern, useFirstFocus, useGrowth } from "./typing";
import { Wrong } from "./Wrong";

const css = classes(styles);

/** A field for text: one line, or several where it has rows. */
export function Field({ node }: { readonly node: FieldNode }) {
  const { value, set } = useField<string>(node.name, node.value ?? "", node.disabled);
  const naming = useNaming(node.name, node.placeholder);
  const isSecret = node.input === "password";
  const pattern = usablePattern(node.pattern);
  return (
    <TextField
      {...naming.aria}
      {...(naming.id === undefined ? {} : { id: naming.id })}
      {...(pattern === undefined ? {} : node.rows === null ? { pattern } : { validate: asked(pattern) })}
      className={css("field", "wide")}
      type={node.input}
      value={value}
      onChange={set}
      isRequired={node.required}
      isDisabled={node.disabled}
      validationBehavior="native"
      // A secret is typed for this server, and never filled in by somebody else.
      autoComplete={isSecret ? "new-password" : node.autofill ? "on" : "off"}
      spellCheck={node.rows === null ? "false" : "true"}
    >
      {node.rows === null ? <Line node={node} /> : <Lines node={node} value={value} rows={node.rows} />}
      {isSecret && <GoesTo />}
      <Wrong />
    </TextField>
  );
}

function boxOf(node: FieldNode, ...more: (string | false)[]): string {
  return boxClass(node, node.gutter !== null && `gutter-${node.gutter}`, ...more);
}

function Line({ node }: { readonly node: FieldNode }) {
  const field = useRef<HTMLInputElement>(null);
  useFirstFocus(field, node.auto_focus);
  return (
    <Input
      ref={field}
      className={boxOf(node)}
      placeholder={node.placeholder ?? ""}
      {...(node.input === "number" ? { step: "any" } : {})}
      {...(node.auto_select ? { onFocus: selectAll } : {})}
    />
  );
}

function Lines({
  node,
  value,
  rows,
}: {
  readonly node: FieldNode;
  readonly value: string;
  readonly rows: number;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  useFirstFocus(field, node.auto_focus);
  useGrowth(field, value, node.max_rows);
  return (
    <TextArea
      ref={field}
      className={boxOf(node, "lines")}
      rows={rows}
      placeholder={node.placeholder ?? ""}
      {...(node.auto_select ? { onFocus: selectAll } : {})}
    />
  );
}
