import { ExternalLink, ImageIcon, ImageOff } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { Dialog } from "react-aria-components";
import { LightButton } from "../design/Button";
import { classes } from "../design/classes";
import { addressOf } from "../markdown/address";
import { OpenPopover } from "../overlay/OpenPopover";
import { useClient } from "../state/context";
import styles from "./Picture.module.css";

const css = classes(styles);

interface CardProps {
  readonly url: string;
  /** What the picture is called. */
  readonly name: string;
  readonly words: string;
  readonly isBroken?: boolean;
  readonly children: ReactNode;
}

/** What can be said of a picture that is not shown, and done about it. */
export function Card({ url, name, words, isBroken = false, children }: CardProps) {
  const client = useClient();
  const { href } = addressOf(url);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands within paragraphs, where a fieldset cannot
    <span className={css("card")} role="group" aria-label={name}>
      <span className={css("head")}>
        <Sign isBroken={isBroken} />
        <span className={css("alt")}>{name}</span>
        {href !== null && (
          <LightButton label="Open in browser" onPress={() => client.openLink(href)}>
            <ExternalLink size={14} />
          </LightButton>
        )}
      </span>
      <span className={css("words")}>{words}</span>
      {children && <span className={css("buttons")}>{children}</span>}
    </span>
  );
}

/** The same in the room that the picture was given; where that is too small, a button that fills it leads to the card. */
export function FittedCard(props: CardProps) {
  const { name, isBroken = false } = props;
  const card = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [fits, setFits] = useState(true);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    const shown = card.current;
    const room = shown?.parentElement;
    if (!shown || !room) return;
    // Whether it would fit again cannot be measured once the button is there, and the button serves as well.
    const measure = () =>
      setFits(
        (did) => did && shown.offsetHeight <= room.clientHeight && shown.scrollWidth <= room.clientWidth,
      );
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(room);
    return () => watch.disconnect();
  }, []);
  if (fits) {
    return (
      <span ref={card} className={css("measured")}>
        <Card {...props} />
      </span>
    );
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={css("small")}
        aria-haspopup="dialog"
        aria-label={`${name}: not shown`}
        data-hint={name}
        onClick={() => setOpen(true)}
      >
        <Sign isBroken={isBroken} />
        <span className={css("name")} aria-hidden="true">
          {name}
        </span>
      </button>
      {open && (
        <OpenPopover anchor={button} placement="bottom" offset={6} onClose={() => setOpen(false)}>
          <Dialog className={css("asked")} aria-label={name}>
            <Card {...props} />
          </Dialog>
        </OpenPopover>
      )}
    </>
  );
}

function Sign({ isBroken }: { readonly isBroken: boolean }) {
  const Icon = isBroken ? ImageOff : ImageIcon;
  return <Icon size={16} aria-hidden="true" />;
}
