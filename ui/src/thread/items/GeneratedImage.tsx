import { ImageOff } from "lucide-react";
import { ProgressBar } from "react-aria-components";
import { classes } from "../../design/classes";
import { Picture } from "../../pictures/Picture";
import styles from "./GeneratedImage.module.css";
import type { ItemProps } from "./Item";

const css = classes(styles);

const ALT = "Generated picture";

/** A picture that is being made, in a frame of one size from the start, so that nothing under it moves. */
export function GeneratedImage({ item, body }: ItemProps<"generated_image">) {
  const making = item.stage === "streaming";
  return (
    <figure className={css("figure")} data-testid="generated-image">
      <div className={css("frame")}>
        {body.url !== null && <Picture url={body.url} alt={ALT} fit="contain" />}
        {body.url === null && !making && (
          <p className={css("none")}>
            <ImageOff size={20} aria-hidden="true" />
            The picture was not finished.
          </p>
        )}
        {making && <Making progress={body.progress ?? 0} />}
      </div>
      <figcaption className={css("caption")}>{making ? "Making a picture…" : ALT}</figcaption>
    </figure>
  );
}

/** How much of it is made. Servers that do not know say nothing or 0. */
function Making({ progress }: { readonly progress: number }) {
  const known = progress > 0;
  return (
    <ProgressBar
      aria-label="Making a picture"
      value={Math.min(progress, 1) * 100}
      isIndeterminate={!known}
      className={css("bar")}
    >
      {({ percentage }) => (
        <div
          className={css("fill", !known && "unknown")}
          style={known ? { inlineSize: `${percentage ?? 0}%` } : undefined}
        />
      )}
    </ProgressBar>
  );
}
