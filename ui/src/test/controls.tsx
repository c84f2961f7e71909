import { render, act as settle } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import type { Action } from "../gen/widget/Action";
import type { BoxLook } from "../gen/widget/BoxLook";
import type { Card } from "../gen/widget/Card";
import type { Choice } from "../gen/widget/Choice";
import type { Node } from "../gen/widget/Node";
import type { TextLook } from "../gen/widget/TextLook";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { Client } from "../state/client";
import { ClientContext } from "../state/context";
import { ActingContext } from "../widgets/acting";
import { Control } from "../widgets/controls";
import { CardFrame, WidgetScope } from "../widgets/frames";
import { memoryPlace } from "./window";

/** A component of a kind, as the core sends it. */
type Of<Kind extends Node["type"]> = Extract<Node, { type: Kind }>;

const LOOK: TextLook = {
  size: null,
  color: null,
  weight: null,
  align: null,
  truncate: false,
  max_lines: null,
};
const BOX = { direction: null, border: null, background: null } as unknown as BoxLook;
const CONTROL = { variant: null, size: null, pill: false, disabled: false } as const;
const OPENS = { ...CONTROL, placeholder: null, on_change: null, clearable: false, block: false, value: null };
const TYPED = {
  placeholder: null,
  required: false,
  pattern: null,
  auto_focus: false,
  auto_select: false,
  value: null,
};

/** An action with the defaults of the protocol. */
export function action(type: string, more: Partial<Action> = {}): Action {
  return { type, handler: "server", loadingBehavior: "auto", streaming: true, ...more };
}

export function input(name: string, more: Partial<Of<"Input">> = {}): Node {
  const field = { name, input: "text", gutter: null, autofill: false, rows: null, max_rows: null } as const;
  return { type: "Input", ...CONTROL, ...TYPED, ...field, ...more };
}

export function textarea(name: string, more: Partial<Of<"Input">> = {}): Node {
  return { ...(input(name, { rows: 3, ...more }) as Of<"Input">), type: "Textarea" };
}

export function choices(...labels: readonly string[]): Choice[] {
  return labels.map((label) => ({ value: label.toLowerCase(), label, description: null, disabled: false }));
}

export function select(name: string, more: Partial<Of<"Select">> = {}): Node {
  return {
    type: "Select",
    ...OPENS,
    name,
    options: choices("Red", "Green", "Blue"),
    searchable: false,
    ...more,
  };
}

export function datePicker(name: string, more: Partial<Of<"DatePicker">> = {}): Node {
  return { type: "DatePicker", ...OPENS, name, min: null, max: null, side: null, align: null, ...more };
}

export function checkbox(name: string, more: Partial<Of<"Checkbox">> = {}): Node {
  const tick = { label: null, checked: false, on_change: null, disabled: false, required: false };
  return { type: "Checkbox", ...tick, name, ...more };
}

export function radios(name: string, more: Partial<Of<"RadioGroup">> = {}): Node {
  const one = { value: null, on_change: null, direction: "row", disabled: false, required: false } as const;
  return { type: "RadioGroup", ...one, name, label: name, options: choices("Fast", "Cheap"), ...more };
}

export function label(value: string, field: string, look: Partial<TextLook> = {}): Node {
  return { type: "Label", value, field, look: { ...LOOK, ...look } };
}

export function editable(name: string, value: string, more: Partial<Of<"Text">> = {}): Node {
  const text = { look: LOOK, min_lines: null, italic: false, line_through: false, width: null };
  const over = { ...TYPED, name, autofill: null };
  return { type: "Text", value, ...text, streaming: false, editable: over, ...more };
}

export function button(words: string, more: Partial<Of<"Button">> = {}): Node {
  const look = { icon_start: null, icon_end: null, icon_size: null, style: null, color: null } as const;
  const size = { ...CONTROL, uniform: false, block: false, submit: false, on_click: null };
  return { type: "Button", ...size, ...look, label: words, ...more };
}

export function form(onSubmit: Action | null, ...children: Node[]): Node {
  return { type: "Form", look: BOX, on_submit: onSubmit, children };
}

export function card(more: Partial<Card> = {}): Card {
  return {
    as_form: false,
    background: null,
    border: null,
    size: null,
    padding: null,
    status: null,
    collapsed: false,
    buttons: { confirm: null, cancel: null },
    theme: null,
    children: [],
    ...more,
  };
}

/** A server that answers when the test says so, and what it was asked. */
export class Answering {
  readonly asked: { readonly type: string; readonly payload: unknown }[] = [];
  readonly #open: { readonly done: () => void; readonly fail: (why: Error) => void }[] = [];

  readonly act = (asked: Action, payload: unknown): Promise<void> => {
    this.asked.push({ type: asked.type, payload: JSON.parse(JSON.stringify(payload ?? null)) });
    return new Promise((done, fail) => this.#open.push({ done, fail }));
  };

  /** Answers what was asked first. */
  async answer(): Promise<void> {
    const first = this.#open.shift();
    if (first === undefined) throw new Error("nothing was asked");
    await settle(async () => first.done());
  }

  /** Fails it. */
  async fail(): Promise<void> {
    const first = this.#open.shift();
    if (first === undefined) throw new Error("nothing was asked");
    await settle(async () => first.fail(new Error("no answer")));
  }
}

/** Something of a widget on a page, in a window. */
export function stage(children: ReactNode, busy = false) {
  const server = new Answering();
  const core = new FakeCore();
  const client = new Client(hostOver(core), memoryPlace());
  const around = (inner: ReactNode, isBusy: boolean) => (
    <ClientContext value={client}>
      <ActingContext value={{ act: server.act, busy: isBusy }}>{inner}</ActingContext>
    </ClientContext>
  );
  const { rerender } = render(around(children, busy));
  return {
    server,
    core,
    client,
    user: userEvent.setup(),
    /** The same again, with a turn under way or without. */
    again: (isBusy: boolean, inner = children) => rerender(around(inner, isBusy)),
  };
}

/** Controls of one widget on a page. */
export function show(...nodes: readonly Node[]) {
  return stage(<WidgetScope>{controls(nodes)}</WidgetScope>);
}

/** A card with controls on a page. */
export function showCard(more: Partial<Card>) {
  return stage(<CardFrame card={card(more)}>{controls(more.children ?? [])}</CardFrame>);
}

export function controls(nodes: readonly Node[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves here
  return nodes.map((node, place) => <Control key={place} node={node} />);
}

/**
 * What a check of the whole page finds, by rule. Colours are measured elsewhere, and what is read aloud of a state that
 * is over already names nothing any more.
 */
export async function faults(): Promise<string[]> {
  const off = { enabled: false };
  const result = await axe.run(document.body, {
    rules: { "color-contrast": off, region: off, "role-img-alt": off },
  });
  return result.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
}
