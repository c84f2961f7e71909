import type { TaskKind } from "../../gen/TaskKind";
import type { TaskView } from "../../gen/TaskView";
import type { WorkflowSummary } from "../../gen/WorkflowSummary";

/** What a step is called that its server gave no name. */
const TITLES: Readonly<Record<TaskKind, string>> = {
  custom: "Step",
  web_search: "Web search",
  thought: "Thought",
  file: "Files",
  image: "Picture",
  unknown: "A step that this version of Kittiwake does not know",
};

export function taskTitle(task: Pick<TaskView, "title" | "type">): string {
  const title = task.title?.trim() ?? "";
  return title === "" ? TITLES[task.type] : title;
}

/** So many seconds, in minutes where there are many. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}

/** What a workflow that is over came to. */
export function summaryWords(summary: WorkflowSummary | null, isReasoning: boolean, steps: number): string {
  if (summary?.kind === "duration") return `Thought for ${duration(summary.seconds)}`;
  if (summary?.kind === "custom" && summary.title.trim() !== "") return summary.title;
  if (isReasoning) return "Thought about it";
  return steps === 1 ? "1 step" : `${steps} steps`;
}
