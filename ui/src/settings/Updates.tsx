import { useId, useState } from "react";
import { Checkbox } from "react-aria-components";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import { FailureCard } from "../failure/FailureCard";
import type { Failure } from "../gen/Failure";
import type { NewVersion } from "../gen/NewVersion";
import type { UpdateCheck } from "../gen/UpdateCheck";
import { asFailure } from "../host/host";
import { useClient } from "../state/context";
import { LockedNote, useLocked } from "./Locked";
import styles from "./Updates.module.css";

const css = classes(styles);

/** How far looking for a new version has come. */
type Step =
  | { readonly kind: "idle" | "looking" | "newest" | "installing" }
  | { readonly kind: "found"; readonly version: NewVersion }
  | { readonly kind: "failed"; readonly title: string; readonly failure: Failure };

/** Looks for a new version when it is told to, shows it, and installs it. */
export function Updates({ check }: { readonly check: UpdateCheck }) {
  const { host } = useClient();
  const [step, setStep] = useState<Step>({ kind: "idle" });

  function fail(title: string) {
    return (thrown: unknown) => setStep({ kind: "failed", title, failure: asFailure(thrown) });
  }

  function look() {
    setStep({ kind: "looking" });
    host
      .checkForUpdate()
      .then(
        (version) => setStep(version === null ? { kind: "newest" } : { kind: "found", version }),
        fail("Not looked for updates"),
      );
  }

  function install() {
    setStep({ kind: "installing" });
    // There is nothing to do afterwards: Kittiwake starts again.
    host.installUpdate().catch(fail("Not updated"));
  }

  const busy = step.kind === "looking" || step.kind === "installing";
  return (
    <section className={css("updates")} aria-label="Updates">
      {step.kind === "found" && <Found version={step.version} onInstall={install} />}
      {step.kind === "failed" && <FailureCard failure={step.failure} title={step.title} />}
      <div className={css("look")}>
        <Button isDisabled={busy} onPress={look}>
          Check for updates
        </Button>
        <p role="status" className={css("status")}>
          {words(step)}
        </p>
      </div>
      <AtStart check={check} />
    </section>
  );
}

function words(step: Step): string {
  switch (step.kind) {
    case "looking":
      return "Looking…";
    case "newest":
      return "This is the newest version.";
    case "installing":
      return "Fetching the new version. Kittiwake then starts again.";
    default:
      return "";
  }
}

function Found({ version, onInstall }: { readonly version: NewVersion; readonly onInstall: () => void }) {
  return (
    <div className={css("found")}>
      <p className={css("title")}>Kittiwake {version.version} is available.</p>
      {version.notes !== null && version.notes !== "" && <p className={css("notes")}>{version.notes}</p>}
      <Button weight="primary" onPress={onInstall}>
        Install and restart
      </Button>
    </div>
  );
}

function AtStart({ check }: { readonly check: UpdateCheck }) {
  const client = useClient();
  const [atStart, setAtStart] = useState(check === "at_start");

  function change(next: boolean) {
    setAtStart(next);
    client.host.setUpdateCheck(next ? "at_start" : "when_asked").catch((thrown: unknown) => {
      setAtStart(!next);
      client.report(thrown);
    });
  }

  const locked = useLocked("update_check");
  const note = useId();
  return (
    <div>
      <Checkbox
        className={css("option")}
        isSelected={atStart}
        isReadOnly={locked}
        onChange={change}
        {...(locked ? { "aria-describedby": note } : {})}
      >
        <span className={css("box")} aria-hidden="true" />
        Also check each time Kittiwake starts
      </Checkbox>
      {locked && <LockedNote id={note} />}
    </div>
  );
}
