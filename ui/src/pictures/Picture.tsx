import { RotateCcw } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ThreadId } from "../gen/ThreadId";
import type { Fit } from "../gen/widget/Fit";
import type { Position } from "../gen/widget/Position";
import { useClient, useOpenThread } from "../state/context";
import { Card, FittedCard } from "./Card";
import { Enlarged } from "./Enlarged";
import { useNear } from "./near";
import styles from "./Picture.module.css";
import { mayCome, type PictureState, picturesOf, type Size } from "./store";

const css = classes(styles);

/** How high a picture in a conversation is at most, in CSS pixels, and how large its place is until it is known. */
const HIGHEST = 384;
const UNKNOWN: Size = { width: 320, height: 200 };

interface PictureProps {
  readonly url: string;
  /** What is seen on it. Without it nothing is said but that it is a picture. */
  readonly alt: string | null;
  /** Whose it is; that of the open conversation if nothing is said. */
  readonly thread?: ThreadId;
  /** Has it fill the room that it is given, in this way. Without it, it is as large as it is, up to the width it has. */
  readonly fit?: Fit | null;
  readonly position?: Position | null;
  /**
   * What stands there in place of a question, of a failure and of the way: for pictures in links and small marks, where
   * there is no room for buttons. Such a picture is not made larger either.
   */
  readonly instead?: ReactNode;
}

/**
 * A picture that a server named. The core fetches it, and asks nobody whom the server of the conversation or the person has
 * not allowed; then the person is asked here.
 */
export function Picture(props: PictureProps) {
  const open = useOpenThread(({ id }) => id);
  const thread = props.thread ?? open;
  // What is shown outside of any conversation has no server that could have named a picture.
  if (thread === null) return props.instead ?? null;
  return <Placed key={`${thread} ${props.url}`} {...props} thread={thread} />;
}

type PlacedProps = PictureProps & { readonly thread: ThreadId };

function Placed({ instead, ...props }: PlacedProps) {
  const pictures = picturesOf(useClient().host);
  const place = useRef<HTMLSpanElement>(null);
  const { thread, url } = props;
  const near = useNear(place, pictures.has(thread, url));
  const [state, setState] = useState<PictureState>({ type: "loading" });
  // Before the first paint: what is here already takes its place at once.
  useLayoutEffect(() => {
    return near ? pictures.watch(thread, url, setState) : undefined;
  }, [near, pictures, thread, url]);

  const isQuiet = instead !== undefined;
  return (
    <span
      ref={place}
      className={css("picture", props.fit && "filled")}
      data-testid="picture"
      data-state={state.type}
    >
      {state.type === "shown" ? (
        <Shown {...props} state={state} isQuiet={isQuiet} />
      ) : isQuiet ? (
        instead
      ) : (
        <Waiting {...props} state={state} />
      )}
    </span>
  );
}

/** What stands in the place of a picture that is not shown. */
function Waiting({ state, ...props }: PlacedProps & { readonly state: PictureState }) {
  const client = useClient();
  const pictures = picturesOf(client.host);
  const { thread, url } = props;
  const told = { url, name: named(props.alt) };
  const Told = props.fit ? FittedCard : Card;
  switch (state.type) {
    case "shown":
      return null;
    case "loading":
      return <Loading {...props} size={pictures.size(url) ?? UNKNOWN} />;
    case "asking": {
      const { host } = state;
      return (
        <Told {...told} words={`This picture is on ${host}. Showing it tells ${host} that you read this.`}>
          <Button onPress={() => pictures.allowOnce(thread, url, host)}>Show picture</Button>
          <Button weight="quiet" onPress={() => pictures.allowAlways(thread, host)}>
            Always show from {host}
          </Button>
        </Told>
      );
    }
    case "failed":
      return (
        <Told {...told} words={state.failure.message} isBroken>
          {mayCome(state.failure) && (
            <Button weight="quiet" onPress={() => pictures.retry(thread, url)}>
              <RotateCcw size={14} aria-hidden="true" />
              Try again
            </Button>
          )}
        </Told>
      );
  }
}

/** The room that a picture will take. */
function Loading({ alt, fit, size }: PlacedProps & { readonly size: Size }) {
  const { width, height } = size;
  const shown = Math.min(width, (HIGHEST * width) / height);
  return (
    <span
      className={css("loading")}
      role="img"
      aria-label={`${named(alt)}, loading`}
      style={fit ? undefined : { inlineSize: `${shown}px`, aspectRatio: `${width} / ${height}` }}
    />
  );
}

/** The picture itself. */
function Shown({
  thread,
  url,
  alt,
  fit,
  position,
  state,
  isQuiet,
}: PlacedProps & {
  readonly state: Extract<PictureState, { type: "shown" }>;
  readonly isQuiet: boolean;
}) {
  const pictures = picturesOf(useClient().host);
  const [large, setLarge] = useState(false);
  const name = named(alt);
  const image = (
    <img
      className={css("image")}
      src={state.src}
      alt={name}
      width={state.width}
      height={state.height}
      draggable={false}
      onError={() => pictures.undrawn(thread, url)}
      style={fit ? { objectFit: fit, objectPosition: position ?? "center" } : { maxBlockSize: HIGHEST }}
    />
  );
  if (isQuiet) return image;
  return (
    <>
      <button
        type="button"
        className={css("open")}
        aria-haspopup="dialog"
        data-hint="Enlarge"
        onClick={() => setLarge(true)}
      >
        {image}
      </button>
      {large && <Enlarged state={state} name={name} onClose={() => setLarge(false)} />}
    </>
  );
}

function named(alt: string | null): string {
  return alt === null || alt.trim() === "" ? "Picture" : alt.trim();
}
