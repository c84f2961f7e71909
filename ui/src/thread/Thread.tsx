import { ArrowDown } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { ProfileView } from "../gen/ProfileView";
import type { ThreadId } from "../gen/ThreadId";
import { useProfile } from "../profile/profileOf";
import { useApp, useClient, useOpenThread } from "../state/context";
import type { ShownItem, ThreadState } from "../state/thread";
import { Item } from "./items/Item";
import { Notices } from "./Notices";
import styles from "./Thread.module.css";
import { TurnEnd } from "./TurnEnd";
import { useFollow } from "./useFollow";
import { WindowEdge } from "./WindowEdge";

const css = classes(styles);

/** The room above the first item, in CSS pixels; what says that older ones are coming stands in it. */
const MARGIN = 40;

/** How near the beginning older items are asked for, in CSS pixels. */
const NEAR = 600;

/** By when new items have been measured, in milliseconds. */
const SETTLED_MS = 300;

/** How far beyond the view items are drawn, in CSS pixels: nearly nothing while a thread opens, so that it is there. */
const BEYOND = { opening: 100, open: 800 };

/** How high an item is taken to be until it is drawn, in CSS pixels. */
const ITEM = 200;

/** How many items have passed before what is far away is let go of. */
const PASSED = 50;

/** The thread on screen, or what stands there until it is. */
export function Thread({ id }: { readonly id: ThreadId }) {
  const client = useClient();
  const thread = useOpenThread((open) => (open.id === id ? open.thread : null));
  const failure = useOpenThread((open) => (open.id === id ? open.failure : null));
  if (thread !== null) return <Conversation id={id} thread={thread} />;
  if (failure !== null) {
    return (
      <div className={css("alone")}>
        <FailureCard failure={failure} onRetry={() => client.thread.show(id)} />
      </div>
    );
  }
  return (
    <div className={css("alone", "loading")} role="status">
      <span className="visually-hidden">Opening the conversation</span>
      <span className={css("bone", "short")} />
      <span className={css("bone")} />
      <span className={css("bone")} />
      <span className={css("bone", "part")} />
    </div>
  );
}

function Conversation({ id, thread }: { readonly id: ThreadId; readonly thread: ThreadState }) {
  const client = useClient();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const profile = useProfile();
  const [settled, setSettled] = useState(false);
  // A conversation opens at its end, whatever becomes of the place afterwards.
  const stays = settled && profile?.no_scroll === true && isAnswered(thread);
  const follow = useFollow(scroller, content, stays ? "stay" : "follow");
  const letGo = useLetGo(list);
  const shift = usePrepended(thread.prepended);
  const { connection } = thread.view;
  const kept = useApp((app) => app.connections.find(({ id }) => id === connection)?.keeps_threads ?? true);
  const canJudge = kept && !profile?.no_feedback;
  const idle = thread.turn.phase === "idle";
  const retryable = idle && thread.view.status.type === "active" && !hasCard(thread);

  // What fits into the window cannot be scrolled to its beginning: then the older items are asked for, once the
  // first ones have been measured.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when the items have changed
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(true);
      older();
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [thread.items.length, thread.hasOlder]);
  useFollowOwnWords(thread.items, follow.toEnd);

  function older() {
    const { offset, size, viewport, following } = follow.now();
    if (offset < NEAR && (!following || size <= viewport)) void client.thread.loadOlder();
  }

  function moved() {
    older();
    letGo();
  }

  return (
    <div className={css("frame")} data-testid="thread" data-thread={id} data-phase={thread.turn.phase}>
      <Notices notices={thread.notices} />
      <div className={css("view")}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <section ref={scroller} className={css("scroller")} tabIndex={0} aria-label="Conversation">
          <div ref={content} className={css("content")} role="log" aria-live="off" aria-busy={!idle}>
            <Older hasOlder={thread.hasOlder} />
            <Virtualizer
              ref={list}
              data={thread.items}
              scrollRef={scroller}
              startMargin={MARGIN}
              shift={shift}
              itemSize={ITEM}
              bufferSize={settled ? BEYOND.open : BEYOND.opening}
              onScroll={moved}
              onResize={follow.settle}
            >
              {(item, index) => (
                <div key={item.key} className={css("column")}>
                  {thread.context?.from === item.id && <WindowEdge context={thread.context} />}
                  <Item
                    thread={id}
                    item={item}
                    canRetry={retryable && index === thread.items.length - 1 && mayRetry(item, profile)}
                    canJudge={canJudge}
                    told={index === thread.items.length - 1 && hasCard(thread)}
                  />
                </div>
              )}
            </Virtualizer>
            <div className={css("column", "end")}>
              <TurnEnd turn={thread.turn} items={thread.items} />
            </div>
          </div>
        </section>
        {follow.away && (
          <div className={css("back")}>
            <Button onPress={follow.toEnd}>
              <ArrowDown size={15} aria-hidden="true" />
              Jump to latest
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Whether something of an answer is there already that is still coming. */
function isAnswered({ turn, items }: ThreadState): boolean {
  return turn.phase !== "idle" && items.at(-1)?.body.kind !== "user_message";
}

/** Whether an item may be answered again. A message that was never sent was never answered. */
function mayRetry(item: ShownItem, profile: ProfileView | null): boolean {
  return item.stage === "unsent" || !profile?.no_retry;
}

/** Whether the end of the thread is a card that says how the last turn failed. */
function hasCard({ turn }: ThreadState): boolean {
  return turn.outcome?.type === "failed" || turn.outcome?.type === "interrupted";
}

function Older({ hasOlder }: { readonly hasOlder: boolean }) {
  const client = useClient();
  const loading = useOpenThread((open) => open.loadingOlder);
  const failure = useOpenThread((open) => open.failure);
  return (
    <div className={css("older")}>
      {loading && <span role="status">Loading earlier messages…</span>}
      {!loading && failure !== null && hasOlder && (
        <Button weight="quiet" onPress={() => void client.thread.loadOlder()}>
          Earlier messages could not be loaded. Try again
        </Button>
      )}
    </div>
  );
}

/** Lets go of what is far from the view, now and then while it moves. */
function useLetGo(list: RefObject<VirtualizerHandle | null>): () => void {
  const client = useClient();
  const place = useRef(0);
  return () => {
    const now = list.current;
    if (now === null) return;
    const first = now.findItemIndex(now.scrollOffset);
    if (Math.abs(first - place.current) < PASSED) return;
    place.current = first;
    const last = now.findItemIndex(now.scrollOffset + now.viewportSize);
    client.thread.keepNear({ first, last, height: (item) => now.getItemSize(item) });
  };
}

/** Whether items were put before the others since the last drawing: only then the list keeps its place from below. */
function usePrepended(prepended: number): boolean {
  const drawn = useRef(prepended);
  const shift = drawn.current !== prepended;
  useLayoutEffect(() => {
    drawn.current = prepended;
  }, [prepended]);
  return shift;
}

/** What the person says is seen, wherever they were reading. */
function useFollowOwnWords(items: readonly ShownItem[], toEnd: () => void) {
  const last = items.at(-1);
  const own = last?.body.kind === "user_message" && last.stage === "sending" ? last.key : null;
  useLayoutEffect(() => {
    if (own !== null) toEnd();
  }, [own, toEnd]);
}
