import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Draft } from "../gen/Draft";
import type { Entity } from "../gen/Entity";
import type { ThreadId } from "../gen/ThreadId";
import { compose } from "../profile/deeds";
import type { Client } from "../state/client";
import { mentioning, rewritten } from "../state/mentions";
import { commandsOf } from "./commands";
import { retype } from "./edit";
import type { Choice } from "./suggest/choices";

type Field = RefObject<HTMLTextAreaElement | null>;

/** What is done to the message field from elsewhere: by the list above it, by buttons beside it, by a profile. */
export class Editor {
  readonly #client: Client;
  readonly #open: ThreadId | null;
  readonly #field: Field;
  readonly #stand: (caret: number) => void;

  constructor(client: Client, open: ThreadId | null, field: Field, stand: (caret: number) => void) {
    this.#client = client;
    this.#open = open;
    this.#field = field;
    this.#stand = stand;
  }

  get draft(): Draft {
    return this.#client.drafts.draft(this.#open);
  }

  /** Writes in place of a part of the words. */
  replace(from: number, to: number, text: string): void {
    const { draft } = this;
    const caret = from + text.length;
    this.#put(
      rewritten(draft, draft.text.slice(0, from) + text + draft.text.slice(to), caret),
      from,
      to,
      text,
      caret,
    );
  }

  /** Writes where the person stands. */
  insert(text: string): void {
    const { from, to } = this.#selected();
    this.replace(from, to, text);
  }

  /** Begins a mention where the person stands. */
  at(): void {
    const { from, to } = this.#selected();
    const before = this.draft.text.slice(0, from);
    this.replace(from, to, before === "" || /\s$/.test(before) ? "@" : " @");
  }

  /** Mentions something in place of a part of the words, or where the person stands. */
  mention(entity: Entity, part: { readonly from: number; readonly to: number } = this.#selected()): void {
    const { draft, caret } = mentioning(this.draft, entity, part.from, part.to);
    const length = draft.text.length - this.draft.text.length + (part.to - part.from);
    this.#put(draft, part.from, part.to, draft.text.slice(part.from, part.from + length), caret);
  }

  tool(tool: string | null): void {
    this.#client.drafts.change(this.#open, { tool });
    this.#field.current?.focus();
  }

  #selected(): { from: number; to: number } {
    const field = this.#field.current;
    const { length } = this.draft.text;
    return field === null
      ? { from: length, to: length }
      : { from: field.selectionStart, to: field.selectionEnd };
  }

  #put(draft: Draft, from: number, to: number, text: string, caret: number): void {
    const field = this.#field.current;
    if (field !== null) retype(field, from, to, text);
    // The page draws the words before the caret is put among them.
    flushSync(() => {
      this.#client.drafts.change(this.#open, draft);
      this.#stand(caret);
    });
    field?.setSelectionRange(caret, caret);
  }
}

/** All that is known of the field and what is done to it. */
export interface Editing {
  readonly field: Field;
  readonly editor: Editor;
  /** Where the person stands; nothing if they are elsewhere, or have selected something. */
  readonly caret: number | null;
  stand(caret: number | null): void;
  /** What stands in place of the commands. */
  readonly menu: readonly Choice[] | null;
  openMenu(choices: readonly Choice[]): void;
  closeMenu(): void;
}

/** The field of a conversation, as the rest of the window can use it. */
export function useEditor(client: Client, open: ThreadId | null): Editing {
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, stand] = useState<number | null>(null);
  const [menu, setMenu] = useState<readonly Choice[] | null>(null);
  const doing = useMemo(() => {
    const editor = new Editor(client, open, field, stand);
    const openMenu = (choices: readonly Choice[]) => {
      // What is typed behind it finds one of them.
      if (editor.draft.text === "") editor.insert("/");
      else field.current?.focus();
      setMenu(choices);
    };
    return { editor, openMenu, closeMenu: () => setMenu(null) };
  }, [client, open]);
  useEffect(() => {
    const { editor, openMenu } = doing;
    return compose({
      insert: (text) => editor.insert(text),
      mention: (entity) => editor.mention(entity),
      chooseTool: (id) => editor.tool(id),
      offer: (commands) => openMenu(commandsOf({ client, menu: openMenu }, commands)),
    });
  }, [client, doing]);
  return { field, caret, stand, menu, ...doing };
}
