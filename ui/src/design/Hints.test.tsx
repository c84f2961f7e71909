import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { IconButton, LightButton } from "./Button";
import Hints from "./Hints";

/** Two buttons, and what tells about them. */
function shown() {
  render(
    <>
      <IconButton label="Search" hint="Ctrl K">
        +
      </IconButton>
      <LightButton label="Copy" onPress={() => undefined}>
        =
      </LightButton>
      <Hints />
    </>,
  );
  return userEvent.setup();
}

const told = () => screen.queryByRole("tooltip")?.textContent ?? null;

describe("a hint", () => {
  it("is shown while the pointer rests on a button", async () => {
    const user = shown();
    await user.hover(screen.getByRole("button", { name: "Search" }));
    expect(told()).toBeNull();
    expect((await screen.findByRole("tooltip")).textContent).toBe("SearchCtrl K");
    await user.hover(screen.getByRole("button", { name: "Copy" }));
    expect(told()).toBeNull();
    expect((await screen.findByRole("tooltip")).textContent).toBe("Copy");
    await user.unhover(screen.getByRole("button", { name: "Copy" }));
    expect(told()).toBeNull();
  });

  it("is shown at once when the keyboard comes to a button, until a key is pressed", async () => {
    const user = shown();
    await user.tab();
    await waitFor(() => expect(told()).toBe("SearchCtrl K"));
    await user.tab();
    await waitFor(() => expect(told()).toBe("Copy"));
    await user.keyboard("{Escape}");
    expect(told()).toBeNull();
  });

  it("goes when the button is pressed, and does not come by touch", async () => {
    const user = shown();
    const button = screen.getByRole("button", { name: "Copy" });
    await user.hover(button);
    await screen.findByRole("tooltip");
    fireEvent.pointerDown(button);
    expect(told()).toBeNull();
    await user.unhover(button);
    fireEvent.pointerOver(button, { pointerType: "touch" });
    await new Promise((done) => setTimeout(done, 600));
    expect(told()).toBeNull();
  });
});
