import { Check, CornerDownLeft } from "lucide-react";
import { classes } from "../design/classes";
import type { ModelView } from "../gen/ModelView";
import styles from "./Models.module.css";
import type { Entry } from "./offer";
import { contextWords, DEFAULT, priceHint, priceWords } from "./words";

const css = classes(styles);

export interface OptionProps {
  readonly entry: Entry;
  /** Its place among all, from 0. */
  readonly number: number;
  /** How many there are in all. */
  readonly count: number;
  /** With what its name in the page begins. */
  readonly prefix: string;
  /** In CSS pixels. */
  readonly height: number;
  /** Whether Enter chooses it. */
  readonly isActive: boolean;
  /** Whether it is what was chosen before. */
  readonly isCurrent: boolean;
  readonly onPoint: (number: number) => void;
  readonly onChoose: (number: number) => void;
}

/** One row of the list. The focus stays in the field above, which says which row is meant. */
export function ModelOption(props: OptionProps) {
  const { entry, number, count, prefix, height, isActive, isCurrent, onPoint, onChoose } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
    <div
      id={`${prefix}-${number}`}
      className={css("option", isActive && "active")}
      style={{ height }}
      role="option"
      aria-selected={isCurrent}
      aria-setsize={count}
      aria-posinset={number + 1}
      tabIndex={-1}
      data-testid="model-option"
      data-active={isActive || undefined}
      onPointerMove={({ movementX, movementY }) => {
        // A list that scrolls below a pointer at rest is not pointed at.
        if (!isActive && (movementX !== 0 || movementY !== 0)) onPoint(number);
      }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(number)}
    >
      <Words entry={entry} />
      <span className={css("check")}>
        {isCurrent && <Check size={15} aria-hidden="true" />}
        {entry.kind === "typed" && <CornerDownLeft size={14} aria-hidden="true" />}
      </span>
    </div>
  );
}

function Words({ entry }: { readonly entry: Entry }) {
  switch (entry.kind) {
    case "typed":
      return (
        <span className={css("words")}>
          <span className={css("title")}>
            Use “<bdi>{entry.id}</bdi>”
          </span>
        </span>
      );
    case "default":
      return (
        <span className={css("words")}>
          <span className={css("title")}>
            {DEFAULT}
            <span className={css("mark")}> {entry.label ?? "The server chooses"}</span>
          </span>
        </span>
      );
    case "model":
      return <Model view={entry.view} />;
  }
}

function Model({ view }: { readonly view: ModelView }) {
  return (
    <>
      <span className={css("words")}>
        <ModelTitle view={view} />
        <ModelAbout view={view} />
      </span>
      <ModelNumbers view={view} />
    </>
  );
}

/** What a model is called, and how it stands with it. */
export function ModelTitle({ view }: { readonly view: ModelView }) {
  return (
    <span className={css("title")}>
      <bdi className={css(view.gone && "old")}>{view.label}</bdi>
      {view.default && <span className={css("mark")}> default</span>}
      {view.hidden && <span className={css("mark")}> hidden</span>}
      {view.gone && <span className={css("mark", "grave")}> no longer offered</span>}
    </span>
  );
}

/** What else is known of a model, in a line; nothing where nothing is. */
export function ModelAbout({ view }: { readonly view: ModelView }) {
  const { id, label, description, tags } = view;
  const parts = [id === label ? null : id, description, ...(tags ?? [])].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <span className={css("about")} title={parts.join(" · ")}>
      <bdi>{parts.join(" · ")}</bdi>
    </span>
  );
}

/** How much a model reads, and what that costs. */
export function ModelNumbers({ view: { context, price } }: { readonly view: ModelView }) {
  if (!context && !price) return null;
  return (
    <span className={css("numbers")}>
      {context ? (
        <span>
          {contextWords(context)}
          <span className="visually-hidden"> tokens</span>
        </span>
      ) : null}
      {price ? (
        <span title={priceHint(price)}>
          <span aria-hidden="true">{priceWords(price)}</span>
          <span className="visually-hidden">{priceHint(price)}</span>
        </span>
      ) : null}
    </span>
  );
}
