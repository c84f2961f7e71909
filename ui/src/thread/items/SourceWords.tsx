import { classes } from "../../design/classes";
import type { SourceView } from "../../gen/SourceView";
import styles from "./Sources.module.css";

const css = classes(styles);

/** What there is to say of a source, in the list and in its card. */
export function SourceWords({ source }: { readonly source: SourceView }) {
  const { title, description, url, filename, label, attribution, group, timestamp } = source;
  const about = [label, group, attribution, timestamp].filter((words) => words !== undefined && words !== "");
  return (
    <span className={css("words")}>
      <span className={css("title")} dir="auto">
        {title}
      </span>
      {description !== null && (
        <span className={css("description")} dir="auto">
          {description}
        </span>
      )}
      {filename !== undefined && filename !== title && (
        <span className={css("description")}>
          <bdi>{filename}</bdi>
        </span>
      )}
      {about.length > 0 && <span className={css("about")}>{about.join(" · ")}</span>}
      {url !== null && <span className={css("address")}>{url}</span>}
    </span>
  );
}
