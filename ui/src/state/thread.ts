import type { AttachmentView } from "../gen/AttachmentView";
import type { ContextView } from "../gen/ContextView";
import type { DetailsView } from "../gen/DetailsView";
import type { Draft } from "../gen/Draft";
import type { ItemId } from "../gen/ItemId";
import type { ItemStage } from "../gen/ItemStage";
import type { ItemView } from "../gen/ItemView";
import type { ItemViewBody } from "../gen/ItemViewBody";
import type { Notice } from "../gen/Notice";
import type { OlderItems } from "../gen/OlderItems";
import type { SourceView } from "../gen/SourceView";
import type { ThreadMessage } from "../gen/ThreadMessage";
import type { ThreadModelView } from "../gen/ThreadModelView";
import type { ThreadOp } from "../gen/ThreadOp";
import type { ThreadView } from "../gen/ThreadView";
import type { TurnView } from "../gen/TurnView";
import type { UserPartView } from "../gen/UserPartView";
import { MarkdownDocument } from "../markdown";

/** The kinds that are drawn from what the core says, as it says it. */
type Whole = "client_tool_call" | "widget" | "generated_image" | "structured_input" | "task" | "workflow";

/** What an item is, in the form in which it is drawn. The texts of the assistant are documents, not values. */
export type ShownBody =
  | {
      readonly kind: "user_message";
      readonly text: string;
      readonly parts: readonly UserPartView[];
      readonly quotedText: string | null;
      readonly attachments: readonly AttachmentView[];
      readonly model: string | null;
      readonly tool: string | null;
    }
  | {
      readonly kind: "assistant_message";
      /** A document's identity changes only when the part is replaced as a whole. */
      readonly parts: readonly MarkdownDocument[];
      readonly sources: readonly SourceView[];
    }
  | Extract<ItemViewBody, { kind: Whole }>
  | { readonly kind: "handover"; readonly to: string; readonly why: string | null }
  | { readonly kind: "unknown"; readonly name: string; readonly text: string | null }
  | {
      /** Far from the view: only its place is here. What it holds is asked for when it comes near. */
      readonly kind: "away";
      readonly of: Exclude<ShownBody["kind"], "away">;
      /** In CSS pixels. */
      readonly height: number;
    };

/** An item as it is drawn. */
export interface ShownItem {
  readonly id: ItemId;
  /** Stays when a local bubble becomes the server's item, so that nothing on the page is made anew. */
  readonly key: string;
  readonly stage: ItemStage;
  readonly body: ShownBody;
  /** How its turn went, if this is the item that shows it. */
  readonly details?: DetailsView | undefined;
}

/** A notice of the server; the number tells two alike apart. */
export interface ShownNotice {
  readonly number: number;
  readonly notice: Notice;
}

/** One thread, as the core last said. */
export interface ThreadState {
  readonly view: ThreadView;
  readonly items: readonly ShownItem[];
  readonly hasOlder: boolean;
  /** How many of the first items came by asking for older ones, ever: the list keeps its place by it. */
  readonly prepended: number;
  readonly turn: TurnView;
  /** How the conversation goes out; nothing where its server keeps it. */
  readonly context: ContextView | null;
  /** Its model; nothing where nobody can choose one. */
  readonly model: ThreadModelView | null;
  readonly notices: readonly ShownNotice[];
  /** What was written and not sent when the thread was opened. */
  readonly draft: Draft;
}

/**
 * The state after a message; before the first snapshot there is none, and a batch before it says nothing.
 *
 * Text that grows a part which is there already goes into its document and leaves the state as it is: React hears
 * nothing of a token. Apart from that the function is pure.
 */
export function reduceThread(state: ThreadState | null, message: ThreadMessage): ThreadState | null {
  if (message.type === "snapshot") {
    return {
      view: message.thread,
      items: message.items.map((item) => shown(item, item.id)),
      hasOlder: message.has_older,
      prepended: 0,
      turn: message.turn,
      context: message.context,
      model: message.model,
      notices: [],
      draft: message.draft,
    };
  }
  if (state === null) return null;
  return message.ops.reduce(applyOp, state);
}

/** The state with older items before the others. Those that are there already are not doubled. */
export function prependOlder(state: ThreadState, older: OlderItems): ThreadState {
  const present = new Set(state.items.map((item) => item.id));
  const fresh = older.items.filter((item) => !present.has(item.id)).map((item) => shown(item, item.id));
  return {
    ...state,
    items: [...fresh, ...state.items],
    hasOlder: older.has_older,
    prepended: state.prepended + fresh.length,
  };
}

