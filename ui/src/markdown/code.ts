import type { Span } from "../gen/Span";
import type { Token } from "../gen/Token";
import { css, element } from "./elements";

/** How many lines the page lays out and skips together. The style sheet knows the number too. */
export const GROUP = 64;

/** How much of a line without colours is laid out together, in UTF-16 units. Longer lines never have colours. */
export const SEGMENT = 4096;

/** How long a button says that it has copied, in milliseconds. */
const SAID_MS = 2000;

const TOKENS: Readonly<Record<Token, string>> = {
  comment: css("comment"),
  string: css("string"),
  constant: css("constant"),
  keyword: css("keyword"),
  function: css("function"),
  type: css("type"),
  tag: css("tag"),
  attribute: css("attribute"),
  inserted: css("inserted"),
  deleted: css("deleted"),
};

const CODE = css("code");
const HEADER = css("header");
const LANGUAGE = css("language");
const COPY = css("copy");
const SCROLLER = css("scroller", "pre");
const LINES = css("lines");
const LINE = css("line");
const GROUP_CLASS = css("group");
const SEGMENT_CLASS = css("segment");
const WHOLE_GROUP = css("group", "whole");

/** Languages whose short name is not how people call them. */
const NAMES: Readonly<Record<string, string>> = {
  bash: "Shell",
  c: "C",
  cpp: "C++",
  cs: "C#",
  csharp: "C#",
  css: "CSS",
  diff: "Diff",
  go: "Go",
  html: "HTML",
  java: "Java",
  javascript: "JavaScript",
  js: "JavaScript",
  json: "JSON",
  jsx: "JSX",
  kotlin: "Kotlin",
  md: "Markdown",
  php: "PHP",
  py: "Python",
  python: "Python",
  rb: "Ruby",
  rs: "Rust",
  ruby: "Ruby",
  rust: "Rust",
  sh: "Shell",
  sql: "SQL",
  swift: "Swift",
  text: "Text",
  toml: "TOML",
  ts: "TypeScript",
  tsx: "TSX",
  txt: "Text",
  typescript: "TypeScript",
  xml: "XML",
  yaml: "YAML",
  yml: "YAML",
};

/** How a block of code is called. */
export function languageName(written: string | null): string {
  const word = (written ?? "").trim().split(/[\s,{]/, 1)[0] ?? "";
  if (word === "") return "Code";
  const known = Object.hasOwn(NAMES, word.toLowerCase()) ? NAMES[word.toLowerCase()] : undefined;
  return known ?? word.slice(0, 32);
}

/** The elements of a block of code. */
export interface CodeBlock {
  readonly frame: HTMLElement;
  readonly scroller: HTMLElement;
  /** Where the groups of lines go. */
  readonly lines: HTMLElement;
  readonly button: HTMLButtonElement;
  /** What a screen reader calls it. */
  readonly label: string;
}

export function codeBlock(language: string | null): CodeBlock {
  const name = languageName(language);
  const frame = element("figure", CODE);
  const header = element("figcaption", HEADER);
  const words = element("span", LANGUAGE);
  words.append(name);
  const said = element("span", "visually-hidden");
  said.setAttribute("role", "status");
  const button = element("button", COPY);
  button.type = "button";
  button.append("Copy");
  button.setAttribute("aria-label", "Copy code");
  header.append(words, said, button);
  const scroller = element("pre", SCROLLER);
  const lines = element("code", LINES);
  scroller.append(lines);
  frame.append(header, scroller);
  return { frame, scroller, lines, button, label: name === "Code" ? "Code" : `${name} code` };
}

/** Says for a while that the code was copied, to eyes and ears. Returns the timer. */
export function sayCopied(button: HTMLButtonElement): ReturnType<typeof setTimeout> {
  const status = button.previousElementSibling;
  const say = (label: string, name: string, spoken: string) => {
    button.textContent = label;
    button.setAttribute("aria-label", name);
    if (status !== null) status.textContent = spoken;
  };
  say("Copied", "Copied", "Copied");
  return setTimeout(() => say("Copy", "Copy code", ""), SAID_MS);
}

/** A group of lines as they are written. */
export function lineGroup(): HTMLElement {
  return element("div", GROUP_CLASS);
}

/** A group of lines that were all there when the block was drawn: out of sight it is skipped. */
export function wholeLineGroup(): HTMLElement {
  return element("div", WHOLE_GROUP);
}

export function codeLine(text: string, spans: readonly Span[]): HTMLElement {
  const line = element("div", LINE);
  line.append(...piecesOf(text, spans));
  return line;
}

/** Adds to a line that has no colours. */
export function appendToLine(line: HTMLElement, text: string): void {
  if (text === "") return;
  const last = line.lastChild;
  if (last instanceof Text && last.length + text.length <= SEGMENT) {
    last.appendData(text);
  } else if (last?.firstChild instanceof Text) {
    const room = segmentEnd(last.firstChild.data + text) - last.firstChild.length;
    last.firstChild.appendData(text.slice(0, room));
    line.append(...segments(text.slice(room)));
  } else {
    line.replaceChildren(...plain((last?.textContent ?? "") + text));
  }
}

/**
 * A line without colours. A very long one, as of data or of code that was made small, is in segments: the page lays out
 * a text as a whole when it grows.
 */
function plain(text: string): Node[] {
  return text.length <= SEGMENT ? [document.createTextNode(text)] : segments(text);
}

function segments(text: string): Node[] {
  const made: Node[] = [];
  for (let rest = text; rest !== ""; rest = rest.slice(segmentEnd(rest))) {
    made.push(piece(rest.slice(0, segmentEnd(rest)), SEGMENT_CLASS));
  }
  return made;
}

/** Where the first segment of a text ends: not in the middle of a character. */
function segmentEnd(text: string): number {
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(SEGMENT - 1));
  return Math.min(text.length, isSplit ? SEGMENT + 1 : SEGMENT);
}

/** Gives a line its colours. */
export function paintLine(line: HTMLElement, text: string, spans: readonly Span[]): void {
  line.replaceChildren(...piecesOf(text, spans));
}

/**
 * What a line consists of: spans for what has a colour, and plain text for the rest. Neighbours that look alike are one
 * piece: the page lays out as many as there are.
 */
function piecesOf(text: string, spans: readonly Span[]): Node[] {
  // A line with nothing in it would be lost when the person selects and copies.
  if (text === "") return [element("br")];
  if (spans.length === 0) return plain(text);
  const pieces: Node[] = [];
  let look: string | null = null;
  let words = "";
  const finish = () => {
    if (words !== "") pieces.push(piece(words, look));
  };
  for (const span of spans) {
    const next = span.token === null ? null : (TOKENS[span.token] ?? null);
    if (next !== look) {
      finish();
      look = next;
      words = "";
    }
    words += span.text;
  }
  finish();
  return pieces;
}

function piece(words: string, look: string | null): Node {
  const text = document.createTextNode(words);
  if (look === null) return text;
  const coloured = element("span", look);
  coloured.append(text);
  return coloured;
}
