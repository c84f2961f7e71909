import { PackageX } from "lucide-react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { useApp, useClient } from "../state/context";
import bar from "../thread/StandingBar.module.css";
import styles from "./Models.module.css";
import { pickModel } from "./place";
import { chooseModel, useTarget } from "./target";

const css = classes(bar);
const own = classes(styles);

/** Above the composer, while the model of the conversation is not offered any more: what could take its place. */
export function ModelGone() {
  const client = useClient();
  const target = useTarget();
  const whose = target?.current?.connection;
  const name = useApp((app) => app.connections.find(({ id }) => id === whose)?.name);
  if (target === null || !target.gone) return null;
  const { label, connection, replacement } = target;
  return (
    <section className={css("bar", "grave")} data-testid="model-gone" aria-label="Model">
      <PackageX size={16} aria-hidden="true" />
      <div className={css("words")} role="status">
        <p className={css("title")}>
          “<bdi>{label}</bdi>” is no longer offered by {name ?? connection.name}.
        </p>
      </div>
      {replacement !== null && (
        <Button weight="primary" onPress={() => chooseModel(client, target, replacement.model)}>
          <span className={own("instead")}>
            Use “<bdi>{replacement.label}</bdi>”
          </span>
        </Button>
      )}
      <Button onPress={pickModel}>Choose another…</Button>
    </section>
  );
}