/** The state without a notice that the person has read. */
export function dismissNotice(state: ThreadState, number: number): ThreadState {
  return { ...state, notices: state.notices.filter((shownNotice) => shownNotice.number !== number) };
}

function applyOp(state: ThreadState, op: ThreadOp): ThreadState {
  switch (op.op) {
    case "thread":
      return { ...state, view: op.thread };
    case "put_item":
      return { ...state, items: putItem(state, op.item, op.after, op.replaces) };
    case "remove_item":
      return { ...state, items: state.items.filter((item) => item.id !== op.id) };
    case "patch":
      return applyPatch(state, op);
    case "sources":
      return changeItem(state, op.id, (item) =>
        item.body.kind === "assistant_message"
          ? { ...item, body: { ...item.body, sources: op.sources } }
          : item,
      );
    case "stage":
      return changeItem(state, op.id, (item) => ({ ...item, stage: op.stage }));
    case "details":
      return changeItem(state, op.id, (item) => ({ ...item, details: op.details ?? undefined }));
    case "model":
      return { ...state, model: op.model };
    case "context":
      return { ...state, context: op.context };
    case "turn":
      return { ...state, turn: op.turn };
    case "notice": {
      const last = state.notices.at(-1)?.number ?? 0;
      return { ...state, notices: [...state.notices, { number: last + 1, notice: op.notice }] };
    }
    default:
      return state;
  }
}

/**
 * The items with one put in its place: that of the bubble it replaces, or else its own, or else after the item it
 * follows. One whose predecessor is not here is older than what is here, and comes when older items are asked for; in a
 * thread that is here as a whole it stands first.
 */
function putItem(
  { items, hasOlder }: ThreadState,
  item: ItemView,
  after: ItemId | null,
  replaces: ItemId | null,
): readonly ShownItem[] {
  const replaced = replaces === null ? -1 : items.findIndex((other) => other.id === replaces);
  const own = items.findIndex((other) => other.id === item.id);
  const place = replaced >= 0 ? replaced : own;
  const before = items[place];
  if (before !== undefined) {
    const next = shown(item, before.key);
    // The server's item and its bubble can both be there after a reconnection; one of them stays.
    return items.flatMap((other, index) => {
      if (index === place) return [next];
      return other.id === item.id ? [] : [other];
    });
  }
  const previous = after === null ? -1 : items.findIndex((other) => other.id === after);
  if (previous < 0 && hasOlder && items.length > 0) return items;
  const next = shown(item, item.id);
  return [...items.slice(0, previous + 1), next, ...items.slice(previous + 1)];
}

function applyPatch(state: ThreadState, op: Extract<ThreadOp, { op: "patch" }>): ThreadState {
  return changeItem(state, op.id, (item) => {
    if (item.body.kind !== "assistant_message") return item;
    const document = item.body.parts[op.part];
    if (document !== undefined) {
      document.apply(op.patches);
      return item;
    }
    const parts = [...item.body.parts];
    while (parts.length < op.part) parts.push(new MarkdownDocument());
    parts.push(new MarkdownDocument(op.patches));
    return { ...item, body: { ...item.body, parts } };
  });
}

function changeItem(state: ThreadState, id: ItemId, change: (item: ShownItem) => ShownItem): ThreadState {
  // The item that changes is nearly always the newest.
  const place = state.items.findLastIndex((item) => item.id === id);
  const item = state.items[place];
  if (item === undefined) return state;
  const next = change(item);
  return next === item ? state : { ...state, items: state.items.with(place, next) };
}

/** An item as it is drawn, under the key that it has in the list. */
export function shown(item: ItemView, key: string): ShownItem {
  return { id: item.id, key, stage: item.stage, body: shownBody(item), details: item.details };
}

function shownBody({ body }: ItemView): ShownBody {
  switch (body.kind) {
    case "user_message":
      return {
        kind: "user_message",
        text: body.text,
        parts: body.parts,
        quotedText: body.quoted_text,
        attachments: body.attachments,
        model: body.model,
        tool: body.tool,
      };
    case "assistant_message":
      return {
        kind: "assistant_message",
        parts: body.parts.map((patches) => new MarkdownDocument(patches)),
        sources: body.sources,
      };
    case "client_tool_call":
    case "widget":
    case "generated_image":
    case "structured_input":
    case "task":
    case "workflow":
      return body;
    case "handover":
      return { kind: "handover", to: body.to, why: body.why };
    case "unknown":
      return { kind: "unknown", name: body.name, text: body.text };
    default:
      // A kind of a newer core: neutral, as the core itself treats kinds of a newer server.
      return { kind: "unknown", name: String((body as { readonly kind?: unknown }).kind), text: null };
  }
}
