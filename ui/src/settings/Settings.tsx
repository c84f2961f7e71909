import { Boxes, Building2, Info, Palette, Server, X } from "lucide-react";
import { Heading, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { IconButton } from "../design/Button";
import { classes } from "../design/classes";
import { ModelsSection } from "../models/ModelsSection";
import { Overlay } from "../overlay/Overlay";
import { type SettingsSection, settingsIn } from "../state/client";
import { useApp, useClient, useView } from "../state/context";
import { About } from "./About";
import { Appearance } from "./Appearance";
import { Connections } from "./Connections";
import styles from "./Settings.module.css";

const css = classes(styles);

/** The settings, over the window. */
export default function Settings() {
  const client = useClient();
  const shown = useView((view) => settingsIn(view)?.section ?? null);
  return (
    <Overlay className={css("modal")} testId="settings">
      <div className={css("frame")}>
        <div>
          <Heading slot="title" className={css("heading")}>
            Settings
          </Heading>
          <Managed />
        </div>
        <span className={css("close")}>
          <IconButton label="Close" onPress={() => client.overlay(null)}>
            <X size={18} />
          </IconButton>
        </span>
        <Sections section={shown ?? "appearance"} />
      </div>
    </Overlay>
  );
}

/** Who has set what the person finds here, where that is not only they. */
function Managed() {
  const { policy, managed_by } = useApp((app) => app.managed);
  if (policy === null) return null;
  return (
    <p className={css("managed")} data-testid="managed">
      <Building2 size={15} aria-hidden="true" />
      <span>
        Managed by {managed_by ?? "your organisation"}: {policy}
      </span>
    </p>
  );
}

function Sections({ section }: { readonly section: SettingsSection }) {
  const client = useClient();
  const narrow = useView((view) => view.narrow);
  return (
    <Tabs
      className={css("tabs")}
      orientation={narrow ? "horizontal" : "vertical"}
      selectedKey={section}
      onSelectionChange={(key) => client.overlay({ kind: "settings", section: key as SettingsSection })}
    >
      <TabList className={css("list")} aria-label="Sections of the settings">
        <Tab id="appearance" className={css("tab")}>
          <Palette size={16} aria-hidden="true" />
          Appearance
        </Tab>
        <Tab id="connections" className={css("tab")}>
          <Server size={16} aria-hidden="true" />
          Connections
        </Tab>
        <Tab id="models" className={css("tab")}>
          <Boxes size={16} aria-hidden="true" />
          Models
        </Tab>
        <Tab id="about" className={css("tab")}>
          <Info size={16} aria-hidden="true" />
          About
        </Tab>
      </TabList>
      <TabPanel id="appearance" className={css("panel")}>
        <Appearance />
      </TabPanel>
      <TabPanel id="connections" className={css("panel")}>
        <Connections />
      </TabPanel>
      <TabPanel id="models" className={css("panel")}>
        <ModelsSection />
      </TabPanel>
      <TabPanel id="about" className={css("panel")}>
        <About />
      </TabPanel>
    </Tabs>
  );
}
