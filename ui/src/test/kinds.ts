import type { ItemStage } from "../gen/ItemStage";
import type { ItemView } from "../gen/ItemView";
import type { QuestionsView } from "../gen/QuestionsView";
import type { TaskView } from "../gen/TaskView";
import type { ToolCallView } from "../gen/ToolCallView";
import type { WorkflowView } from "../gen/WorkflowView";

/** A step, with what a test wants of it. */
export function taskOf(view: Partial<TaskView>): TaskView {
  const empty = { status: "none", title: null, icon: null, content: [], queries: [], sources: [] } as const;
  return { type: "custom", ...empty, content: [], queries: [], sources: [], ...view };
}

export function workflowItem(view: Partial<WorkflowView>, stage: ItemStage = "done"): ItemView {
  const body = { is_reasoning: false, tasks: [], summary: null, expanded: false, ...view };
  return { id: "w", stage, body: { kind: "workflow", ...body } };
}

/** Three questions, one of each sort. */
export const QUESTIONS: QuestionsView = {
  status: "pending",
  is_open: true,
  questions: [
    {
      id: "colour",
      question: "Which colour?",
      body: { kind: "multiple_choice", options: ["Green", "Blue"], multiple: false },
      answer: null,
    },
    {
      id: "days",
      question: "Which days?",
      body: { kind: "multiple_choice", options: ["Monday", "Friday"], multiple: true },
      answer: null,
    },
    {
      id: "more",
      question: "Anything else?",
      body: { kind: "freeform", description: "A line is enough." },
      answer: null,
    },
  ],
};

export function questionsItem(view: Partial<QuestionsView> = {}, id = "q"): ItemView {
  return { id, stage: "done", body: { kind: "structured_input", ...QUESTIONS, ...view } };
}

export function toolItem(view: Partial<ToolCallView>): ItemView {
  const body: ToolCallView = {
    name: "open_link",
    asks: "Open https://a.example in your browser?",
    arguments: '{\n  "url": "https://a.example"\n}',
    state: "asks",
    output: null,
    ...view,
  };
  return { id: "tool", stage: "done", body: { kind: "client_tool_call", ...body } };
}
