import type { ConnectionView } from "../gen/ConnectionView";
import type { ItemView } from "../gen/ItemView";
import type { Patch } from "../gen/Patch";
import type { SessionPhase } from "../gen/SessionPhase";
import type { SessionView } from "../gen/SessionView";
import type { SigningInView } from "../gen/SigningInView";
import type { ThreadId } from "../gen/ThreadId";
import { hostOver } from "./commands";
import { demoModels } from "./demoModels";
import { loud, WORKING } from "./demoProfile";
import {
  code,
  codeBlock,
  heading,
  link,
  list,
  paragraph,
  patchesOf,
  strong,
  type Tree,
  table,
  text,
} from "./demoText";
import { demoWidgets } from "./demoWidgets";
import { FakeCore, failureOf, GUIDE, IDLE } from "./fake";
import { plainMessage } from "./fakeMessage";
import type { Host } from "./host";

/** How fast the demo writes, in milliseconds for each word. */
const WORD_MS = 35;

const HOUR = 3_600_000;

const ANSWER: readonly Tree[] = [
  paragraph(
    text("A ring buffer keeps a "),
    strong("fixed amount of memory"),
    text(" and overwrites the oldest entry when it is full. Two indices are enough: "),
    code("head"),
    text(" and "),
    code("len"),
    text("."),
  ),
  heading("A small version"),
  codeBlock(
    "rust",
    [["/// Keeps the last `N` values.", "comment"]],
    [
      ["pub struct", "keyword"],
      " ",
      ["Ring", "type"],
      "<T, ",
      ["const", "keyword"],
      " N: ",
      ["usize", "type"],
      "> {",
    ],
    ["    values: [", ["Option", "type"], "<T>; N],"],
    ["    head: ", ["usize", "type"], ","],
    ["    len: ", ["usize", "type"], ","],
    ["}"],
    [""],
    [
      ["impl", "keyword"],
      "<T, ",
      ["const", "keyword"],
      " N: ",
      ["usize", "type"],
      "> ",
      ["Ring", "type"],
      "<T, N> {",
    ],
    [
      "    ",
      ["pub fn", "keyword"],
      " ",
      ["push", "function"],
      "(&",
      ["mut", "keyword"],
      " ",
      ["self", "keyword"],
      ", value: T) {",
    ],
    [
      "        ",
      ["let", "keyword"],
      " place = (",
      ["self", "keyword"],
      ".head + ",
      ["self", "keyword"],
      ".len) % N;",
    ],
    ["        ", ["self", "keyword"], ".values[place] = ", ["Some", "type"], "(value);"],
    ["    }"],
    ["}"],
  ),
  paragraph(text("What it costs, compared with the two usual alternatives:")),
  table(
    ["Structure", "Push", "Memory", "Allocates"],
    ["Ring", "O(1)", "N × T", "never"],
    ["VecDeque", "O(1) amortised", "up to 2 N × T", "when it grows"],
    ["Linked list", "O(1)", "N × (T + 16 B)", "every push"],
  ),
  list(
    null,
    [text("Use it for logs, audio and telemetry, where the newest matters.")],
    [text("Do not use it where nothing may be lost: it forgets "), strong("silently"), text(".")],
    [
      text("The standard library has "),
      link("VecDeque", "https://doc.rust-lang.org/std/collections/struct.VecDeque.html"),
      text(", which grows instead."),
    ],
  ),
];

const SHORT: readonly Tree[] = [
  paragraph(
    text(
      "Yes. The reader takes one index and the writer the other, so neither waits for the other as long as each is changed by one side only.",
    ),
  ),
];

function user(id: string, words: string): ItemView {
  return { id, stage: "done", body: plainMessage(words) };
}

function assistant(id: string, trees: readonly Tree[], stage: ItemView["stage"] = "done"): ItemView {
  const sources = [
    { title: "Ring buffers", description: "Handbook, chapter 4", url: "https://handbook.example.com/rings" },
    { title: "notes.pdf", description: "Page 12", url: null },
  ];
  return {
    id,
    stage,
    body: { kind: "assistant_message", parts: [patchesOf(trees)], sources: stage === "done" ? sources : [] },
  };
}

