import type { ProfileView } from "../gen/ProfileView";
import type { FakeCore } from "../host/fake";

/** A profile that says nothing. */
export const PLAIN: ProfileView = {
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

/** Gives the connection of a fake core a profile, before the window opens. */
export function profiled(core: FakeCore, profile: Partial<ProfileView>): FakeCore {
  core.connections = core.connections.map((connection) => ({
    ...connection,
    profile: { ...PLAIN, ...profile },
  }));
  return core;
}
