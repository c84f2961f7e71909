import type { ProfileView } from "../gen/ProfileView";

/** What a connection with everything in its profile offers, to look at. */
export const DEMO_PROFILE: ProfileView = {
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
  disclaimer: null,
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