function conversation(name: string, rounds: number): ItemView[] {
  return Array.from({ length: rounds }, (_, round): ItemView[] => [
    user(
      `${name}-u${round}`,
      round % 2 === 0
        ? "Explain a ring buffer, with a small example in Rust."
        : "Can two threads share it\nwithout a lock?",
    ),
    assistant(`${name}-a${round}`, round % 2 === 0 ? ANSWER : SHORT),
  ]).flat();
}

function seed(core: FakeCore) {
  const titles: readonly (readonly [string, number])[] = [
    ["Ring buffers in Rust", 1],
    ["Release notes for 2.4", 3],
    ["Interrupted report", 5],
    ["Why is the build slow on Mondays?", 26],
    ["Translate the welcome letter", 30],
    ["Quarterly figures, compared with last year and the forecast of the spring", 80],
    ["Onboarding checklist", 120],
    ["SQL for the churn table", 400],
    ["Names for the new office", 1500],
  ];
  titles.forEach(([title, hours], index) => {
    core.addThread(
      {
        id: `t${index}`,
        title,
        updated_at: core.now - hours * HOUR,
        connection: index % 3 === 1 ? "work" : "guide",
      },
      conversation(`t${index}`, 2),
    );
  });
  const long = core.threads.get("t0");
  if (long !== undefined) {
    long.older = conversation("older", 40);
    long.items.splice(2, 0, {
      id: "unknown-1",
      stage: "done",
      body: { kind: "unknown", name: "widget", text: null },
    });
  }
  const broken = core.threads.get("t2");
  if (broken !== undefined) {
    broken.items = [user("b1", "Write the report."), assistant("b2", ANSWER.slice(0, 2), "interrupted")];
    const failure = failureOf(
      "interrupted",
      "The server closed the connection in the middle of its answer. What had come is kept.",
      "POST https://assistant.example.com/chatkit\n200 OK, then the body ended after 4,812 bytes",
    );
    broken.turn = { ...IDLE, outcome: { type: "interrupted", failure, can_retry: true } };
  }
  const unread = core.threads.get("t3");
  if (unread !== undefined) unread.view = { ...unread.view, activity: "unread" };
  core.threads.forEach((thread) => {
    if (thread.view.id === "t4")
      thread.view = {
        ...thread.view,
        status: { type: "locked", reason: "Locked while it is being reviewed." },
      };
    if (thread.view.id === "t6")
      thread.view = {
        ...thread.view,
        status: { type: "closed", reason: "This conversation was closed by support." },
      };
  });
}

/** Plays a server: waits, says what it does, and writes its answer piece by piece. */
function play(core: FakeCore, thread: ThreadId) {
  const running = () => core.threads.get(thread)?.turn.phase !== "idle";
  const steps = piecesOf(patchesOf(ANSWER));
  setTimeout(() => core.confirm(thread), 150);
  setTimeout(() => running() && core.progress(thread, "Searching the manual…"), 500);
  setTimeout(() => {
    if (!running()) return;
    if (core.threads.get(thread)?.view.title === null)
      core.change(thread, { title: "Ring buffers, once more" });
    const item = core.beginAnswer(thread);
    const timer = setInterval(() => {
      const patches = steps.shift();
      if (!running() || patches === undefined) clearInterval(timer);
      if (running() && patches !== undefined) core.grow(thread, item, patches);
      else if (running()) core.end(thread, { type: "done" });
    }, WORD_MS);
  }, 1400);
}

/** The patches, with each text cut into its words. */
function piecesOf(patches: readonly Patch[]): Patch[][] {
  return patches.flatMap((patch): Patch[][] => {
    if (patch.op !== "open" || patch.node.type !== "text") return [[patch]];
    const [first = "", ...rest] = patch.node.text.split(/(?<= )/);
    const begin: Patch = { ...patch, node: { type: "text", text: first } };
    return [[begin], ...rest.map((words): Patch[] => [{ op: "append", id: patch.id, text: words }])];
  });
}

const WORK: ConnectionView = {
  id: "work",
  name: "Acme Assistant",
  kind: "chatkit",
  address: "https://assistant.example.com/chatkit",
  has_token: true,
  secrets: [],
  cautions: [],
  sign_in: null,
  session: null,
  keeps_threads: true,
  disabled: false,
  builtin: false,
  again: null,
  state: {
    type: "failing",
    failure: failureOf(
      "unreachable",
      "Nobody answers at assistant.example.com. Check the network, or the address in the settings.",
      "connect ECONNREFUSED 203.0.113.7:443",
    ),
  },
  prompts: [],
  profile: WORKING,
};

