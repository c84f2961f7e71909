/** Who answers at an address; the whole of it where that is not to be found. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** An address as one types it: nobody needs what every browser adds. */
export function toType(url: string): string {
  return url.replace(/^https:\/\//, "").replace(/\/$/, "");
}

const NAMES: Readonly<Record<string, string | undefined>> = {
  "-": "dash",
  "–": "dash",
  _: "underscore",
  ".": "dot",
  "/": "slash",
  "+": "plus",
  "*": "star",
  "#": "hash",
};

/** A code as one says it over the telephone. Capitals are named where there are others, too. */
export function spelled(code: string): string {
  const mixed = /\p{Lu}/u.test(code) && /\p{Ll}/u.test(code);
  const said = (letter: string) => (mixed && /\p{Lu}/u.test(letter) ? `capital ${letter}` : letter);
  return [...code]
    .filter((letter) => letter.trim() !== "")
    .map((letter) => NAMES[letter] ?? said(letter))
    .join(", ");
}
