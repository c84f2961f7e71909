import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { Checkbox, CheckboxGroup, Label, Radio, RadioGroup, Text } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { QuestionsView } from "../gen/QuestionsView";
import type { QuestionView } from "../gen/QuestionView";
import type { StructuredAnswer } from "../gen/StructuredAnswer";
import type { ThreadId } from "../gen/ThreadId";
import { useClient } from "../state/context";
import {
  type AnswerDraft,
  type AnswerDrafts,
  hasAnswer,
  keepAnswers,
  keptAnswers,
  NO_ANSWER,
  OWN,
  structuredAnswer,
} from "./answers";
import styles from "./Questions.module.css";

const css = classes(styles);

/** The questions of an assistant, in place of the message field. Without an answer a question is passed over. */
export default function Questions({
  thread,
  item,
  body,
}: {
  readonly thread: ThreadId;
  readonly item: string;
  readonly body: QuestionsView;
}) {
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  const [drafts, setDrafts] = useState<AnswerDrafts>(() => keptAnswers(item));
  const [busy, setBusy] = useState(false);
  const answer = structuredAnswer(body.questions, drafts);
  const canSend = !busy && hasAnswer(answer);

  useLayoutEffect(() => {
    // What lies over the window keeps the keyboard.
    if (client.view.get().overlay === null)
      form.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [client]);

  function write(question: string, draft: AnswerDraft) {
    const next = new Map(drafts).set(question, draft);
    keepAnswers(item, next);
    setDrafts(next);
  }

  async function give(given: StructuredAnswer) {
    setBusy(true);
    try {
      await client.host.answerQuestions(thread, item, given);
    } catch (thrown) {
      client.report(thrown);
    } finally {
      setBusy(false);
    }
  }

  function pressed(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) void give(answer);
  }

  return (
    <form
      ref={form}
      className={css("form")}
      aria-label="Questions of the assistant"
      data-testid="question-form"
      onKeyDown={pressed}
      // Enter in a field of one line sends nothing: there may be more questions.
      onSubmit={(event) => event.preventDefault()}
    >
      <div className={css("questions")}>
        {body.questions.map((question) => (
          <Question
            key={question.id}
            question={question}
            draft={drafts.get(question.id) ?? NO_ANSWER}
            onChange={(draft) => write(question.id, draft)}
          />
        ))}
      </div>
      <div className={css("buttons")}>
        <Button weight="quiet" isDisabled={busy} onPress={() => void give({ skipped: true, answers: {} })}>
          Skip
        </Button>
        <Button weight="primary" isDisabled={!canSend} onPress={() => void give(answer)}>
          Send answers
        </Button>
      </div>
    </form>
  );
}

interface Asked {
  readonly question: QuestionView;
  readonly draft: AnswerDraft;
  readonly onChange: (draft: AnswerDraft) => void;
}

function Question(props: Asked) {
  const { body } = props.question;
  if (body.kind === "freeform") return <Freeform {...props} description={body.description} />;
  return body.multiple ? (
    <Several {...props} options={body.options} />
  ) : (
    <One {...props} options={body.options} />
  );
}

function One({ question, draft, onChange, options }: Asked & { readonly options: readonly string[] }) {
  return (
    <div className={css("question")}>
      <RadioGroup
        className={css("group")}
        value={draft.chosen[0] ?? null}
        onChange={(chosen) => onChange({ ...draft, chosen: [chosen] })}
      >
        <Label className={css("asks")}>{question.question}</Label>
        {options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: options may repeat, and never change their order
          <Radio key={index} value={String(index)} className={css("choice")}>
            <span className={css("box", "round")} aria-hidden="true" />
            <bdi>{option}</bdi>
          </Radio>
        ))}
        <Radio value={OWN} className={css("choice")}>
          <span className={css("box", "round")} aria-hidden="true" />
          Another answer
        </Radio>
      </RadioGroup>
      <Own question={question} draft={draft} onChange={(own) => onChange({ own, chosen: [OWN] })} />
    </div>
  );
}

function Several({ question, draft, onChange, options }: Asked & { readonly options: readonly string[] }) {
  return (
    <div className={css("question")}>
      <CheckboxGroup
        className={css("group")}
        value={[...draft.chosen]}
        onChange={(chosen) => onChange({ ...draft, chosen })}
      >
        <Label className={css("asks")}>{question.question}</Label>
        {options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: options may repeat, and never change their order
          <Checkbox key={index} value={String(index)} className={css("choice")}>
            <span className={css("box")} aria-hidden="true" />
            <bdi>{option}</bdi>
          </Checkbox>
        ))}
        <Checkbox value={OWN} className={css("choice")}>
          <span className={css("box")} aria-hidden="true" />
          Another answer
        </Checkbox>
        <Text slot="description" className="visually-hidden">
          Several answers can be chosen.
        </Text>
      </CheckboxGroup>
      <Own
        question={question}
        draft={draft}
        onChange={(own) => onChange({ own, chosen: [...draft.chosen.filter((one) => one !== OWN), OWN] })}
      />
    </div>
  );
}

/** The person's own words after the suggestions; to write is to choose them. */
function Own({
  question,
  draft,
  onChange,
}: Pick<Asked, "question" | "draft"> & { readonly onChange: (own: string) => void }) {
  return (
    <input
      className={css("own")}
      dir="auto"
      value={draft.own}
      aria-label={`Another answer to: ${question.question}`}
      placeholder="In your own words"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Freeform({
  question,
  draft,
  onChange,
  description,
}: Asked & { readonly description: string | null }) {
  const field = useId();
  const about = useId();
  return (
    <div className={css("question")}>
      <label className={css("asks")} htmlFor={field}>
        {question.question}
      </label>
      {description !== null && (
        <p id={about} className={css("about")}>
          {description}
        </p>
      )}
      <textarea
        id={field}
        className={css("own")}
        dir="auto"
        rows={3}
        value={draft.own}
        aria-describedby={description === null ? undefined : about}
        onChange={(event) => onChange({ chosen: [], own: event.currentTarget.value })}
      />
    </div>
  );
}
