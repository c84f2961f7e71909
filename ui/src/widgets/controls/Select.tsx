import { ChevronDown, Search, X } from "lucide-react";
import { useMemo } from "react";
import {
  Select as AriaSelect,
  Autocomplete,
  Button,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  SelectValue,
  Text,
  useFilter,
} from "react-aria-components";
import { classes } from "../../design/classes";
import type { Choice } from "../../gen/widget/Choice";
import type { Select as SelectNode } from "../../gen/widget/Select";
import overlay from "../../overlay/Overlay.module.css";
import { useAction } from "./actions";
import fields from "./fields.module.css";
import { useField } from "./forms";
import { keyOf, placeOf, valueAt } from "./keys";
import { boxClass } from "./look";
import { useNaming } from "./naming";
import styles from "./opening.module.css";

const css = classes(styles);
const base = classes(fields);
const over = classes(overlay);

/** One of a list that opens, with a search where the list is long. */
export function Select({ node }: { readonly node: SelectNode }) {
  const { press, blocked } = useAction(node.on_change, "choice");
  const isDisabled = node.disabled || blocked;
  const first = node.options.some(({ value }) => value === node.value) ? node.value : null;
  const { value, set } = useField<string | null>(node.name, first, node.disabled);
  const naming = useNaming(node.name, node.placeholder);

  function choose(next: string | null) {
    if (next === value) return;
    set(next);
    press({ name: node.name, value: next });
  }

  const name = "aria-label" in naming.aria ? naming.aria["aria-label"] : undefined;
  return (
    <div id={naming.id} className={base("field", node.block ? "wide" : "narrow")}>
      <AriaSelect
        {...naming.aria}
        className={css("line")}
        value={keyOf(node.options, value)}
        onChange={(key) => choose(valueAt(node.options, key))}
        placeholder={node.placeholder ?? "Choose"}
        isDisabled={isDisabled}
      >
        <Button className={`${boxClass(node)} ${css("opener")}`}>
          <SelectValue className={css("value")}>
            {({ isPlaceholder, defaultChildren }) =>
              isPlaceholder ? defaultChildren : labelOf(node.options, value)
            }
          </SelectValue>
          <ChevronDown size={15} aria-hidden="true" />
        </Button>
        {node.clearable && value !== null && (
          <Button
            slot={null}
            className={css("small")}
            aria-label={name === undefined ? "Clear the choice" : `Clear ${name}`}
            isDisabled={isDisabled}
            onPress={() => choose(null)}
          >
            <X size={14} aria-hidden="true" />
          </Button>
        )}
        <Popover className={`${over("popover")} ${css("list")}`}>
          {node.searchable ? <Searched options={node.options} /> : <Options options={node.options} />}
        </Popover>
      </AriaSelect>
    </div>
  );
}

function labelOf(options: readonly Choice[], value: string | null): string {
  return options.find((choice) => choice.value === value)?.label ?? "";
}

/** The choices below a field that what is typed into narrows them down. */
function Searched({ options }: { readonly options: readonly Choice[] }) {
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <Autocomplete filter={contains}>
      <SearchField className={css("search")} aria-label="Search" autoFocus>
        <Search size={14} aria-hidden="true" />
        <Input placeholder="Search" autoComplete="off" spellCheck="false" />
      </SearchField>
      <Options options={options} />
    </Autocomplete>
  );
}

function Options({ options }: { readonly options: readonly Choice[] }) {
  const items = useMemo(() => options.map((choice, place) => ({ id: placeOf(place), choice })), [options]);
  return (
    <ListBox
      className={`${over("menu")} ${css("options")}`}
      items={items}
      renderEmptyState={() => <div className={css("nothing")}>Nothing found</div>}
    >
      {({ id, choice }) => (
        <ListBoxItem
          id={id}
          textValue={choice.label}
          isDisabled={choice.disabled}
          className={`${over("choice")} ${css("option")}`}
        >
          <Text slot="label">{choice.label}</Text>
          {choice.description !== null && (
            <Text slot="description" className={css("about")}>
              {choice.description}
            </Text>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}
