import type { Patience } from "../gen/Patience";
import type { Theme } from "../gen/Theme";
import type { WhenUnreachable } from "../gen/WhenUnreachable";
import type { Args, FakeCore } from "./fake";
import { fakeWireCommands } from "./fakeWire";

/** What the fake core does without anything to be seen of it. */
export const QUIET = Object.fromEntries(
  [
    "answer_questions",
    "answer_tool_call",
    "copy_item",
    "copy_text",
    "drawn",
    "feedback",
    "forget_everything",
    "open_link",
    "ready",
    "refresh_threads",
    "widget_action",
  ].map((name) => [name, () => undefined]),
);

/** What the person sets for all conversations. */
export function settingsCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    ...fakeWireCommands(core),
    set_appearance: ({ appearance }) => {
      core.theme = (appearance as { theme: Theme }).theme;
      core.toApp({ type: "appearance", appearance: { theme: core.theme } });
    },
    set_when_unreachable: ({ choice }) => {
      core.whenUnreachable = choice as WhenUnreachable;
      core.toApp({ type: "when_unreachable", choice: core.whenUnreachable });
    },
    set_patience: ({ patience }) => {
      core.patience = patience as Patience;
      core.toApp({ type: "patience", patience: core.patience });
    },
  };
}

/** What this installation is, and how new versions come to it. */
export function aboutCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  return {
    about: () => ({
      version: "0.1.0",
      data_dir: "~/.local/share/app.kittiwake.desktop",
      logs: core.logs,
      updates: core.updates,
    }),
    open_logs: () => undefined,
    check_for_update: () => core.newVersion,
    update_at_start: () =>
      core.updates.type === "signed" && core.updates.check === "at_start" ? core.newVersion : null,
    install_update: () => undefined,
    set_update_check: () => undefined,
  };
}

/** What becomes of reports of crashes. */
export function reportCommands(core: FakeCore): Readonly<Record<string, (args: Args) => unknown>> {
  const gone = () => {
    core.report = null;
  };
  return { crash_report: () => core.report, keep_crash_reports: gone, delete_crash_reports: gone };
}
