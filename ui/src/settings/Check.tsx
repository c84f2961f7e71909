import { type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard, PageButton } from "../failure/FailureCard";
import { type MapText, Places } from "../failure/Places";
import type { CheckView } from "../gen/CheckView";
import type { Failure } from "../gen/Failure";
import { asFailure, type Unsubscribe } from "../host/host";
import { useClient } from "../state/context";
import styles from "./Check.module.css";
import { CheckSteps } from "./CheckSteps";
import { begunAnew, comparison, isOver, lasted, lastWords, stopped, verdictWords } from "./checkWords";

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
  /** Whether the person may leave for the manual: nothing that they typed is lost by that. */
  readonly canLeave?: boolean;
}

/** The test of a connection: its steps as they end, and what to do with them afterwards. */
export function Check({ name, start, onClose, onMapping, onWorks, onRefused, canLeave = false }: Props) {
  const client = useClient();
  const { check, last, failure, again, stop } = useTest(start, onWorks, onRefused);
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
          <CheckSteps check={check} last={last} canLeave={canLeave}>
            {check.verdict.type === "fails" && (
              <Places
                failure={check.verdict.failure}
                onUse={async (field, pointer) => {
                  const worked = await onMapping(field, pointer);
                  if (worked !== false) again();
                  return worked;
                }}
              />
            )}
          </CheckSteps>
          <p className={css("end")}>
            <span className={css("verdict")} data-testid="verdict" data-verdict={check.verdict.type}>
              {verdictWords(check)}
            </span>
            {!running && <span className={css("whole")}>{lasted(check)}</span>}
          </p>
          {last !== null && !running && <p className={css("note")}>{comparison(check, last)}</p>}
        </>
      )}
      <div className={css("buttons")}>
        <Button onPress={again}>Test again</Button>
        {running && <Button onPress={stop}>Stop</Button>}
        {check?.verdict.type === "fails" && <PageButton failure={check.verdict.failure} />}
        {report !== null && (
          <Button onPress={() => copy(report)}>{copied === report ? "Copied" : "Copy the report"}</Button>
        )}
        <Button weight="quiet" onPress={onClose}>
          Close the test
        </Button>
      </div>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="check-announcer">
        {check === null ? "" : lastWords(check, last)}
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
  // What a new test is compared with, and what stays in sight until that has come as far.
  const [last, setLast] = useState<CheckView | null>(null);
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
    last,
    failure,
    again: () => {
      // One that was broken off says less than the one before it.
      if (check !== null && isOver(check)) setLast(check);
      setCheck((shown) => (shown === null ? null : begunAnew(shown)));
      setFailure(null);
      setRun((number) => number + 1);
    },
    stop: () => {
      end.current();
      setCheck((last) => stopped(last));
    },
  };
}
