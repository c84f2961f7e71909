import { classes } from "../../design/classes";
import type { Action } from "../../gen/widget/Action";
import type { BoxLook } from "../../gen/widget/BoxLook";
import type { Node } from "../../gen/widget/Node";
// biome-ignore lint/suspicious/noImportCycles: a form holds components, and is one
import { Component } from "../Component";
import { FormScope } from "./forms";
import styles from "./scope.module.css";

const css = classes(styles);

/** Controls whose values go together. How they stand is how a box stands. */
export function Form({
  look,
  action,
  nodes,
}: {
  readonly look: BoxLook;
  readonly action: Action | null;
  readonly nodes: Node[];
}) {
  return (
    <FormScope action={action} place="form" className={css("form")}>
      <Component node={{ type: "Box", look, children: nodes }} />
    </FormScope>
  );
}
