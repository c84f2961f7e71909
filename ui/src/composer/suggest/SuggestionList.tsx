import { ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { classes } from "../../design/classes";
import { type Choice, grouped } from "./choices";
import styles from "./Suggestions.module.css";
import { optionId, type Suggestions } from "./useSuggestions";

const css = classes(styles);

/** What can be chosen, above the message field, which keeps the focus and says which one is marked. */
export function SuggestionList({ list }: { readonly list: Suggestions }) {
  const { id, label, choices, active, told, mark } = list;
  return (
    <div className={css("place")} data-testid="suggestions">
      {choices.length > 0 && (
        <div role="listbox" id={id} aria-label={label} className={css("list")}>
          {grouped(choices).map(({ group, choices: own }, index) => {
            const heading = `${id}-group-${index}`;
            const options = own.map((choice) => {
              const at = choices.indexOf(choice);
              return (
                <Option
                  key={choice.id}
                  id={optionId(id, at)}
                  choice={choice}
                  active={at === active}
                  onMark={() => mark(at)}
                />
              );
            });
            if (group === null) return options;
            return (
              // biome-ignore lint/a11y/useSemanticElements: there is no element for a group in a list to choose from
              <div key={group} role="group" aria-labelledby={heading}>
                <div role="presentation" id={heading} className={css("group")}>
                  {group}
                </div>
                {options}
              </div>
            );
          })}
        </div>
      )}
      <p className={css("told")} role="status">
        {told}
      </p>
    </div>
  );
}

function Option({
  id,
  choice,
  active,
  onMark,
}: {
  readonly id: string;
  readonly choice: Choice;
  readonly active: boolean;
  readonly onMark: () => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the message field
    <div
      ref={element}
      role="option"
      id={id}
      tabIndex={-1}
      aria-selected={active}
      className={css("option")}
      // The focus stays in the message field.
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={active ? undefined : onMark}
      onClick={() => choice.choose()}
    >
      <span className={css("icon")}>{choice.icon}</span>
      <span className={css("words")}>
        <bdi className={css("label")}>{choice.label}</bdi>
        {choice.description && <span className={css("description")}>{choice.description}</span>}
      </span>
      {choice.keys !== undefined && <kbd aria-hidden="true">{choice.keys}</kbd>}
      {choice.opens && <ChevronRight size={14} aria-hidden="true" />}
    </div>
  );
}
