import type { ReactNode } from "react";
import type { Node } from "../../gen/widget/Node";
import "./colours.css";
// biome-ignore lint/suspicious/noImportCycles: a button shows an icon, which is a component like the button
import { Button } from "./Button";
import { Chart } from "./Chart";
import { Checkbox, RadioGroup } from "./Choices";
import { DatePicker } from "./DatePicker";
import { EditableText } from "./EditableText";
import { Field } from "./Field";
// biome-ignore lint/suspicious/noImportCycles: a form holds components, and is one
import { Form } from "./Form";
import { Label } from "./Label";
import { Select } from "./Select";

export { EditableText } from "./EditableText";

/** What the person works with: buttons, fields, forms, charts. Everything else is nothing here. */
export function Control({ node }: { readonly node: Node }): ReactNode {
  switch (node.type) {
    case "Button":
      return <Button node={node} />;
    case "Input":
    case "Textarea":
      return <Field node={node} />;
    case "Select":
      return <Select node={node} />;
    case "DatePicker":
      return <DatePicker node={node} />;
    case "Checkbox":
      return <Checkbox node={node} />;
    case "RadioGroup":
      return <RadioGroup node={node} />;
    case "Label":
      return <Label value={node.value} field={node.field} look={node.look} />;
    case "Form":
      return <Form look={node.look} action={node.on_submit} nodes={node.children} />;
    case "Chart":
      return <Chart chart={node} />;
    case "Text":
      return node.editable === null ? null : <EditableText text={node} />;
    default:
      return null;
  }
}
