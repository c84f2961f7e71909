import { Search } from "lucide-react";
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer } from "virtua";
import { classes } from "../design/classes";
import { StateDot } from "../design/StateDot";
import { stateWords } from "../failure/words";
import type { CatalogueView } from "../gen/CatalogueView";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ModelRef } from "../gen/ModelRef";
import { shownState } from "../state/standing";
import { entryAt, type Heights, heightsOf, type Layout, layoutOf, type Placed, topOf } from "./layout";
import { ModelOption, type OptionProps } from "./ModelOption";
import styles from "./Models.module.css";
import { begin, type Entry, isCurrent, offer, typed } from "./offer";
import type { Target } from "./target";

const css = classes(styles);

/** How many rows a page of the keyboard is. */
const PAGE = 8;

interface Props {
  readonly catalogue: CatalogueView;
  readonly connections: readonly ConnectionView[];
  readonly target: Target;
  readonly onChoose: (model: ModelRef | null, of: Pick<ConnectionView, "id">) => void;
}

/** A field to search in, and below it the models by their connections; only what is in sight is drawn. */
export function ModelList({ catalogue, connections, target, onChoose }: Props) {
  const [query, setQuery] = useState("");
  const heights = useMemo(() => heightsOf(catalogue), [catalogue]);
  const layout = useMemo(
    () => layoutOf(offer(catalogue, connections, target, query), heights),
    [catalogue, connections, target, query, heights],
  );
  const own = useMemo(() => typed(catalogue, target, query), [catalogue, target, query]);
  const count = layout.count + (own === null ? 0 : 1);
  const start = useMemo(
    () =>
      begin(
        layout.placed.map(({ group }) => group),
        target,
        query,
      ),
    [layout, target, query],
  );
  // Where the person has gone since the query was typed.
  const [moved, setMoved] = useState<{ readonly query: string; readonly to: number } | null>(null);
  const active = Math.min(moved?.query === query ? moved.to : start, count - 1);
  const list = useRef<HTMLDivElement>(null);
  const show = useShown(list, layout, heights, active, query);
  const name = useId();

  function choose(number: number) {
    const here = entryAt(layout, number);
    if (here === null) {
      if (own !== null) onChoose(own, { id: own.connection });
      return;
    }
    const { entry, group } = here;
    onChoose(entry.kind === "model" ? entry.view : null, group.connection);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const to = goTo(event.key, active, count);
    if (event.key === "Enter") choose(active);
    else if (to !== null) {
      show.current = true;
      setMoved({ query, to });
    } else return;
    event.preventDefault();
  }

  const shared = {
    prefix: name,
    count,
    height: heights.row,
    onPoint: (to: number) => setMoved({ query, to }),
    onChoose: choose,
  };
  return (
    <>
      <Field query={query} list={name} active={active} onChange={setQuery} onKeyDown={onKeyDown} />
      <div
        ref={list}
        id={name}
        className={css("list")}
        role="listbox"
        aria-label="Models"
        tabIndex={-1}
        style={{ height: layout.height + (own === null ? 0 : heights.row) }}
      >
        {layout.placed.map((placed) => (
          <Models
            key={placed.group.connection.id}
            placed={placed}
            scroller={list}
            heights={heights}
            active={active}
            current={target.current}
            option={shared}
          />
        ))}
        {own !== null && (
          <ModelOption
            {...shared}
            entry={{ kind: "typed", id: own.id }}
            number={layout.count}
            isActive={active === layout.count}
            isCurrent={false}
          />
        )}
      </div>
      <p className="visually-hidden" role="status">
        {query.trim() === "" ? "" : found(layout.count)}
      </p>
    </>
  );
}

function found(count: number): string {
  return count === 1 ? "1 model" : `${count === 0 ? "No" : count} models`;
}

/** Where a key leads; nothing for a key that is none of these. */
function goTo(key: string, from: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (from + 1) % count;
    case "ArrowUp":
      return (from + count - 1) % count;
    case "PageDown":
      return Math.min(from + PAGE, count - 1);
    case "PageUp":
      return Math.max(from - PAGE, 0);
    default:
      return null;
  }
}

/**
 * Brings the active entry into sight when the list opens, the query changes, or a key has led there. The pointer points
 * only at what is in sight, so it moves nothing.
 */
function useShown(
  list: RefObject<HTMLDivElement | null>,
  layout: Layout,
  heights: Heights,
  active: number,
  query: string,
): RefObject<boolean> {
  const wanted = useRef(true);
  const opening = useRef(true);
  const before = useRef(query);
  useLayoutEffect(() => {
    const element = list.current;
    const changed = before.current !== query;
    before.current = query;
    if (element === null || !(wanted.current || changed)) return;
    wanted.current = false;
    const top = topOf(layout, heights, active);
    const bottom = top + heights.row + (active === 0 ? heights.head : 0);
    const seen = element.clientHeight;
    if (opening.current) element.scrollTop = Math.max(0, top - (seen - heights.row) / 2);
    else if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + seen) element.scrollTop = bottom - seen;
    // How high the list becomes shows only afterwards: in its middle the entry is in sight all the same.
    opening.current = false;
  }, [list, layout, heights, active, query]);
  return wanted;
}

function Field({
  query,
  list,
  active,
  onChange,
  onKeyDown,
}: {
  readonly query: string;
  readonly list: string;
  readonly active: number;
  readonly onChange: (query: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  return (
    <div className={css("field")}>
      <Search size={16} aria-hidden="true" />
      <input
        ref={field}
        className={css("input")}
        data-testid="model-search"
        role="combobox"
        aria-label="Find a model, or type its name"
        aria-expanded
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active < 0 ? undefined : `${list}-${active}`}
        placeholder="Find a model, or type its name"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={query}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** The models of one connection, below its name. */
function Models({
  placed: { group, first, top },
  scroller,
  heights,
  active,
  current,
  option,
}: {
  readonly placed: Placed;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly heights: Heights;
  readonly active: number;
  readonly current: ModelRef | null;
  readonly option: Pick<OptionProps, "prefix" | "count" | "height" | "onPoint" | "onChoose">;
}) {
  const { connection, entries } = group;
  const state = shownState(connection);
  const why = state.type === "failing" ? stateWords(state) : null;
  const here = active - first;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
    <div role="group" aria-label={why === null ? connection.name : `${connection.name}: ${why}`}>
      <div className={css("head")} style={{ height: heights.head }} aria-hidden="true">
        <span className={css("who")}>{connection.name}</span>
        {state.type === "failing" && (
          <span className={css("why")} data-testid="model-unreachable" title={state.failure.message}>
            <StateDot state="failing" />
            {why}
          </span>
        )}
      </div>
      <Virtualizer
        data={entries}
        scrollRef={scroller}
        startMargin={top}
        itemSize={heights.row}
        // What is read aloud must be there, also where it is not in sight yet.
        keepMounted={here >= 0 && here < entries.length ? [here] : []}
      >
        {(entry: Entry, place: number) => (
          <ModelOption
            key={entry.kind === "model" ? entry.view.id : entry.kind}
            {...option}
            entry={entry}
            number={first + place}
            isActive={here === place}
            isCurrent={isCurrent(entry, current)}
          />
        )}
      </Virtualizer>
    </div>
  );
}
