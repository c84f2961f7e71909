import type { ConnectionView } from "../gen/ConnectionView";
import type { ProfileView } from "../gen/ProfileView";
import type { ThemeColorView } from "../gen/ThemeColorView";
import { link, paragraph, patchesOf, text } from "./demoText";

/** A profile that says nothing. */
export const SILENT: ProfileView = {
  theme: null,
  title: null,
  hides_title: false,
  left_action: null,
  right_action: null,
  no_delete: false,
  no_rename: false,
  no_feedback: false,
  no_retry: false,
  no_scroll: false,
  greeting: null,
  placeholder: null,
  tools: [],
  disclaimer: null,
  entities: null,
  no_commands: false,
  commands: [],
};

const COLOURS: readonly (readonly [token: string, light: string, dark: string])[] = [
  ["surface", "#fff7ec", "#1d1526"],
  ["surface-side", "#fbead3", "#171020"],
  ["surface-raised", "#fffdf8", "#2a1f38"],
  ["surface-bubble", "#ffe0c2", "#43305c"],
  ["surface-selected", "#f6dcc0", "#372847"],
  ["line", "#efd9be", "#3b2c4d"],
  ["line-strong", "#d9b88f", "#574271"],
  ["accent", "#9c2f6a", "#f09ac6"],
  ["accent-hover", "#842558", "#f7b4d6"],
  ["on-accent", "#ffffff", "#2b0a1c"],
  ["accent-soft", "#fbe1ee", "#3f1f33"],
  ["focus", "#b13a7b", "#f09ac6"],
];

/** A profile that differs from Kittiwake as much as one can. */
export const LOUD: ProfileView = {
  ...SILENT,
  theme: {
    scheme: null,
    radius: "pill",
    density: "spacious",
    base_size: 17,
    font: "Georgia, serif",
    font_code: null,
    colors: COLOURS.map(([token, light, dark]): ThemeColorView => ({ token, light, dark })),
  },
  title: "Fruit & Vegetables",
  left_action: {
    icon: "home",
    label: "Our shop",
    onClick: { type: "open_url", url: "https://shop.example.com/" },
  },
  right_action: { icon: "compose", label: "Ask something else", onClick: { type: "new_thread" } },
  no_rename: true,
  no_feedback: true,
  no_scroll: true,
  greeting: "What would you like to cook?",
  disclaimer: {
    text: patchesOf([
      paragraph(
        text("Answers may be wrong, and prices change. "),
        link("How we use what you write", "https://shop.example.com/privacy"),
      ),
    ]),
    high_contrast: false,
  },
};

/** Puts a loud profile on a connection, and gives it something to begin with. */
export function loud(connection: ConnectionView): ConnectionView {
  return {
    ...connection,
    state: { type: "online" },
    profile: LOUD,
    prompts: [
      { label: "Something with plums", prompt: "What can I make of plums?", icon: "sparkle" },
      { label: "What is in season?", prompt: "What is in season now?", icon: "calendar" },
      {
        label: "Where do the apples come from?",
        prompt: "Where do your Apples come from?",
        mentions: [{ at: 14, entity: { id: "apples", title: "Apples", group: "Fruit", interactive: false } }],
        icon: "map-pin",
      },
    ],
  };
}

/** A profile with much to put into a message. */
export const WORKING: ProfileView = {
  ...SILENT,
  tools: [
    {
      id: "search",
      label: "Search the manual",
      shortLabel: "Search",
      icon: "search",
      pinned: true,
      persistent: false,
    },
    {
      id: "draw",
      label: "Draw a picture",
      shortLabel: "Draw",
      icon: "images",
      placeholderOverride: "What is to be drawn?",
      pinned: false,
      persistent: true,
    },
  ],
  entities: {
    list: [
      { id: "u1", title: "Ada Lovelace", group: "People", icon: "circle-question", interactive: true },
      { id: "u2", title: "Charles Babbage", group: "People", interactive: true },
      {
        id: "d1",
        title: "Notes on the Analytical Engine",
        group: "Documents",
        icon: "document",
        interactive: false,
      },
    ],
    searches: false,
    in_menu: true,
  },
  no_commands: false,
  commands: [
    {
      id: "tide",
      label: "Tide tables",
      description: "Of one harbour",
      icon: "calendar",
      group: "Harbour",
      onSelect: { type: "insert", text: "When is high tide in " },
    },
  ],
};
