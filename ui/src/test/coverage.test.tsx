/**
 * Whether each prop of each component makes a difference to what is drawn: the component is drawn with it and without it.
 * `tests/tests/repository/coverage.rs` writes `coverage/props.json` and reads `coverage/drawn.json`, which
 * `KITTIWAKE_UPDATE_COVERAGE` writes anew here.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { act, cleanup, render, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Node } from "../gen/widget/Node";
import { hostOver } from "../host/commands";
import { FakeCore } from "../host/fake";
import { Client } from "../state/client";
import { ClientContext } from "../state/context";
import "../widgets/controls";
import "../widgets/controls/Plot";
import Root from "../widgets/Root";
import { memoryPlace } from "./window";

const FOLDER = `${import.meta.dirname}/coverage`;
const DRAWN = `${FOLDER}/drawn.json`;

/** How long all of them may take on a machine that is busy, in milliseconds. */
const LIMIT = 240_000;

interface Pair {
  readonly name: string;
  readonly with: Node;
  readonly without: Node;
}

/** How high the text in a field is taken to be: jsdom measures nothing. */
const TEXT_HEIGHT = 5000;

/** A conversation that the pictures of a widget are shown in, and what a page needs that jsdom has not. */
async function stage(): Promise<Client> {
  const core = new FakeCore();
  core.addThread({ id: "t" });
  const client = new Client(hostOver(core), memoryPlace());
  await client.start();
  client.thread.show("t");
  const room = { width: 400, height: 200, top: 0, left: 0, right: 400, bottom: 200, x: 0, y: 0 };
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(room as DOMRect);
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockReturnValue(TEXT_HEIGHT);
  // Nothing moves: what is drawn is there at once.
  const media = window.matchMedia;
  vi.spyOn(window, "matchMedia").mockImplementation((query) =>
    query.includes("reduced-motion") ? { ...media(query), matches: true } : media(query),
  );
  const lines = document.createElement("style");
  lines.textContent = "textarea { line-height: 20px }";
  document.body.append(lines);
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => undefined;
  return client;
}

/** What was drawn before, by what it was drawn of. */
const before = new Map<string, string>();

/** What is drawn, without the names that are made anew each time. */
async function drawn(client: Client, root: Node): Promise<string> {
  const { baseElement } = render(
    <ClientContext value={client}>
      <Root node={root} />
    </ClientContext>,
  );
  // Some parts are loaded when they are first drawn.
  await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
  const isChart = baseElement.querySelector(".recharts-responsive-container") !== null;
  if (isChart) await waitFor(() => expect(baseElement.querySelector("svg.recharts-surface")).not.toBeNull());
  if (baseElement.querySelector("[data-testid=picture][data-state=loading]") !== null)
    await waitFor(() => expect(baseElement.querySelector("[data-state=loading]")).toBeNull());
  const focus = document.activeElement === document.body ? "" : ` focus: ${document.activeElement?.tagName}`;
  const html = baseElement.innerHTML.replaceAll(
    /react-aria[-\w:«»]*|_r_\w+_|recharts\d[-\w]*|«\w+»|:r\w+:/gu,
    "",
  );
  cleanup();
  return html + focus;
}

/** The same, of what may have been drawn already. */
async function drawnOnce(client: Client, root: Node, unsure: string[]): Promise<string> {
  const key = JSON.stringify(root);
  const known = before.get(key) ?? (await drawn(client, root));
  // What is drawn otherwise each time would show nothing about a prop.
  if (!before.has(key) && (await drawn(client, root)) !== known) unsure.push(key);
  before.set(key, known);
  return known;
}

it(
  "draws something else for each prop that is there to be seen",
  async () => {
    const pairs: readonly Pair[] = JSON.parse(readFileSync(`${FOLDER}/props.json`, "utf8"));
    const client = await stage();
    const result: Record<string, boolean> = {};
    const unsure: string[] = [];
    for (const pair of pairs)
      result[pair.name] =
        (await drawnOnce(client, pair.without, unsure)) !== (await drawn(client, pair.with));
    expect(unsure).toEqual([]);
    const lines = Object.entries(result).map(([name, differs]) => `${JSON.stringify(name)}: ${differs}`);
    const fresh = `{\n${lines.join(",\n")}\n}\n`;
    const { KITTIWAKE_UPDATE_COVERAGE: update } = process.env;
    if (update !== undefined) writeFileSync(DRAWN, fresh);
    expect(fresh).toBe(existsSync(DRAWN) ? readFileSync(DRAWN, "utf8") : "");
  },
  LIMIT,
);
