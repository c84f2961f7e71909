import { Check } from "lucide-react";
import { useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { Failure } from "../gen/Failure";
import styles from "./Places.module.css";

const css = classes(styles);

/** Writes one of the places into its field. Answers `false` if that did not work. */
export type MapText = (field: string, pointer: string) => Promise<unknown>;

/** What an answer looks like whose text is somewhere else, and where it may be: one press says so. */
export function Places({ failure, onUse }: { readonly failure: Failure; readonly onUse: MapText }) {
  const [used, setUsed] = useState<string | null>(null);
  if (!failure.mapping) return null;
  const { field, pointers } = failure.mapping;
  return (
    <div className={css("places")} data-testid="places">
      {typeof failure.detail === "string" && (
        <p>
          It looks like this: <code className={css("shape")}>{failure.detail}</code>
        </p>
      )}
      <div className={css("choices")}>
        {pointers.map((pointer, at) => (
          <Button
            key={pointer}
            weight={at === 0 && used === null ? "primary" : "secondary"}
            onPress={() => {
              void onUse(field, pointer).then((worked) => setUsed(worked === false ? null : pointer));
            }}
          >
            {used === pointer && <Check size={14} aria-hidden="true" />}
            Use {pointer}
          </Button>
        ))}
      </div>
      <p className={css("used")} role="status">
        {used !== null && `The text is looked for at ${used} from now on.`}
      </p>
    </div>
  );
}
