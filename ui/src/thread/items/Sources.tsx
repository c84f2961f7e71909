import { ExternalLink, FileText } from "lucide-react";
import { Button as AriaButton, Disclosure, DisclosurePanel } from "react-aria-components";
import { classes } from "../../design/classes";
import { Toggle } from "../../design/Toggle";
import type { SourceView } from "../../gen/SourceView";
import { useClient } from "../../state/context";
import styles from "./Sources.module.css";
import { SourceWords } from "./SourceWords";

const css = classes(styles);

/** What an answer rests on: closed, because most people read the answer first. */
export function Sources({ sources }: { readonly sources: readonly SourceView[] }) {
  return (
    <Disclosure className={css("sources")}>
      <h3 className={css("heading")}>
        <Toggle look="button">{sources.length === 1 ? "1 source" : `${sources.length} sources`}</Toggle>
      </h3>
      <DisclosurePanel>
        <ol className={css("list")}>
          {sources.map((source, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a source is known by its number
            <li key={index}>
              <Source source={source} number={index + 1} />
            </li>
          ))}
        </ol>
      </DisclosurePanel>
    </Disclosure>
  );
}

function Source({ source, number }: { readonly source: SourceView; readonly number: number }) {
  const client = useClient();
  const { url } = source;
  const words = (
    <>
      <span className={css("number")}>{number}</span>
      <SourceWords source={source} />
    </>
  );
  if (url === null) {
    return (
      <div className={css("source")}>
        {words}
        <FileText size={14} aria-hidden="true" />
      </div>
    );
  }
  return (
    <AriaButton className={css("source", "link")} onPress={() => client.openLink(url)}>
      {words}
      <ExternalLink size={14} aria-hidden="true" />
    </AriaButton>
  );
}
