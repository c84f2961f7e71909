import type { Appearance } from "../gen/Appearance";
import type { AppMessage } from "../gen/AppMessage";
import type { CatalogueView } from "../gen/CatalogueView";
import type { ConnectionView } from "../gen/ConnectionView";
import type { DraftFiles } from "../gen/DraftFiles";
import type { Failure } from "../gen/Failure";
import type { ManagedView } from "../gen/ManagedView";
import type { Patience } from "../gen/Patience";
import type { ThreadId } from "../gen/ThreadId";
import type { ThreadView } from "../gen/ThreadView";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import { withFiles } from "./files";

/** Everything outside a thread, as the core last said. */
export interface AppState {
  /** Whether the first snapshot has come. */
  readonly loaded: boolean;
  /** The threads by their id. */
  readonly threads: ReadonlyMap<ThreadId, ThreadView>;
  /** The threads, the latest first. */
  readonly latest: readonly ThreadView[];
  readonly connections: readonly ConnectionView[];
  readonly appearance: Appearance;
  readonly whenUnreachable: WhenUnreachable;
  /** For how long messages wait in all whose server wants a pause, in seconds. */
  readonly patience: Patience;
  /** What is known of models. */
  readonly catalogue: CatalogueView;
  /** What somebody else than the person has set. */
  readonly managed: ManagedView;
  /** The files of messages that were not sent yet. */
  readonly files: readonly DraftFiles[];
  /** What is to be told and was not dismissed. */
  readonly problems: readonly Failure[];
}

export const EMPTY_APP: AppState = {
  loaded: false,
  threads: new Map(),
  latest: [],
  connections: [],
  appearance: { theme: "system" },
  whenUnreachable: "wait",
  patience: 120,
  catalogue: { models: [], chosen: [], published: [] },
  managed: { policy: null, locked: [], connections: [], environment: null },
  files: [],
  problems: [],
};

/** The state after a message. */
export function reduceApp(state: AppState, message: AppMessage): AppState {
  switch (message.type) {
    case "snapshot": {
      const { threads, when_unreachable: whenUnreachable, files = [], ...rest } = message.app;
      return { loaded: true, ...withThreads(new Map(), threads), ...rest, files, whenUnreachable };
    }
    case "threads":
      return { ...state, ...withThreads(state.threads, message.threads) };
    case "thread_removed": {
      if (!state.threads.has(message.id)) return state;
      const threads = new Map(state.threads);
      threads.delete(message.id);
      return { ...state, threads, latest: state.latest.filter((thread) => thread.id !== message.id) };
    }
    case "connections":
      return { ...state, connections: message.connections };
    case "appearance":
      return { ...state, appearance: message.appearance };
    case "when_unreachable":
      return { ...state, whenUnreachable: message.choice };
    case "patience":
      return { ...state, patience: message.patience };
    case "catalogue":
      return { ...state, catalogue: message.catalogue };
    case "managed":
      return { ...state, managed: message.managed };
    case "files":
      return { ...state, files: withFiles(state.files, message.files) };
    case "problem":
      return { ...state, problems: withProblem(state.problems, message.failure) };
    default:
      // A message of a newer core; what it says is not for this window.
      return state;
  }
}

/** The state without a problem that the person has read. */
export function dismissProblem(state: AppState, problem: Failure): AppState {
  return { ...state, problems: state.problems.filter((other) => other !== problem) };
}

function withThreads(
  known: ReadonlyMap<ThreadId, ThreadView>,
  changed: readonly ThreadView[],
): Pick<AppState, "threads" | "latest"> {
  const threads = new Map(known);
  for (const thread of changed) threads.set(thread.id, thread);
  const latest = [...threads.values()].sort((a, b) => b.updated_at - a.updated_at);
  return { threads, latest };
}

/** A problem that is shown already is not shown twice. */
function withProblem(problems: readonly Failure[], problem: Failure): readonly Failure[] {
  const same = (other: Failure) => other.code === problem.code && other.message === problem.message;
  return [...problems.filter((other) => !same(other)), problem];
}
