import { Image } from "lucide-react";
import { classes } from "../../design/classes";
import styles from "./GeneratedImage.module.css";

const css = classes(styles);

/** A picture by its address: the one place where pictures of servers come onto the page. Until it is there, its words. */
export function Picture({ url, alt }: { readonly url: string; readonly alt: string }) {
  return (
    <div
      className={css("picture")}
      role="img"
      aria-label={alt}
      data-url={url.startsWith("data:") ? "data:" : url}
    >
      <Image size={28} aria-hidden="true" />
      <span aria-hidden="true">{alt}</span>
    </div>
  );
}
