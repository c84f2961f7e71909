/**
 * Replaces a part of what stands in a field as if the person had typed it, so that it can be undone with the keyboard.
 * Where the page cannot do that, the part is replaced all the same, and nobody hears of it: the caller keeps the text.
 */
export function retype(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  const before = field.value;
  const after = before.slice(0, from) + text + before.slice(to);
  if (after === before) return;
  const command = text === "" ? "delete" : "insertText";
  const done = typeof document.execCommand === "function" && document.execCommand(command, false, text);
  if (!done || field.value !== after) field.setRangeText(text, from, to, "end");
}
