import { classes } from "../design/classes";
import type { Image as ImageLook } from "../gen/widget/Image";
import { blockStyle, colorOf } from "./look";
import styles from "./media.module.css";
import { Picture } from "./Picture";

const css = classes(styles);

/** A picture with its room. */
export function Image({ image }: { readonly image: ImageLook }) {
  const { src, alt, fit, position, frame, flush, background, flex, block } = image;
  const style = { ...blockStyle(block), flex: flex ?? undefined, backgroundColor: colorOf(background) };
  // One without room of its own is as wide as there is, and not as high as it likes.
  const isFree = block.height === null && block.aspect_ratio === null;
  return (
    <div
      className={css("image", frame && "framed", flush && "flush", isFree && "free")}
      style={style}
      data-flush={flush || undefined}
    >
      <Picture src={src} alt={alt} fit={fit} position={position} />
    </div>
  );
}
