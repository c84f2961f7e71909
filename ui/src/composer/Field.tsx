import { type KeyboardEvent, useId, useLayoutEffect, useRef } from "react";
import { classes } from "../design/classes";
import { useClient, useConnection, useView } from "../state/context";
import { EMPTY_DRAFT } from "../state/drafts";
import { endingAt } from "../state/mentions";
import { useStore } from "../state/store";
import { isFiles } from "./attachments/pasted";
import { Chips, MentionedWords } from "./Chips";
import styles from "./Field.module.css";
import { sends, takenByInputMethod } from "./keys";
import { COMPOSER } from "./place";
import { SuggestionList } from "./suggest/SuggestionList";
import { optionId, useSuggestions } from "./suggest/useSuggestions";
import { useChoices } from "./useChoices";
import type { Editing } from "./useEditor";
import { lie, useGrowth } from "./useGrowth";

const css = classes(styles);

/** The field itself: a plain one, with what is mentioned drawn behind its words and a list above it. */
export function Field({
  editing,
  disabled,
  label,
  placeholder,
  hint,
  onSend,
}: {
  readonly editing: Editing;
  readonly disabled: boolean;
  readonly label: string;
  readonly placeholder: string;
  /** The id of what is said beside it. */
  readonly hint: string;
  readonly onSend: () => void;
}) {
  const client = useClient();
  const open = useView((view) => view.open);
  const connection = useConnection();
  const draft = useStore(client.drafts.all, (all) => all.get(open) ?? EMPTY_DRAFT);
  const { field, menu, closeMenu } = editing;
  const layer = useRef<HTMLDivElement>(null);
  const composedAt = useRef<number | null>(null);
  const about = useId();
  const known = useChoices({ open, connection, draft, editing });
  const { list, onKey } = useSuggestions({ ...known, menu, closeMenu });

  useLayoutEffect(() => field.current?.focus(), [field]);
  useGrowth(field, layer, draft.text);

  /** The caret, where nothing is selected. */
  function stand({ selectionStart, selectionEnd }: HTMLTextAreaElement) {
    editing.stand(selectionStart === selectionEnd ? selectionEnd : null);
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    const { key, keyCode, shiftKey, ctrlKey, metaKey, altKey, timeStamp } = event;
    const { isComposing } = event.nativeEvent;
    const pressed = { key, keyCode, isComposing, shiftKey, ctrlKey, metaKey, altKey, timeStamp };
    if (!takenByInputMethod(pressed, composedAt.current) && onKey(event) === "taken") {
      event.preventDefault();
      return;
    }
    if (key === "Backspace") selectMention(event.currentTarget);
    if (!sends(pressed, composedAt.current)) return;
    event.preventDefault();
    onSend();
  }

  /** What is mentioned right before the caret is selected, so that the key that follows takes all of it. */
  function selectMention(field: HTMLTextAreaElement) {
    if (field.selectionStart !== field.selectionEnd) return;
    const mention = endingAt(draft.mentions, field.selectionEnd);
    if (mention !== null) field.setSelectionRange(mention.at, field.selectionEnd);
  }

  return (
    <>
      <div className={css("field")}>
        <Chips draft={draft} layer={layer} />
        <textarea
          ref={field}
          id={COMPOSER}
          data-testid="composer-input"
          className={css("input")}
          rows={1}
          dir="auto"
          value={draft.text}
          disabled={disabled}
          aria-label={label}
          aria-describedby={`${hint} ${about}`}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          {...(list !== null &&
            list.choices.length > 0 && {
              "aria-controls": list.id,
              "aria-activedescendant": optionId(list.id, list.active),
            })}
          placeholder={placeholder}
          onChange={(event) => {
            const { value, selectionEnd } = event.currentTarget;
            if (!value.startsWith("/")) closeMenu();
            client.drafts.write(open, value, selectionEnd);
            stand(event.currentTarget);
          }}
          onSelect={(event) => stand(event.currentTarget)}
          onScroll={(event) => lie(event.currentTarget, layer.current)}
          onBlur={() => {
            editing.stand(null);
            closeMenu();
          }}
          onPaste={(event) => {
            if (!isFiles(event.clipboardData)) return;
            event.preventDefault();
            void client.files.paste([...event.clipboardData.files]);
          }}
          onCompositionEnd={(event) => {
            composedAt.current = event.timeStamp;
          }}
          onKeyDown={press}
        />
        <MentionedWords id={about} draft={draft} />
      </div>
      {list !== null && <SuggestionList list={list} />}
    </>
  );
}
