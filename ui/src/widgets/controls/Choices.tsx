import { Check } from "lucide-react";
import { RadioGroup as AriaRadioGroup, CheckboxButton, CheckboxField, Radio } from "react-aria-components";
import { classes } from "../../design/classes";
import type { Checkbox as CheckboxNode } from "../../gen/widget/Checkbox";
import type { RadioGroup as RadioGroupNode } from "../../gen/widget/RadioGroup";
import { useAction } from "./actions";
import styles from "./fields.module.css";
import { useField } from "./forms";
import { keyOf, placeOf, valueAt } from "./keys";
import { readable, useNaming } from "./naming";
import { Wrong } from "./Wrong";

const css = classes(styles);

/** Yes or no. */
export function Checkbox({ node }: { readonly node: CheckboxNode }) {
  const { press, blocked } = useAction(node.on_change, "choice");
  const isDisabled = node.disabled || blocked;
  const { value, set } = useField<boolean>(node.name, node.checked, node.disabled);
  const naming = useNaming(node.name, null);
  return (
    <CheckboxField
      // What stands beside it is its name.
      {...(node.label === null ? naming.aria : {})}
      {...(naming.id === undefined ? {} : { id: naming.id })}
      className={css("field")}
      isSelected={value}
      onChange={(next) => {
        set(next);
        press({ name: node.name, value: next });
      }}
      isRequired={node.required}
      isDisabled={isDisabled}
      validationBehavior="native"
    >
      <CheckboxButton className={css("tick")}>
        <span className={css("mark")} aria-hidden="true">
          {value && <Check size={12} strokeWidth={3} />}
        </span>
        {node.label}
      </CheckboxButton>
      <Wrong />
    </CheckboxField>
  );
}

/** One of several, all in sight. */
export function RadioGroup({ node }: { readonly node: RadioGroupNode }) {
  const { press, blocked } = useAction(node.on_change, "choice");
  const { value, set } = useField<string | null>(node.name, chosenIn(node), node.disabled);
  // A name that the server gave for the ear is better than one made of the control's.
  const naming = useNaming(node.name, node.label === node.name ? readable(node.name) : node.label);
  return (
    <AriaRadioGroup
      {...naming.aria}
      {...(naming.id === undefined ? {} : { id: naming.id })}
      className={css("field")}
      value={keyOf(node.options, value)}
      onChange={(key) => {
        const next = valueAt(node.options, key);
        set(next);
        press({ name: node.name, value: next });
      }}
      orientation={node.direction === "row" ? "horizontal" : "vertical"}
      isRequired={node.required}
      isDisabled={node.disabled || blocked}
      validationBehavior="native"
    >
      <div className={css("choices", node.direction === "col" && "col")}>
        {node.options.map((choice, place) => (
          <Radio
            key={placeOf(place)}
            value={placeOf(place)}
            isDisabled={choice.disabled}
            className={css("choice")}
          >
            <span className={css("ring")} aria-hidden="true" />
            <span>
              {choice.label}
              {choice.description !== null && <span className={css("about")}>{choice.description}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <Wrong />
    </AriaRadioGroup>
  );
}

/** A choice at first that is none of the choices is no choice. */
function chosenIn({ value, options }: Pick<RadioGroupNode, "value" | "options">): string | null {
  return options.some((choice) => choice.value === value) ? value : null;
}
