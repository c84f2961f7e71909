import { ExternalLink } from "lucide-react";
import { Dialog, Popover } from "react-aria-components";
import { classes } from "../../design/classes";
import type { SourceView } from "../../gen/SourceView";
import { OpenPopover } from "../../overlay/OpenPopover";
import overlay from "../../overlay/Overlay.module.css";
import { useClient } from "../../state/context";
import styles from "./Sources.module.css";
import { SourceWords } from "./SourceWords";

const css = classes(overlay, styles);

/** What a mark in a text stands for, beside it: lying there while it is looked at, or as a dialog once it was pressed. */
export default function SourceCard({
  sources,
  mark,
  pinned,
  onStay,
  onLeave,
  onClose,
}: {
  readonly sources: readonly SourceView[];
  readonly mark: HTMLElement;
  readonly pinned: boolean;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}) {
  const anchor = { current: mark };
  const label = sources.length === 1 ? "Source" : "Sources";
  if (pinned) {
    return (
      <OpenPopover anchor={anchor} placement="top start" offset={6} onClose={onClose}>
        <Dialog className={css("card")} aria-label={label} data-testid="source-card">
          <Cards sources={sources} />
        </Dialog>
      </OpenPopover>
    );
  }
  return (
    <Popover
      className={css("popover")}
      triggerRef={anchor}
      isOpen
      isNonModal
      placement="top start"
      offset={6}
    >
      <div
        className={css("card")}
        role="note"
        aria-label={label}
        data-testid="source-card"
        onPointerEnter={onStay}
        onPointerLeave={onLeave}
      >
        <Cards sources={sources} />
      </div>
    </Popover>
  );
}

function Cards({ sources }: { readonly sources: readonly SourceView[] }) {
  const client = useClient();
  return sources.map((source, index) => {
    const { url } = source;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: sources may repeat, and the list never changes its order
      <div key={index} className={css("one")}>
        <SourceWords source={source} />
        {url !== null && (
          <button
            type="button"
            className={css("open")}
            aria-label={`Open ${source.title}`}
            onClick={() => client.openLink(url)}
          >
            <ExternalLink size={13} aria-hidden="true" />
            Open
          </button>
        )}
      </div>
    );
  });
}
