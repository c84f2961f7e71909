import { ChevronDown } from "lucide-react";
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { classes } from "../design/classes";
import type { FormField } from "../gen/FormField";
import overlay from "../overlay/Overlay.module.css";
import form from "../settings/ConnectionForm.module.css";
import styles from "./OptionsSheet.module.css";

const css = classes(styles);
const base = classes(form);
const over = classes(overlay);

/** The name of a model: one of those that the server tells of, or whatever is typed. */
export function ModelField({
  field,
  value,
  placeholder,
  models,
  onChange,
}: {
  readonly field: FormField;
  readonly value: string;
  readonly placeholder: string;
  readonly models: readonly string[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <ComboBox
      className={base("field")}
      allowsCustomValue
      allowsEmptyCollection={false}
      menuTrigger="manual"
      inputValue={value}
      onInputChange={onChange}
      defaultItems={models.map((id) => ({ id }))}
    >
      <Label className={base("label")}>{field.label}</Label>
      <div className={css("combo")}>
        <Input
          className={base("input")}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck="false"
          data-testid="options-model"
        />
        {models.length > 0 && (
          <Button className={css("arrow")} aria-label="Models of the server">
            <ChevronDown size={15} aria-hidden="true" />
          </Button>
        )}
      </div>
      <Text slot="description" className={base("help")}>
        {field.help}
      </Text>
      <Popover className={`${over("popover")} ${css("list")}`}>
        <ListBox className={over("menu")}>
          {({ id }: { readonly id: string }) => (
            <ListBoxItem id={id} className={over("choice")} textValue={id}>
              <bdi>{id}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
