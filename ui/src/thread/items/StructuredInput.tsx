import { MessageCircleQuestionMark } from "lucide-react";
import { useEffect } from "react";
import { forgetAnswers } from "../../composer/answers";
import { classes } from "../../design/classes";
import type { QuestionsView } from "../../gen/QuestionsView";
import type { QuestionView } from "../../gen/QuestionView";
import type { ItemProps } from "./Item";
import styles from "./StructuredInput.module.css";

const css = classes(styles);

/** Questions to the person, with what was answered. They are answered below, in place of the message field. */
export function StructuredInput({ item, body }: ItemProps<"structured_input">) {
  const { id } = item;
  const isOver = body.status !== "pending";
  useEffect(() => {
    if (isOver) forgetAnswers(id);
  }, [id, isOver]);
  return (
    <section className={css("questions")} aria-label="Questions" data-testid="questions">
      <p className={css("line")}>
        <MessageCircleQuestionMark size={14} aria-hidden="true" />
        {stand(body)}
      </p>
      <dl className={css("list")}>
        {body.questions.map((question) => (
          <div key={question.id}>
            <dt dir="auto">{question.question}</dt>
            <dd dir="auto">
              <Answer question={question} status={body.status} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function stand({ status, is_open, questions }: QuestionsView): string {
  const one = questions.length === 1;
  if (status === "answered") return one ? "You answered a question" : "You answered questions";
  if (status === "skipped") return one ? "You skipped a question" : "You skipped the questions";
  if (is_open) return one ? "A question for you: answer it below" : "Questions for you: answer them below";
  return one ? "A question that was not answered" : "Questions that were not answered";
}

function Answer({
  question,
  status,
}: {
  readonly question: QuestionView;
  readonly status: QuestionsView["status"];
}) {
  const values = question.answer?.values.filter((value) => value.trim() !== "") ?? [];
  if (values.length > 0) return values.join(", ");
  if (status === "answered") return <span className={css("none")}>Skipped</span>;
  const { body } = question;
  if (status !== "pending" || body.kind !== "multiple_choice" || body.options.length === 0) return null;
  return <span className={css("none")}>{body.options.join(" · ")}</span>;
}
