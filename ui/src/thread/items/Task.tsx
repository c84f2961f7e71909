import { Check } from "lucide-react";
import { useMemo } from "react";
import { classes } from "../../design/classes";
import { Turning } from "../../design/Turning";
import type { SourceView } from "../../gen/SourceView";
import type { TaskView } from "../../gen/TaskView";
import { parted } from "../../link/address";
import { MarkdownDocument } from "../../markdown";
import { useClient } from "../../state/context";
import type { ItemProps } from "./Item";
import { MarkdownText } from "./MarkdownText";
import styles from "./Task.module.css";
import { TaskIcon } from "./TaskIcon";
import { taskTitle } from "./taskWords";

const css = classes(styles);

/** A step of the assistant's work that stands alone: one quiet line, and what belongs to it. */
export function Task({ body }: ItemProps<"task">) {
  return (
    <div className={css("alone")}>
      <TaskLine task={body} />
    </div>
  );
}

/** One step. How far it is means something among others only. */
export function TaskLine({
  task,
  status,
}: {
  readonly task: TaskView;
  readonly status?: TaskView["status"];
}) {
  return (
    <div className={css("task")} data-testid="task" data-status={status ?? "none"}>
      <Indicator task={task} status={status ?? "none"} />
      <div className={css("words")}>
        <p className={css("title")} dir="auto">
          {taskTitle(task)}
        </p>
        <TaskContent task={task} />
      </div>
    </div>
  );
}

function Indicator({ task, status }: { readonly task: TaskView; readonly status: TaskView["status"] }) {
  if (status === "loading") {
    return (
      <span className={css("indicator")}>
        <Turning size={14} />
        <span className="visually-hidden">In progress: </span>
      </span>
    );
  }
  if (status === "complete") {
    return (
      <span className={css("indicator")}>
        <Check size={14} aria-hidden="true" />
        <span className="visually-hidden">Done: </span>
      </span>
    );
  }
  return (
    <span className={css("indicator")}>
      <TaskIcon name={task.icon} kind={task.type} />
    </span>
  );
}

/** What a step says, searched for and found. */
export function TaskContent({ task }: { readonly task: TaskView }) {
  return (
    <>
      <Words patches={task.content} />
      {task.queries.length > 0 && (
        <ul className={css("chips")} aria-label="Searched for">
          {task.queries.map((query, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: queries may repeat
            <li key={index} dir="auto">
              {query}
            </li>
          ))}
        </ul>
      )}
      {task.sources.length > 0 && (
        <ul className={css("sources")} aria-label={task.type === "file" ? "Files" : "Found"}>
          {task.sources.map((source, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sources may repeat
            <li key={index}>
              <Found source={source} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Words({ patches }: { readonly patches: TaskView["content"] }) {
  const document = useMemo(() => new MarkdownDocument(patches), [patches]);
  return patches.length === 0 ? null : <MarkdownText document={document} className={css("markdown")} />;
}

function Found({ source }: { readonly source: SourceView }) {
  const client = useClient();
  const { url, filename } = source;
  if (url === null) {
    return (
      <>
        {source.title}
        {filename !== undefined && filename !== source.title && (
          <span className={css("host")}>{filename}</span>
        )}
      </>
    );
  }
  return (
    <button type="button" className={css("link")} onClick={() => client.openLink(url)}>
      {source.title}
      <span className={css("host")}>{parted(url).host}</span>
    </button>
  );
}
