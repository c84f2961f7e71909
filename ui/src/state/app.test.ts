import { describe, expect, it } from "vitest";
import type { AppView } from "../gen/AppView";
import type { ThreadView } from "../gen/ThreadView";
import { dismissProblem, EMPTY_APP, reduceApp } from "./app";

function thread(id: string, updated_at: number): ThreadView {
  return { id, connection: "c", title: id, status: { type: "active" }, updated_at, activity: "idle" };
}

const LOADED = reduceApp(EMPTY_APP, {
  type: "snapshot",
  app: {
    threads: [thread("a", 1), thread("b", 2)],
    connections: [],
    appearance: { theme: "dark" },
    when_unreachable: "tell",
    patience: 900,
    catalogue: EMPTY_APP.catalogue,
    managed: EMPTY_APP.managed,
    problems: [],
  },
});

const order = (state: typeof LOADED) => state.latest.map((view) => view.id);

describe("the state outside threads", () => {
  it("is everything that a snapshot says, the latest thread first", () => {
    expect(LOADED.loaded).toBe(true);
    expect(LOADED.appearance.theme).toBe("dark");
    expect(LOADED.whenUnreachable).toBe("tell");
    expect(LOADED.patience).toBe(900);
    expect(reduceApp(LOADED, { type: "patience", patience: 0 }).patience).toBe(0);
    expect(order(LOADED)).toEqual(["b", "a"]);
  });

  it("forgets with a new snapshot what was there before", () => {
    const { appearance } = LOADED;
    const app: AppView = {
      threads: [thread("c", 3)],
      connections: [],
      appearance,
      when_unreachable: "wait",
      patience: 0,
      catalogue: EMPTY_APP.catalogue,
      managed: EMPTY_APP.managed,
      problems: [],
    };
    expect(order(reduceApp(LOADED, { type: "snapshot", app }))).toEqual(["c"]);
  });

  it("takes changed and new threads, and orders them again", () => {
    const next = reduceApp(LOADED, { type: "threads", threads: [thread("a", 9), thread("c", 5)] });
    expect(order(next)).toEqual(["a", "c", "b"]);
  });

  it("drops a thread that is gone, and does not mind one that never was", () => {
    expect(order(reduceApp(LOADED, { type: "thread_removed", id: "b" }))).toEqual(["a"]);
    expect(reduceApp(LOADED, { type: "thread_removed", id: "none" })).toBe(LOADED);
  });

  it("tells a problem once, until it is dismissed", () => {
    const failure = { code: "disk_full", message: "full" } as const;
    const once = reduceApp(LOADED, { type: "problem", failure });
    const twice = reduceApp(once, { type: "problem", failure: { ...failure } });
    expect(twice.problems).toHaveLength(1);
    const [problem] = twice.problems;
    expect(problem && dismissProblem(twice, problem).problems).toEqual([]);
  });
});
