/**
 * The third time that a recorded exchange is asserted: the page. `tests/tests/core/conformance.rs` says where the files of
 * this folder come from. `KITTIWAKE_UPDATE_REPLAY` writes `page.txt` anew.
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ThreadMessage } from "../gen/ThreadMessage";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { GUIDE } from "../host/fakeConnections";
import { loadFormulas } from "../markdown/formula";
import { Client } from "../state/client";
import { ClientContext } from "../state/context";
import { Thread } from "../thread/Thread";
import { outline } from "./outline";
import { memoryPlace } from "./window";
import "../widgets/Root";
import "../widgets/controls";
import "../widgets/controls/Plot";

const FOLDER = `${import.meta.dirname}/conformance`;
const PAGE = `${FOLDER}/page.txt`;

/** How long all of them may take on a machine that is busy, in milliseconds. */
const LIMIT = 240_000;

/** A file: what the core sends of a recorded exchange, and the items that its reducer makes of it. */
interface Recorded {
  readonly name: string;
  readonly items: readonly { readonly kind: string; readonly lines: readonly string[] }[];
  readonly messages: readonly [Extract<ThreadMessage, { type: "snapshot" }>, ...ThreadMessage[]];
}

function files(): Recorded[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8")));
}

/** The conversation on the page, message by message as it comes. */
async function drawn({ messages: [first, ...rest] }: Recorded): Promise<Element> {
  const core = new FakeCore();
  core.connections = [GUIDE, { ...GUIDE, id: "peer", name: "Peer", builtin: false }];
  const { id } = first.thread;
  const thread = core.addThread(first.thread, [...first.items], []);
  Object.assign(thread, { turn: first.turn, context: first.context, model: first.model });
  const client = new Client(hostOver(core), memoryPlace());
  await act(async () => {
    await client.start();
    client.thread.show(id);
  });
  render(
    <ClientContext value={client}>
      <Thread id={id} />
    </ClientContext>,
  );
  const page = await screen.findByTestId("thread");
  for (const message of rest) {
    await act(async () => {
      if (message.type === "batch") core.batch(id, ...message.ops);
    });
  }
  // What is loaded later than the rest of the window is there by then: this file has loaded it.
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  return page;
}

/** All that can be read in an item, with what stands in its fields and what a list shows when it is asked for more. */
function read(item: Element): string {
  for (const button of item.querySelectorAll("button"))
    if (button.textContent?.startsWith("Show more")) fireEvent.click(button);
  const fields = [...item.querySelectorAll("input")].map((field) => field.value);
  const words = item.cloneNode(true) as Element;
  // Marks of sources are buttons, and may stand inside of a word.
  for (const button of words.querySelectorAll("[data-testid=answer-text] button")) button.remove();
  return [words.textContent, ...fields].join(" ").replaceAll(/\s+/gu, "");
}

/** Whether the words of a line are read in their order. Marks, mentions and pictures may stand between them. */
function says(text: string, line: string): boolean {
  let place = 0;
  return (line.match(/[\p{L}\p{N}]+/gu) ?? []).every((word) => {
    const found = text.indexOf(word, place);
    place = found + word.length;
    return found >= 0;
  });
}

/** Where the page has other items than the reducer, or an item does not say a line of the reducer's text. */
function differences({ name, items }: Recorded, page: Element): string[] {
  const shown = [...page.querySelectorAll("[data-testid=item]")];
  const kinds = shown.map((item) => item.getAttribute("data-kind")).join();
  const meant = items.map(({ kind }) => kind).join();
  if (kinds !== meant) return [`${name}: ${kinds} instead of ${meant}`];
  return items.flatMap(({ lines }, place) => {
    const item = shown[place];
    const text = item === undefined ? "" : read(item);
    const missing = lines.filter((line) => !says(text, line));
    return missing.map((line) => `${name}: “${line}” is not in item ${place}: ${text}`);
  });
}

it(
  "draws every recorded exchange as it is meant to be seen and heard, with the items that the reducer has",
  async () => {
    await loadFormulas();
    const all = files();
    expect(all.length).toBeGreaterThan(110);
    const parts: string[] = [];
    const faults: string[] = [];
    for (const file of all) {
      const page = await drawn(file);
      parts.push(`${file.name}\n${outline(page)}\n`);
      faults.push(...differences(file, page));
      cleanup();
    }
    expect(faults).toEqual([]);
    const fresh = parts.join("\n");
    const { KITTIWAKE_UPDATE_REPLAY: update } = process.env;
    if (update !== undefined) writeFileSync(PAGE, fresh);
    expect(fresh).toBe(existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "");
  },
  LIMIT,
);
