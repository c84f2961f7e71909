import { pictureAnswer } from "../pictures/answer";
import type { Host } from "./host";

type Call = <T>(command: string, args?: Readonly<Record<string, unknown>>) => Promise<T>;

type OfItems = Pick<
  Host,
  "widgetAction" | "answerQuestions" | "answerToolCall" | "feedback" | "copyItem" | "picture"
>;

/** The part of the host that is about single items of a conversation. */
export function itemCommands(call: Call): OfItems {
  return {
    widgetAction: (thread, item, action) => call("widget_action", { thread, item, action }),
    answerQuestions: (thread, item, answer) => call("answer_questions", { thread, item, answer }),
    answerToolCall: (thread, item, consent) => call("answer_tool_call", { thread, item, consent }),
    feedback: (thread, item, kind) => call("feedback", { thread, item, kind }),
    copyItem: (thread, item) => call("copy_item", { thread, item }),
    picture: async (thread, url, once, always) =>
      pictureAnswer(await call("picture", { thread, url, once, always })),
  };
}
