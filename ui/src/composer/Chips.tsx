import type { RefObject } from "react";
import { classes } from "../design/classes";
import type { Draft } from "../gen/Draft";
import { pieces } from "../state/mentions";
import styles from "./Field.module.css";

const css = classes(styles);

/** What is mentioned, drawn behind the words of the field: the same text in the same lines, of which only that is seen. */
export function Chips({
  draft,
  layer,
}: {
  readonly draft: Draft;
  readonly layer: RefObject<HTMLDivElement | null>;
}) {
  if (draft.mentions.length === 0) return null;
  return (
    <div ref={layer} className={css("layer")} aria-hidden="true" dir="auto" data-testid="mentions">
      {pieces(draft).map(({ text, mention }, index) =>
        mention === null ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is known by its place and by nothing else
          <mark key={index} className={css("chip")}>
            {text}
          </mark>
        ),
      )}
    </div>
  );
}

/** The same for whoever does not see it. */
export function MentionedWords({ id, draft }: { readonly id: string; readonly draft: Draft }) {
  const titles = draft.mentions.map(({ entity }) => entity.title);
  return (
    <span id={id} className="visually-hidden">
      {titles.length === 0 ? "" : `Mentions ${titles.join(", ")}.`}
    </span>
  );
}