const GUIDE_PROMPTS: ConnectionView = {
  ...GUIDE,
  prompts: [
    { label: "What can Kittiwake do?", prompt: "What can you do?" },
    { label: "How do I connect my own server?", prompt: "How do I connect my own server?" },
    { label: "Where are my conversations kept?", prompt: "Where are my conversations kept?" },
    { label: "Which shortcuts are there?", prompt: "Which shortcuts are there?" },
  ],
};

/**
 * What can be looked at beside the usual: `?scene=first` is a first start, `?scene=trouble` what can go wrong,
 * `?scene=sign-in` a server to which one signs in, `?scene=models` long lists to choose from, `?scene=widgets` every component
 * of a widget, and `?scene=profile` a connection whose profile changes as much as one can.
 */
type Scene = "first" | "trouble" | "sign-in" | "models" | "widgets" | "profile" | null;

/** A host with something to look at, for a plain browser. */
export function demoHost(scene: Scene = new URLSearchParams(location.search).get("scene") as Scene): Host {
  const core = new FakeCore();
  core.onTurn = (thread) => play(core, thread);
  core.connections = scene === "first" ? [GUIDE_PROMPTS] : [WORK, GUIDE_PROMPTS];
  if (scene !== "first") seed(core);
  if (scene === "profile") core.connections = [loud(WORK), GUIDE_PROMPTS];
  if (scene === "models") demoModels(core, WORK);
  if (scene === "widgets" || scene === "profile") demoWidgets(core, scene === "widgets" ? GUIDE.id : WORK.id);
  if (scene === "trouble") trouble(core);
  if (scene === "sign-in") signIn(core);
  core.hits = [...core.threads.values()].slice(0, 2).map((thread) => ({
    thread: thread.view,
    excerpt: "…the reader takes one index and the writer the other…",
  }));
  return hostOver(core);
}

/** Servers with a sign-in: one is over and goes by the browser, one by a code, and one is live. */
function signIn(core: FakeCore) {
  const out = failureOf("signed_out", "You are signed out of “Acme Assistant”. Sign in again to go on.");
  const view = (phase: SessionPhase, hours: number | null, fields: [string, string][] = []): SessionView => ({
    phase,
    ends: hours === null ? null : core.now + hours * HOUR,
    ahead: 0,
    fields,
  });
  const over = view({ type: "signed_out", failure: out }, null);
  const live = view({ type: "live" }, 8, [["signed_in_as", "ann@example.org"]]);
  const state = { type: "online" } as const;
  core.connections = [
    { ...WORK, state, sign_in: { way: "browser", session: over } },
    { ...WORK, state, id: "lab", name: "Laboratory", sign_in: { way: "device", session: over } },
    {
      ...WORK,
      state,
      id: "office",
      name: "Office",
      sign_in: { way: "browser", session: live },
      session: view({ type: "live" }, 0.25),
    },
    GUIDE_PROMPTS,
  ];
  core.signIns.onBegin = () => {
    const lab = core.calls.findLast(({ command }) => command === "sign_in")?.args["connection"] === "lab";
    const url = lab
      ? "https://login.example.com/device"
      : "https://login.example.com/authorize?client_id=kittiwake";
    const until = Date.now() + 10 * 60_000;
    const step: SigningInView = lab
      ? { type: "device", url, code: "WDJB-MJHT", until }
      : { type: "browser", url };
    setTimeout(() => core.signIns.show(step), 600);
  };
}

/** A problem of the program, a notice of the server, and a refusal with a time to wait. */
function trouble(core: FakeCore) {
  const limited = core.threads.get("t1");
  if (limited === undefined) return;
  const failure = {
    ...failureOf(
      "rate_limited",
      "The server takes no more requests from you for now.",
      "429 Too Many Requests",
    ),
    retry_after_ms: 42_000,
  };
  limited.turn = { ...IDLE, outcome: { type: "failed", failure, can_retry: true } };
  setTimeout(() => {
    core.toApp({
      type: "problem",
      failure: failureOf(
        "disk_full",
        "The disk is full. What was shown before is safe; new answers are not kept.",
      ),
    });
    core.batch("t1", {
      op: "notice",
      notice: {
        level: "warning",
        title: "Maintenance",
        message: "The assistant pauses tonight from 22:00 to 23:00.",
      },
    });
  }, 800);
}
