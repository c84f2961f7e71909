import { memo } from "react";
import type { ThreadId } from "../../gen/ThreadId";
import type { ShownItem } from "../../state/thread";
import { AssistantMessage } from "./AssistantMessage";
import { Away } from "./Away";
import { ClientToolCall } from "./ClientToolCall";
import { GeneratedImage } from "./GeneratedImage";
import { Handover } from "./Handover";
import { StructuredInput } from "./StructuredInput";
import { Task } from "./Task";
import { UnknownItem } from "./UnknownItem";
import { UserMessage } from "./UserMessage";
import { Widget } from "./Widget";
import { Workflow } from "./Workflow";

/** What every kind of item gets. */
export interface ItemProps<Kind extends ShownItem["body"]["kind"]> {
  readonly thread: ThreadId;
  readonly item: ShownItem;
  readonly body: Extract<ShownItem["body"], { kind: Kind }>;
  /** Whether *try again* belongs to this item: it is the last, and nothing is under way. */
  readonly canRetry: boolean;
  /** Whether there is a server that wants to know how good an answer was. */
  readonly canJudge: boolean;
  /** Whether the thread's end says already how the turn of this item ended. */
  readonly told: boolean;
}

/** The one place that chooses how an item is drawn, by its kind. */
export const Item = memo(function Item(props: Omit<ItemProps<never>, "body">) {
  const { item } = props;
  const kind = item.body.kind === "away" ? item.body.of : item.body.kind;
  return (
    <article data-testid="item" data-kind={kind} data-stage={item.stage} data-id={item.id}>
      {draw(props)}
    </article>
  );
});

function draw(props: Omit<ItemProps<never>, "body">) {
  const { body } = props.item;
  switch (body.kind) {
    case "user_message":
      return <UserMessage {...props} body={body} />;
    case "assistant_message":
      return <AssistantMessage {...props} body={body} />;
    case "client_tool_call":
      return <ClientToolCall {...props} body={body} />;
    case "widget":
      return <Widget {...props} body={body} />;
    case "generated_image":
      return <GeneratedImage {...props} body={body} />;
    case "structured_input":
      return <StructuredInput {...props} body={body} />;
    case "task":
      return <Task {...props} body={body} />;
    case "workflow":
      return <Workflow {...props} body={body} />;
    case "handover":
      return <Handover {...body} />;
    case "unknown":
      return <UnknownItem name={body.name} text={body.text} />;
    case "away":
      return <Away id={props.item.id} height={body.height} />;
  }
}
