import type { ComposerTool } from "../../gen/ComposerTool";
import type { ProfileView } from "../../gen/ProfileView";

/** A tool by the name that the server gives it; nothing if the profile has it no more. */
export function toolOf(profile: ProfileView | null | undefined, id: string | null): ComposerTool | null {
  return profile?.tools.find((tool) => tool.id === id) ?? null;
}
