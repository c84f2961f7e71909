import {
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  Info,
  LoaderCircle,
} from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Button as AriaButton, Disclosure, DisclosurePanel } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard, PageButton } from "../failure/FailureCard";
import { type MapText, Places } from "../failure/Places";
import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { CheckView } from "../gen/CheckView";
import type { Failure } from "../gen/Failure";
import { asFailure, type Unsubscribe } from "../host/host";
import { useClient } from "../state/context";
import styles from "./Check.module.css";
import { lastWords, OUTCOMES, stopped, took, verdictWords } from "./checkWords";

const css = classes(styles);

interface Props {
  /** What the connection is called. */
  readonly name: string;
  /** Begins a test, and hands over each state of it. */
  readonly start: (receive: (check: CheckView) => void) => Promise<Unsubscribe>;
  readonly onClose: () => void;
  /** Says where the text stands, after which the test begins again. */
  readonly onMapping: MapText;
  /** The connection works. */
  readonly onWorks?: () => void;
  /** The test could not begin; without this it is said here. */
  readonly onRefused?: (failure: Failure) => void;
}

/** The test of a connection: its steps as they end, and what to do with them afterwards. */
export function Check({ name, start, onClose, onMapping, onWorks, onRefused }: Props) {
  const client = useClient();
  const { check, failure, again, stop } = useTest(start, onWorks, onRefused);
  const [copied, setCopied] = useState<string | null>(null);
  const section = useRef<HTMLElement>(null);
  useInSight(section, check);
  const running = check === null ? failure === null : check.verdict.type === "running";
  const report = check?.report ?? null;

  function copy(text: string) {
    client.host.copyText(text).then(
      () => setCopied(text),
      (thrown: unknown) => client.report(thrown),
    );
  }

  return (
    <section ref={section} className={css("check")} aria-label={`Test of ${name}`} data-testid="check">
      <p className={css("note")}>
        The test says hello to the server, in a conversation of its own that it deletes afterwards.
      </p>
      {failure !== null && <FailureCard failure={failure} />}
      {check !== null && (
        <>
          <ol className={css("steps")} aria-label="Steps">
            {check.steps.map((step) => (
              <Step key={step.label} step={step} />
            ))}
          </ol>
          <p className={css("verdict")} data-testid="verdict" data-verdict={check.verdict.type}>
            {verdictWords(check)}
          </p>
        </>
      )}
      {check?.verdict.type === "fails" && (
        <Places
          failure={check.verdict.failure}
          onUse={async (field, pointer) => {
            const worked = await onMapping(field, pointer);
            if (worked !== false) again();
            return worked;
          }}
        />
      )}
      <div className={css("buttons")}>
        {running && <Button onPress={stop}>Stop</Button>}
        {!running && <Button onPress={again}>Test again</Button>}
        {check?.verdict.type === "fails" && <PageButton failure={check.verdict.failure} />}
        {report !== null && (
          <Button onPress={() => copy(report)}>{copied === report ? "Copied" : "Copy the report"}</Button>
        )}
        <Button weight="quiet" onPress={onClose}>
          Close the test
        </Button>
      </div>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="check-announcer">
        {check === null ? "" : lastWords(check)}
      </div>
    </section>
  );
}

/** What has just come is brought into sight: the step that failed, the one under way, or how it ended. */
function useInSight(section: RefObject<HTMLElement | null>, check: CheckView | null) {
  useEffect(() => {
    const find = (selector: string) => section.current?.querySelector(selector) ?? null;
    const now =
      check === null
        ? section.current
        : (find("[data-outcome=failed]") ?? find("[data-outcome=running]") ?? find("[data-verdict]"));
    now?.scrollIntoView({ block: "nearest" });
  }, [section, check]);
}

/** Runs a test from the beginning, and again when that is wanted. It ends with what shows it. */
function useTest(start: Props["start"], onWorks: Props["onWorks"], onRefused: Props["onRefused"]) {
  const [run, setRun] = useState(0);
  const [check, setCheck] = useState<CheckView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const given = useRef({ start, onWorks, onRefused });
  const end = useRef<Unsubscribe>(() => undefined);
  useEffect(() => {
    given.current = { start, onWorks, onRefused };
  });
  useEffect(() => {
    // Each run is one of its own, also if nothing else has changed.
    void run;
    let open = true;
    let unsubscribe: Unsubscribe | null = null;
    const close = () => {
      open = false;
      unsubscribe?.();
    };
    end.current = close;
    given.current
      .start((next) => {
        if (!open) return;
        setCheck(next);
        if (next.verdict.type === "works") given.current.onWorks?.();
      })
      .then(
        (begun) => {
          unsubscribe = begun;
          if (!open) begun();
        },
        (thrown: unknown) => {
          if (!open) return;
          const refused = given.current.onRefused;
          if (refused === undefined) setFailure(asFailure(thrown));
          else refused(asFailure(thrown));
        },
      );
    return close;
  }, [run]);
  return {
    check,
    failure,
    again: () => {
      setCheck(null);
      setFailure(null);
      setRun((number) => number + 1);
    },
    stop: () => {
      end.current();
      setCheck((last) => stopped(last));
    },
  };
}

function Step({ step }: { readonly step: CheckStep }) {
  const { label, outcome, line, facts, failure } = step;
  const detail = failure?.detail ?? "";
  return (
    <li
      className={css("step", outcome)}
      data-testid="check-step"
      data-kind={step.kind}
      data-outcome={outcome}
      aria-label={`${label}: ${OUTCOMES[outcome]}`}
    >
      <Mark outcome={outcome} />
      <div className={css("words")}>
        <p className={css("head")}>
          <span className={css("label")}>{label}</span>
          <span className={css("took")}>{took(step)}</span>
        </p>
        {line !== "" && <p className={css("line")}>{line}</p>}
        {(facts.length > 0 || detail !== "") && (
          <Disclosure className={css("details")}>
            <AriaButton slot="trigger" className={css("toggle")} aria-label={`Details: ${label}`}>
              <ChevronRight size={13} aria-hidden="true" />
              Details
            </AriaButton>
            <DisclosurePanel>
              <dl className={css("facts")}>
                {facts.map(({ name, value }) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              {detail !== "" && <pre className={css("detail")}>{detail}</pre>}
            </DisclosurePanel>
          </Disclosure>
        )}
      </div>
    </li>
  );
}

function Mark({ outcome }: { readonly outcome: CheckOutcome }) {
  const Icon = {
    waiting: CircleDashed,
    running: LoaderCircle,
    passed: CircleCheck,
    noted: Info,
    failed: CircleX,
    skipped: CircleMinus,
  }[outcome];
  return <Icon className={css("mark")} size={16} aria-hidden="true" />;
}
