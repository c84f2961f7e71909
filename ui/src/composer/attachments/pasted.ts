/**
 * Whether files are pasted, or a picture, and not text. Some web views give a page only the text of what is pasted: where
 * there is none, there may be files.
 */
export function isFiles(pasted: Pick<DataTransfer, "getData">): boolean {
  // File managers copy the places of files as text, besides the files.
  if (/^file:/m.test(pasted.getData("text/uri-list"))) return true;
  // What spreadsheets copy is text, and a picture of it besides: the text is meant.
  return pasted.getData("text/plain") === "" && pasted.getData("text/html") === "";
}
