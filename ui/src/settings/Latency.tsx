import { useEffect, useState } from "react";
import { Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../design/classes";
import { Toggle } from "../design/Toggle";
import type { ConnectionId } from "../gen/ConnectionId";
import type { LatencyTimes } from "../gen/LatencyTimes";
import type { LatencyTurn } from "../gen/LatencyTurn";
import type { LatencyView } from "../gen/LatencyView";
import { useClient } from "../state/context";
import { span } from "./checkWords";
import styles from "./Latency.module.css";
import { time } from "./Session";

const css = classes(styles);

/** One of the four things that are measured. */
interface Measure {
  readonly key: keyof LatencyTimes;
  readonly label: string;
  readonly words: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  { key: "session_ms", label: "Session", words: span },
  { key: "first_byte_ms", label: "First byte", words: span },
  { key: "first_token_ms", label: "First token", words: span },
  { key: "rate", label: "Rate", words: (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)}/s` },
];

/** How fast a connection has answered lately, for whoever opens it. */
export function Latency({ connection, name }: { readonly connection: ConnectionId; readonly name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Disclosure isExpanded={open} onExpandedChange={setOpen}>
      <Toggle label={`How fast ${name} answers`}>How fast it answers</Toggle>
      <DisclosurePanel>{open && <Loaded connection={connection} name={name} />}</DisclosurePanel>
    </Disclosure>
  );
}

function Loaded({ connection, name }: { readonly connection: ConnectionId; readonly name: string }) {
  const client = useClient();
  const [latency, setLatency] = useState<LatencyView | null>(null);
  useEffect(() => {
    let wanted = true;
    client.host.connectionLatency(connection).then(
      (view) => wanted && setLatency(view),
      (thrown: unknown) => client.report(thrown),
    );
    return () => {
      wanted = false;
    };
  }, [client, connection]);
  if (latency === null) return null;
  const { turns, today } = latency;
  if (turns.length === 0) {
    return (
      <p className={css("empty")} data-testid="latency-empty">
        Nothing has been answered yet. After your next message it stands here how long that took.
      </p>
    );
  }
  return (
    <div data-testid="latency">
      <p className={css("empty")}>
        {turns.length === 1
          ? "The last answer. "
          : `The last ${turns.length} answers, the latest on the right. `}
        {today === null
          ? "None of them is of today."
          : "Today's are coloured, and beside them stands their median."}
      </p>
      <ul className={css("measures")} aria-label={`How fast ${name} answers`}>
        {MEASURES.map((measure) => (
          <Row key={measure.key} measure={measure} latency={latency} />
        ))}
      </ul>
      <Table turns={turns} name={name} />
    </div>
  );
}

function Row({ measure, latency }: { readonly measure: Measure; readonly latency: LatencyView }) {
  const { key, label, words } = measure;
  const values = latency.turns.map(({ times }) => times[key]);
  const seen = values.filter((value) => value !== null);
  const most = Math.max(0, ...seen);
  const median = latency.today?.median[key] ?? null;
  // Those of today come last: the turns are in the order in which they began.
  const older = latency.turns.length - (latency.today?.turns ?? 0);
  return (
    <li className={css("measure")} data-testid={`latency-${key}`}>
      <span className={css("label")}>{label}</span>
      <Bars values={values} most={most} older={older} />
      <span className={css("median")}>{median === null ? "–" : words(median)}</span>
      <span className={css("most")}>{seen.length === 0 ? "not seen" : `at most ${words(most)}`}</span>
    </li>
  );
}

/** How wide a bar is, with the gap after it, and how high the highest one. */
const STEP = 3;
const HEIGHT = 28;
/** So many bars have room at least; fewer stand on the right. */
const BARS = 20;

function Bars({
  values,
  most,
  older,
}: {
  readonly values: readonly (number | null)[];
  readonly most: number;
  readonly older: number;
}) {
  const bars = Math.max(values.length, BARS);
  const first = bars - values.length;
  return (
    // What it shows is read from the table.
    <svg
      className={css("bars")}
      viewBox={`0 0 ${bars * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {values.map((value, at) => {
        if (value === null) return null;
        const height = most === 0 ? 1 : Math.max((value / most) * HEIGHT, 1);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={at}
            className={css(at >= older ? "today" : "before")}
            x={(first + at) * STEP}
            y={HEIGHT - height}
            width={STEP - 1}
            height={height}
          />
        );
      })}
    </svg>
  );
}

/** The same for whoever hears the window. */
function Table({ turns, name }: { readonly turns: readonly LatencyTurn[]; readonly name: string }) {
  return (
    <table className="visually-hidden">
      <caption>{`The last answers of ${name}, the latest first`}</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          {MEASURES.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {turns.toReversed().map(({ at, times }) => (
          <tr key={at}>
            <th scope="row">{time(at)}</th>
            {MEASURES.map(({ key, words }) => {
              const value = times[key];
              return <td key={key}>{value === null ? "not seen" : words(value)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
