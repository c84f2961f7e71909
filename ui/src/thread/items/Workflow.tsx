import { ChevronRight, Pause } from "lucide-react";
import { useState } from "react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../../design/classes";
import { Turning } from "../../design/Turning";
import type { TaskView } from "../../gen/TaskView";
import type { WorkflowView } from "../../gen/WorkflowView";
import { useOpenThread } from "../../state/context";
import type { ItemProps } from "./Item";
import { TaskContent, TaskLine } from "./Task";
import taskStyles from "./Task.module.css";
import { TaskIcon } from "./TaskIcon";
import { summaryWords, taskTitle } from "./taskWords";
import styles from "./Workflow.module.css";

const css = classes(taskStyles, styles);

/** Where a workflow stands: one that its turn has left open goes on with a later turn, and nothing is wrong with it. */
type Stand = "running" | "paused" | "done";

/** The steps of the assistant's work: the one it is at while it works, and afterwards what they came to. */
export function Workflow({ item, body }: ItemProps<"workflow">) {
  const idle = useOpenThread(({ thread }) => (thread?.turn.phase ?? "idle") === "idle");
  const stand: Stand =
    item.stage === "done" ? "done" : item.stage === "streaming" && !idle ? "running" : "paused";
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? body.expanded;
  const current = currentTask(body.tasks);
  return (
    <Disclosure
      className={css("workflow")}
      data-testid="workflow"
      data-stand={stand}
      isExpanded={open}
      onExpandedChange={setChosen}
    >
      <h3 className={css("heading")}>
        <Button slot="trigger" className={css("toggle")} isDisabled={body.tasks.length === 0}>
          <ChevronRight size={14} aria-hidden="true" className={css("chevron")} />
          <Sign stand={stand} body={body} current={current} />
          <span className={css(stand === "running" && "moving")} dir="auto">
            {label(stand, body, current)}
          </span>
        </Button>
      </h3>
      {stand === "running" && !open && current !== undefined && (
        <div className={css("current")} data-testid="current-task">
          <TaskContent task={current} />
        </div>
      )}
      <DisclosurePanel>
        <ol className={css("tasks")}>
          {body.tasks.map((task, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place and by nothing else
            <li key={index}>
              <TaskLine task={task} status={task.status} />
            </li>
          ))}
        </ol>
      </DisclosurePanel>
    </Disclosure>
  );
}

/** The step that the assistant is at. */
function currentTask(tasks: readonly TaskView[]): TaskView | undefined {
  return tasks.findLast((task) => task.status === "loading") ?? tasks.at(-1);
}

function label(stand: Stand, body: WorkflowView, current: TaskView | undefined): string {
  if (stand === "done") return summaryWords(body.summary, body.is_reasoning, body.tasks.length);
  if (stand === "paused") return current === undefined ? "Paused" : `Paused: ${taskTitle(current)}`;
  const untitled = current?.type === "thought" && (current.title?.trim() ?? "") === "";
  if (current === undefined || untitled) return body.is_reasoning || untitled ? "Thinking…" : "Working…";
  return taskTitle(current);
}

function Sign({
  stand,
  body,
  current,
}: {
  readonly stand: Stand;
  readonly body: WorkflowView;
  readonly current: TaskView | undefined;
}) {
  if (stand === "running") return <Turning size={14} />;
  if (stand === "paused") return <Pause size={14} aria-hidden="true" />;
  const named = body.summary?.kind === "custom" ? body.summary.icon : null;
  if (named === null && !body.is_reasoning) return null;
  return <TaskIcon name={named} kind={body.is_reasoning ? "thought" : (current?.type ?? "custom")} />;
}
