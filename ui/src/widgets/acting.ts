import { createContext } from "react";
import type { Action } from "../gen/widget/Action";

/** What a press in a widget leads to. */
export interface Acting {
  /** Asks the server; settles when it has answered all of it, also where it failed. */
  act(action: Action, payload: unknown): Promise<void>;
  /** Whether nothing can be asked of the server now but what is answered at once. */
  readonly busy: boolean;
}

/** Where a widget that is drawn somewhere else (a preview, a gallery) asks nobody. */
export const ActingContext = createContext<Acting>({ act: async () => undefined, busy: false });
