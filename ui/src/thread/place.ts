/** The title above the open conversation has one name, by which the rest of the window finds it. */
export const TITLE = "conversation-title";

/** Lets the person rename the open conversation, and says whether there is one. */
export function renameHere(): boolean {
  const title = document.getElementById(TITLE);
  title?.click();
  return title !== null;
}
