import { MessageSquare, Search } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Autocomplete, Input, Menu, MenuItem, SearchField } from "react-aria-components";
import { classes } from "../design/classes";
import type { SearchHit } from "../gen/SearchHit";
import { Overlay } from "../overlay/Overlay";
import { useApp, useClient } from "../state/context";
import { titleOf } from "../thread/title";
import styles from "./FindDialog.module.css";
import { combine, matchTitles } from "./matching";

const css = classes(styles);

/** How long the person has to pause before messages are searched, in milliseconds. Titles need no pause. */
const PAUSE_MS = 120;

/** Finds a conversation by its title, or by what was said in it. */
export default function FindDialog() {
  return (
    <Overlay className={css("modal")} testId="find-dialog" label="Find a conversation">
      <Finder />
    </Overlay>
  );
}

function Finder() {
  const client = useClient();
  const threads = useApp((app) => app.latest);
  const connections = useApp((app) => app.connections);
  const [query, setQuery] = useState("");
  const hits = useHits(query);
  const found = useMemo(() => combine(matchTitles(threads, query), hits), [threads, query, hits]);
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField
        className={css("field")}
        aria-label="Find a conversation"
        autoFocus
        // Escape closes what is open; here it would only empty the field, and wait for a second one.
        onClear={() => client.overlay(null)}
      >
        <Search size={17} aria-hidden="true" />
        <Input className={css("input")} placeholder="Find a conversation" />
      </SearchField>
      <Menu
        className={css("list")}
        aria-label="Conversations"
        items={found.map((entry) => ({ ...entry, id: entry.thread.id }))}
        dependencies={[query, connections]}
        onAction={(id) => client.open(String(id))}
        renderEmptyState={() => (
          <p className={css("none")}>
            {query.trim() === "" ? "There are no conversations yet." : "Nothing was found."}
          </p>
        )}
      >
        {({ thread, excerpt }) => (
          <MenuItem id={thread.id} className={css("hit")} textValue={titleOf(thread)}>
            <MessageSquare size={16} aria-hidden="true" />
            <span className={css("words")}>
              <span className={css("title")}>
                <Marked text={titleOf(thread)} query={query} />
              </span>
              {excerpt !== null && (
                <span className={css("excerpt")}>
                  <Marked text={excerpt} query={query} />
                </span>
              )}
            </span>
            <span className={css("meta")}>
              {connections.find((connection) => connection.id === thread.connection)?.name}
            </span>
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  );
}

/** What the core finds in messages, for the query as it last stood still. */
function useHits(query: string): readonly SearchHit[] {
  const client = useClient();
  const [hits, setHits] = useState<readonly SearchHit[]>([]);
  useEffect(() => {
    const trimmed = query.trim();
    if (trimmed === "") {
      setHits([]);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      client.host.search(trimmed).then(
        (found) => {
          if (current) setHits(found);
        },
        (thrown: unknown) => {
          if (current) client.report(thrown);
        },
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, query]);
  return hits;
}

/** A text with the words of the query marked. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const words = query.split(/\s+/).filter(Boolean).map(escapePattern);
  if (words.length === 0) return text;
  const pieces = text.split(new RegExp(`(${words.join("|")})`, "giu"));
  return pieces.map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are known by their place and by nothing else
      <mark key={index} className={css("match")}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}

function escapePattern(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
