import { Activity, Turtle } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { ReadMore } from "../failure/Meaning";
import { QUESTIONS } from "../gen/questions";
import type { SlowView } from "../gen/SlowView";
import { useApp, useClient } from "../state/context";
import styles from "./Below.module.css";
import { slowWords } from "./slowWords";

const css = classes(styles);

/** Under an answer that comes slower than its connection's usually do: by how much, and where to look why. */
export function Slow({ slow }: { readonly slow: SlowView }) {
  const client = useClient();
  const known = useApp((app) => app.connections.some(({ id }) => id === slow.connection));
  const question = QUESTIONS["slower-than-usual"];
  return (
    <section className={css("line")} data-testid="slow" aria-label="Slower than usual">
      <p className={css("words")}>
        <Turtle size={15} aria-hidden="true" />
        <Words slow={slow} />
      </p>
      <div className={css("choices")}>
        {known && (
          <Button
            weight="quiet"
            data-testid="slow-test"
            onPress={() =>
              client.overlay({ kind: "settings", section: "connections", test: slow.connection })
            }
          >
            <Activity size={14} aria-hidden="true" />
            Test the connection
          </Button>
        )}
        {question !== undefined && <ReadMore question={question}>What this means</ReadMore>}
      </div>
    </section>
  );
}

/** Read aloud only by whoever goes there: a timer is silent by itself, and the beginning is announced. */
function Words({ slow: { what } }: { readonly slow: SlowView }) {
  const [now, setNow] = useState(() => Date.now());
  const counts = what.type === "first_words";
  useEffect(() => {
    if (!counts) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return (
    <span {...(counts ? { role: "timer" } : {})} className={css("timer")}>
      {slowWords(what, now)}
    </span>
  );
}
