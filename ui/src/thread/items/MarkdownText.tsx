import { useLayoutEffect, useRef } from "react";
import type { MarkdownDocument, Wishes } from "../../markdown";
import { usePicturesInText } from "../../pictures/inText";
import { useClient } from "../../state/context";

/** A text in Markdown, which lives outside React: what streams into it draws nothing here again. */
export function MarkdownText({
  document,
  className,
  onSources,
}: {
  readonly document: MarkdownDocument;
  readonly className: string;
  /** Shows the sources that a mark in the text names; stays the same function. */
  readonly onSources?: NonNullable<Wishes["showSources"]>;
}) {
  const client = useClient();
  const element = useRef<HTMLDivElement>(null);
  const { picture, portals } = usePicturesInText();
  // Before the first measurement: a message that is empty for a moment would move everything under it.
  useLayoutEffect(() => {
    if (element.current === null) return;
    return document.mount(element.current, {
      openLink: (href) => client.openLink(href),
      copyText: (text) => client.copyText(text),
      picture,
      ...(onSources === undefined ? {} : { showSources: onSources }),
    });
  }, [client, document, onSources, picture]);
  return (
    <>
      <div ref={element} className={className} dir="auto" />
      {portals}
    </>
  );
}
