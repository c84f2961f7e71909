import type { ShownItem, ThreadState } from "../state/thread";

/** Something that has come and is no text: what it is known by, and what is said of it. */
export interface Want {
  readonly key: string;
  readonly words: string;
}

/** What of a thread is said besides its text: that the person is asked, and that something to look at has come. */
export function wants({ items }: ThreadState): readonly Want[] {
  // Since the person last wrote: older items that are loaded have not just come.
  const own = items.findLastIndex(({ body }) => body.kind === "user_message");
  return items.slice(own + 1).flatMap((item) => {
    const words = wordsOf(item);
    return words === null ? [] : [{ key: `${item.key}: ${words}`, words }];
  });
}

function wordsOf({ body, stage }: ShownItem): string | null {
  switch (body.kind) {
    case "structured_input": {
      if (body.status !== "pending" || !body.is_open) return null;
      const count = body.questions.length;
      const what = count === 1 ? "a question" : `${count} questions`;
      return `The assistant asks ${what}, in place of the message field.`;
    }
    case "client_tool_call":
      if (body.state !== "asks") return null;
      return `The assistant asks to use the tool ${body.name}. Nothing is done before you agree.`;
    case "widget":
      return stage === "streaming" ? null : "The assistant shows a card.";
    default:
      return null;
  }
}
