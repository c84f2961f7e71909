import type { ProfileView } from "../gen/ProfileView";
import { SILENT } from "../host/demoProfile";
import type { FakeCore } from "../host/fake";

/** Gives the connection of a fake core a profile, before the window opens. */
export function profiled(core: FakeCore, profile: Partial<ProfileView>): FakeCore {
  core.connections = core.connections.map((connection) => ({
    ...connection,
    profile: { ...SILENT, ...profile },
  }));
  return core;
}
