import { Monitor, Moon, Sun } from "lucide-react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { classes } from "../design/classes";
import type { Theme } from "../gen/Theme";
import { useApp, useClient } from "../state/context";
import { LockedDescription, useLocked } from "./Locked";
import styles from "./Settings.module.css";

const css = classes(styles);

const THEMES: readonly { readonly theme: Theme; readonly label: string; readonly Icon: typeof Sun }[] = [
  { theme: "system", label: "As the system", Icon: Monitor },
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
];

/** How the window looks. */
export function Appearance() {
  const client = useClient();
  const appearance = useApp((app) => app.appearance);
  const locked = useLocked("appearance", "theme");
  return (
    <RadioGroup
      value={appearance.theme}
      isReadOnly={locked}
      onChange={(theme) => client.setAppearance({ ...appearance, theme: theme as Theme })}
    >
      <Label className={css("section")}>Colours</Label>
      <div className={css("themes")}>
        {THEMES.map(({ theme, label, Icon }) => (
          <Radio key={theme} value={theme} className={css("theme")}>
            <Icon size={20} aria-hidden="true" />
            {label}
          </Radio>
        ))}
      </div>
      {locked && <LockedDescription />}
    </RadioGroup>
  );
}
