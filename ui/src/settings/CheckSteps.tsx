import { CircleCheck, CircleDashed, CircleMinus, CircleX, Info } from "lucide-react";
import type { ReactNode } from "react";
import { Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../design/classes";
import { Toggle } from "../design/Toggle";
import { Turning } from "../design/Turning";
import { ReadMore } from "../failure/Meaning";
import type { CheckOutcome } from "../gen/CheckOutcome";
import type { CheckStep } from "../gen/CheckStep";
import type { CheckView } from "../gen/CheckView";
import type { FindingView } from "../gen/FindingView";
import styles from "./Check.module.css";
import { before, change, OUTCOMES, share, took, WHOSE } from "./checkWords";

const css = classes(styles);

interface Props {
  readonly check: CheckView;
  /** The test before this one. */
  readonly last: CheckView | null;
  /** Whether the person may leave for the manual: nothing is lost by that. */
  readonly canLeave: boolean;
  /** What can be done about the step that failed. */
  readonly children: ReactNode;
}

/** The chain of a test: one step under the other, each with its time, and what was found. */
export function CheckSteps({ check, last, canLeave, children }: Props) {
  return (
    <ol className={css("steps")} aria-label="Steps">
      {check.steps.map((step) => (
        <Step
          key={step.label}
          step={step}
          part={share(step, check)}
          was={last === null ? undefined : before(step, check, last)}
          canLeave={canLeave}
        >
          {step.outcome === "failed" && children}
        </Step>
      ))}
    </ol>
  );
}

function Step({
  step,
  part,
  was,
  canLeave,
  children,
}: {
  readonly step: CheckStep;
  /** Its part of the whole time, from 0 to 1. */
  readonly part: number;
  readonly was: CheckStep | undefined;
  readonly canLeave: boolean;
  readonly children: ReactNode;
}) {
  const { label, outcome } = step;
  // What was found before is read while the server is mended, until there is something newer to say.
  const isPast = was !== undefined && (outcome === "waiting" || outcome === "running");
  const { line, finding } = isPast ? was : step;
  const changed = was === undefined ? null : change(was, step);
  return (
    <li
      className={css("step", outcome !== "running" && outcome)}
      data-testid="check-step"
      data-kind={step.kind}
      data-outcome={outcome}
      aria-label={`${label}: ${OUTCOMES[outcome]}`}
    >
      <Mark outcome={outcome} />
      <div className={css("words")}>
        <p className={css("head")}>
          <span className={css("label")}>{label}</span>
          {changed !== null && (
            <span className={css("change", changed.better && "better")} data-testid="change">
              {changed.words}
            </span>
          )}
          <span className={css("took")}>{took(step)}</span>
        </p>
        {part > 0 && (
          <div className={css("bar")} aria-hidden="true">
            <span className={css("part")} style={{ width: `${Math.max(part * 100, 0.5)}%` }} />
          </div>
        )}
        {line !== "" && <p className={css("line", isPast && "past")}>{line}</p>}
        {finding !== null && <Finding finding={finding} canLeave={canLeave} />}
        {children}
        <Facts step={isPast ? was : step} />
      </div>
    </li>
  );
}

/** What is wrong, by its name: whose it is to mend, why it is so, and what to do. */
function Finding({ finding, canLeave }: { readonly finding: FindingView; readonly canLeave: boolean }) {
  const { name, title, whose, cause, remedy, question } = finding;
  return (
    <section
      className={css("finding")}
      aria-label={title}
      data-testid="finding"
      data-finding={name}
      data-whose={whose}
    >
      <p className={css("title")}>
        {title} <span className={css("whose")}>{WHOSE[whose]}</span>
      </p>
      <p>{cause}</p>
      <p className={css("remedy")}>{remedy}</p>
      {canLeave && <ReadMore question={question}>Read more</ReadMore>}
    </section>
  );
}

function Facts({ step: { label, facts, failure } }: { readonly step: CheckStep }) {
  const detail = failure?.detail ?? "";
  if (facts.length === 0 && detail === "") return null;
  return (
    <Disclosure className={css("details")}>
      <Toggle label={`Details: ${label}`}>Details</Toggle>
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
  );
}

function Mark({ outcome }: { readonly outcome: CheckOutcome }) {
  if (outcome === "running") {
    return (
      <span className={css("mark")}>
        <Turning size={16} />
      </span>
    );
  }
  const Icon = {
    waiting: CircleDashed,
    passed: CircleCheck,
    noted: Info,
    failed: CircleX,
    skipped: CircleMinus,
  }[outcome];
  return <Icon className={css("mark")} size={16} aria-hidden="true" />;
}
