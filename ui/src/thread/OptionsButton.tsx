import { SlidersHorizontal } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { IconButton } from "../design/Button";
import type { ThreadId } from "../gen/ThreadId";
import { later } from "../later";
import { useOpenThread } from "../state/context";

const OptionsSheet = later(() => import("./OptionsSheet"));

/** What this conversation wants of its model; there where its server can be asked for it with each message. */
export function OptionsButton({ thread }: { readonly thread: ThreadId }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const context = useOpenThread((state) => (state.id === thread ? (state.thread?.context ?? null) : null));
  if (context === null) return null;
  return (
    <>
      <IconButton
        ref={button}
        data-testid="thread-options"
        label={context.has_options ? "Parameters, some are of this conversation" : "Parameters"}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        <SlidersHorizontal size={17} {...(context.has_options ? { color: "var(--accent)" } : {})} />
      </IconButton>
      <Suspense fallback={null}>
        {open && <OptionsSheet thread={thread} button={button} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
