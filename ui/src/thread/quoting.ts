import { COMPOSER } from "../composer/place";
import type { Client } from "../state/client";

/** The longest quote, in characters; the core refuses more. */
export const LONGEST_QUOTE = 10_000;

/** Where answers have their text. */
const ANSWER = '[data-testid="answer-text"]';

/** More empty lines than one, as they stand between the parts of an answer. */
const GAPS = /\n(?:[ \t]*\n){2,}/g;

/** The text of answers that is selected, without what only draws it; nothing if something else is, or the field is not there. */
export function selectedText(selection: Selection | null): string | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const { anchorNode, focusNode } = selection;
  if (!isInAnswer(anchorNode) || !isInAnswer(focusNode) || !canWrite()) return null;
  const text = selection.toString().replaceAll("\u00a0", " ").replace(GAPS, "\n\n").trim();
  return text === "" ? null : text;
}

/** Whether a text can be quoted as a whole. */
export function isTooLong(text: string): boolean {
  // Characters, not units: the core counts so.
  return text.length > LONGEST_QUOTE && [...text].length > LONGEST_QUOTE;
}

/** The message that is being written replies to a passage. */
export function quote(client: Client, text: string): void {
  if (isTooLong(text)) {
    client.toasts.say({ text: "That is too long to quote: at most 10,000 characters. Select less of it." });
    return;
  }
  client.drafts.change(client.view.get().open, { quoted_text: text });
  document.getSelection()?.removeAllRanges();
  toFieldAnew();
}

/** WebKit has one selection for all of the page: a field that has the focus already gets its caret back only this way. */
function toFieldAnew(): void {
  const field = document.getElementById(COMPOSER);
  if (!(field instanceof HTMLTextAreaElement)) return;
  const { selectionStart, selectionEnd } = field;
  field.blur();
  field.focus();
  field.setSelectionRange(selectionStart, selectionEnd);
}

/** Quotes what is selected, or says what is missing. Whether there is a field to quote it in. */
export function quoteSelected(client: Client): boolean {
  if (!canWrite()) return false;
  const text = selectedText(document.getSelection());
  if (text === null)
    client.toasts.say({ text: "Select the words of an answer that you want to quote first." });
  else quote(client, text);
  return true;
}

function isInAnswer(node: Node | null): boolean {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest(ANSWER) != null;
}

function canWrite(): boolean {
  const field = document.getElementById(COMPOSER);
  return field instanceof HTMLTextAreaElement && !field.disabled;
}
