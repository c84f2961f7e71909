import type { ContextView } from "../gen/ContextView";
import type { ItemView } from "../gen/ItemView";
import type { ThreadModelView } from "../gen/ThreadModelView";
import type { ThreadView } from "../gen/ThreadView";
import type { TurnView } from "../gen/TurnView";
import type { Beside } from "./fakeComposing";

/** A thread of the fake core. */
export interface FakeThread {
  view: ThreadView;
  items: ItemView[];
  /** Older items, which are given out only when asked for. */
  older: ItemView[];
  turn: TurnView;
  context: ContextView | null;
  model: ThreadModelView | null;
  draft: string;
  beside: Beside;
}
