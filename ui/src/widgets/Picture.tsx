import { ImageIcon } from "lucide-react";
import { useContext } from "react";
import { classes } from "../design/classes";
import type { Fit } from "../gen/widget/Fit";
import type { Position } from "../gen/widget/Position";
import { Picture as Fetched } from "../pictures/Picture";
import { ClientContext } from "../state/context";
import styles from "./media.module.css";

const css = classes(styles);

/** What is to be known of a picture of a server's. */
export interface PictureProps {
  /** Its address, which the page itself never asks. */
  readonly src: string;
  /** What is seen on it; empty where that does not matter. */
  readonly alt: string;
  readonly fit?: Fit | null;
  readonly position?: Position | null;
}

/** A picture of a server's, in all the room that there is for it. Small marks without words ask for no permission. */
export function Picture({ src, alt, fit, position }: PictureProps) {
  const client = useContext(ClientContext);
  if (client === null) return <Absent alt={alt} />;
  const quiet = alt === "" ? { instead: <Absent alt="" /> } : {};
  return <Fetched url={src} alt={alt} fit={fit ?? "contain"} position={position ?? null} {...quiet} />;
}

/** What is seen on a picture that is not there. */
function Absent({ alt }: { readonly alt: string }) {
  if (alt === "") {
    return (
      <span className={css("absent")} aria-hidden="true">
        <ImageIcon size="1em" />
      </span>
    );
  }
  return (
    <span className={css("absent")} role="img" aria-label={alt}>
      <ImageIcon size="1em" aria-hidden="true" />
      <span className={css("alt")} dir="auto">
        {alt}
      </span>
    </span>
  );
}
