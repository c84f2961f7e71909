import { Copy, FileDown, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ExchangeDetail } from "../gen/ExchangeDetail";
import type { ExchangeView } from "../gen/ExchangeView";
import type { Failure } from "../gen/Failure";
import type { WireFrame } from "../gen/WireFrame";
import type { WireHeader } from "../gen/WireHeader";
import type { WireText } from "../gen/WireText";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import styles from "./Developer.module.css";
import type { Row } from "./record";
import { endWords, frameName, pretty, sizeWords, timeWords } from "./words";

const css = classes(styles);

/** The most of a text that is drawn, in characters; *Copy* takes all of it. */
const DRAWN = 50_000;

/** What is looked at in the list, in full. */
export function Detail({ row, onSave }: { readonly row: Row; readonly onSave: (exchange: number) => void }) {
  return (
    <section className={css("detail")} aria-label="What is selected" data-testid="wire-detail">
      {row.kind === "exchange" ? (
        <Exchange view={row.exchange.view} onSave={onSave} />
      ) : (
        <Frame frame={row.frame} />
      )}
    </section>
  );
}

function Exchange({
  view,
  onSave,
}: {
  readonly view: ExchangeView;
  readonly onSave: (exchange: number) => void;
}) {
  const client = useClient();
  // The headers of the answer come with its head.
  const detail = useLoaded<ExchangeDetail>(
    () => client.host.wireExchange(view.id),
    `${view.id} ${view.head}`,
  );
  const copyCurl = () => {
    client.host.wireCurl(view.id).then(
      (command) => client.copyText(command),
      (thrown: unknown) => client.report(thrown),
    );
  };
  return (
    <>
      <div className={css("actions")}>
        <Button onPress={copyCurl}>
          <Copy size={14} aria-hidden="true" />
          Copy as curl
        </Button>
        <Button onPress={() => onSave(view.id)}>
          <FileDown size={14} aria-hidden="true" />
          Save as a trace
        </Button>
      </div>
      <dl className={css("facts")}>
        <dt>Request</dt>
        <dd>
          {view.method} {view.address}
        </dd>
        <dt>Connection</dt>
        <dd>{view.connection}</dd>
        <dt>Left</dt>
        <dd>
          {new Date(view.at).toLocaleTimeString()}, {sizeWords(view.sent)}
        </dd>
        <dt>Answer</dt>
        <dd>
          {view.status ?? "None yet"}
          {view.head !== null && `, after ${timeWords(view.head)}`}
          {`, ${sizeWords(view.received)} in ${view.frames === 1 ? "one piece" : `${view.frames} pieces`}`}
        </dd>
        <dt>End</dt>
        <dd>
          {endWords(view.end)}
          {view.took !== null && ` After ${timeWords(view.took)}.`}
        </dd>
      </dl>
      {view.left_out > 0 && (
        <p className={css("note")}>
          {view.left_out} more pieces came and were not kept: this answer is very long.
        </p>
      )}
      {detail.failure !== null && <p className={css("note")}>{detail.failure.message}</p>}
      {detail.value !== null && (
        <>
          <Headers title="Headers of the request" headers={detail.value.request_headers} />
          <Body title="Body of the request" text={detail.value.request} />
          <Headers title="Headers of the answer" headers={detail.value.answer_headers} />
        </>
      )}
    </>
  );
}

function Frame({ frame }: { readonly frame: WireFrame }) {
  const client = useClient();
  const { exchange, index } = frame;
  const text = useLoaded<WireText>(() => client.host.wireFrame(exchange, index), `${exchange} ${index}`);
  return (
    <>
      <dl className={css("facts")}>
        <dt>{frame.kind === "sent" ? "Sent" : "Received"}</dt>
        <dd>
          {frameName(frame)}
          {frame.about !== null && ` · ${frame.about}`}
        </dd>
        <dt>When</dt>
        <dd>
          {timeWords(frame.at)} after the request, {sizeWords(frame.size)}
        </dd>
      </dl>
      {frame.marks.map((mark) => (
        <p key={mark.words} className={css("marked")} data-testid="mark">
          <TriangleAlert size={14} aria-hidden="true" />
          {mark.words}
        </p>
      ))}
      {text.failure !== null && <p className={css("note")}>{text.failure.message}</p>}
      {text.value !== null && <Body title="Content" text={text.value} />}
    </>
  );
}

function Headers({ title, headers }: { readonly title: string; readonly headers: readonly WireHeader[] }) {
  if (headers.length === 0) return null;
  const named = headers.map((header, at) => ({ ...header, key: `${at} ${header.name}` }));
  return (
    <>
      <h3 className={css("heading")}>{title}</h3>
      <dl className={css("headers")}>
        {named.map(({ key, name, value }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Body({ title, text }: { readonly title: string; readonly text: WireText }) {
  const client = useClient();
  if (text.text === "") return null;
  const whole = pretty(text.text);
  const drawn = whole.slice(0, DRAWN);
  return (
    <>
      <div className={css("bar")}>
        <h3 className={css("heading")}>{title}</h3>
        <Button weight="quiet" onPress={() => client.copyText(whole)}>
          <Copy size={13} aria-hidden="true" />
          Copy JSON
        </Button>
      </div>
      <pre className={css("json")}>{drawn}</pre>
      {(drawn.length < whole.length || text.left_out > 0) && (
        <p className={css("note")}>
          {text.left_out > 0
            ? `${sizeWords(text.left_out)} more were not kept.`
            : "There is more: “Copy JSON” takes all of it."}
        </p>
      )}
    </>
  );
}

/** Something that is asked for once for each name. */
function useLoaded<T>(load: () => Promise<T>, name: string): { value: T | null; failure: Failure | null } {
  const [loaded, setLoaded] = useState<{ value: T | null; failure: Failure | null }>({
    value: null,
    failure: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name says when it is another one
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setLoaded({ value, failure: null }),
      (thrown: unknown) => current && setLoaded({ value: null, failure: asFailure(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [name]);
  return loaded;
}
