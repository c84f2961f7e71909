import { ChevronDown, ChevronRight, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { classes } from "../design/classes";
import styles from "./Developer.module.css";
import { nameOf, type Row } from "./record";
import { frameName, isBad, sizeWords, stateOf, timeWords } from "./words";

const css = classes(styles);

/** How many lines a page of the keyboard is. */
const PAGE = 12;
/** The height of a line, in pixels. */
const LINE = 26;

interface ListProps {
  readonly rows: readonly Row[];
  /** The name of the line that is looked at. */
  readonly active: string | null;
  readonly onActive: (name: string) => void;
  readonly onToggle: (exchange: number) => void;
}

/** Requests, and below each what came; only the lines in sight are drawn. */
export function List({ rows, active, onActive, onToggle }: ListProps) {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualizerHandle>(null);
  const at = rows.findIndex((row) => nameOf(row) === active);
  useAtEnd(list, handle, rows.length, at);

  function go(to: number) {
    const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
    if (row === undefined) return;
    onActive(nameOf(row));
    handle.current?.scrollToIndex(rows.indexOf(row), { align: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[at];
    const parent =
      row === undefined
        ? -1
        : rows.findIndex((one) => one.kind === "exchange" && one.exchange === row.exchange);
    const expanded = row?.kind === "exchange" && row.expanded;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at === -1 ? rows.length - 1 : at - 1),
      PageDown: () => go(at + PAGE),
      PageUp: () => go(at - PAGE),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row?.kind === "exchange" && !expanded ? onToggle(row.exchange.view.id) : go(at + 1)),
      ArrowLeft: () => (row !== undefined && expanded ? onToggle(row.exchange.view.id) : go(parent)),
      Enter: () => row?.kind === "exchange" && onToggle(row.exchange.view.id),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    move();
    event.preventDefault();
  }

  return (
    <div
      ref={list}
      role="tree"
      tabIndex={0}
      className={css("list")}
      aria-label="Requests and what came"
      aria-activedescendant={at === -1 ? undefined : `${prefix}-${active}`}
      onKeyDown={onKeyDown}
    >
      <Virtualizer
        ref={handle}
        itemSize={LINE}
        scrollRef={list}
        {...(at === -1 ? {} : { keepMounted: [at] })}
      >
        {rows.map((row) => {
          const name = nameOf(row);
          const shared = { id: `${prefix}-${name}`, isActive: name === active };
          return row.kind === "exchange" ? (
            <ExchangeLine
              key={name}
              {...shared}
              row={row}
              onPress={() => onActive(name)}
              onToggle={() => onToggle(row.exchange.view.id)}
            />
          ) : (
            <FrameLine key={name} {...shared} row={row} onPress={() => onActive(name)} />
          );
        })}
      </Virtualizer>
    </div>
  );
}

interface LineProps<Kind extends Row["kind"]> {
  readonly id: string;
  readonly row: Extract<Row, { kind: Kind }>;
  readonly isActive: boolean;
  readonly onPress: () => void;
}

function ExchangeLine({
  id,
  row,
  isActive,
  onPress,
  onToggle,
}: LineProps<"exchange"> & { readonly onToggle: () => void }) {
  const { view } = row.exchange;
  const Chevron = row.expanded ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={1}
      aria-expanded={row.expanded}
      aria-selected={isActive}
      className={css("line", "exchange", isActive && "active", isBad(view) && "bad")}
      data-testid="exchange"
      onClick={onPress}
      onDoubleClick={onToggle}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger place for the pointer; the keys are the tree's */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
      <span
        className={css("chevron")}
        onClick={(event) => {
          event.stopPropagation();
          onToggle();
        }}
      >
        <Chevron size={14} aria-hidden="true" />
      </span>
      <span className={css("method")}>{view.method}</span>
      <span className={css("name")}>{view.operation}</span>
      {view.marked > 0 && <Warned count={view.marked} />}
      <span className={css("status")}>{stateOf(view)}</span>
      <span className={css("number")}>{view.took === null ? "…" : timeWords(view.took)}</span>
      <span className={css("number")}>{sizeWords(view.received)}</span>
    </div>
  );
}

function FrameLine({ id, row, isActive, onPress }: LineProps<"frame">) {
  const { frame } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={2}
      aria-selected={isActive}
      className={css("line", "frame", isActive && "active")}
      data-testid="frame"
      data-marked={frame.marks.length > 0}
      onClick={onPress}
    >
      <span className={css("at")}>{timeWords(frame.at)}</span>
      <span className={css("kind")}>{frame.kind === "sent" ? "→" : "←"}</span>
      <span className={css("name")}>
        {frameName(frame)}
        {frame.about !== null && <span className={css("about")}> {frame.about}</span>}
        {frame.name === "" && <span className={css("about")}> {frame.preview}</span>}
      </span>
      {frame.marks.length > 0 && <Warned count={frame.marks.length} />}
      <span className={css("number")}>{sizeWords(frame.size)}</span>
    </div>
  );
}

function Warned({ count }: { readonly count: number }) {
  return (
    <span className={css("mark")}>
      <TriangleAlert size={13} aria-hidden="true" />
      <span className={css("spoken")}>
        {count === 1 ? "one thing not understood" : `${count} things not understood`}
      </span>
    </span>
  );
}

/** Whoever stands at the end of the list sees what comes; whoever looks at something else keeps it in sight. */
function useAtEnd(
  list: RefObject<HTMLDivElement | null>,
  handle: RefObject<VirtualizerHandle | null>,
  count: number,
  at: number,
) {
  const before = useRef(0);
  useEffect(() => {
    const element = list.current;
    const grown = count - before.current;
    before.current = count;
    if (element === null || grown <= 0 || at !== -1) return;
    const room = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (room <= (grown + 2) * LINE) handle.current?.scrollToIndex(count - 1, { align: "end" });
  }, [list, handle, count, at]);
}
