/** The part of a key event that matters here. */
export interface ComposerKey {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** When it happened, in milliseconds. */
  readonly timeStamp: number;
}

/** What an input method reports for every key that it takes for itself. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * How long after the end of a composition an Enter still belongs to it, in milliseconds. WebKit ends the composition
 * first and then reports the Enter that ended it, as if it were an ordinary one.
 */
const TAIL_MS = 60;

/**
 * Whether a key belongs to an input method, such as the Enter that confirms a candidate. `composedAt` is when the last
 * composition ended, and nothing before the first.
 */
export function takenByInputMethod(key: ComposerKey, composedAt: number | null): boolean {
  if (key.isComposing || key.keyCode === TAKEN_BY_INPUT_METHOD) return true;
  // The key was pressed before the composition ended, although it is reported after.
  return composedAt !== null && key.timeStamp - composedAt <= TAIL_MS;
}

/** Whether a key sends the message. One that belongs to an input method never does. */
export function sends(key: ComposerKey, composedAt: number | null): boolean {
  if (key.key !== "Enter" || key.shiftKey || key.altKey) return false;
  return !takenByInputMethod(key, composedAt);
}
