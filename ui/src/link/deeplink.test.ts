import { describe, expect, it } from "vitest";
import { deeplink, noticed } from "./deeplink";

describe("links into the program", () => {
  it("lead to a page of the settings, to a new conversation, and to the question about an address", () => {
    expect(deeplink("chatkit-link://show_settings?page=models")).toEqual({
      type: "settings",
      page: "models",
    });
    expect(deeplink("chatkit-link://show_settings")).toEqual({ type: "settings", page: "appearance" });
    expect(deeplink("chatkit-link://new_thread")).toEqual({ type: "new_thread" });
    const url = "https://a.example/b";
    expect(deeplink(`chatkit-link://open_link?url=${encodeURIComponent(url)}`)).toEqual({
      type: "link",
      url,
    });
  });

  it("do nothing where there is no such thing", () => {
    for (const url of [
      "chatkit-link://launch?path=/bin/sh",
      "chatkit-link://show_settings?page=secrets",
      "chatkit-link://open_link",
      "chatkit-link://open_link?url=chatkit-link%3A%2F%2Fnew_thread",
      "https://show_settings",
      "no address",
    ]) {
      expect(deeplink(url)).toBeNull();
    }
  });

  it("and messages say whose they are", () => {
    expect(noticed({ type: "message", title: "Done", body: "All of it", from: "Office" })).toBe(
      "Office: Done – All of it",
    );
    expect(noticed({ type: "message", title: "Done", body: null, from: "Office" })).toBe("Office: Done");
  });
});
