//! The display that the window needs. That it cannot be reached is no fault of the program, which would end as if it were
//! one: the event loop expects a display.

/// Opens the display, or says what to do about it.
#[cfg(target_os = "linux")]
pub fn open() -> Result<(), String> {
    gtk::init().map_err(|_| {
        let named = ["WAYLAND_DISPLAY", "DISPLAY"].iter().find_map(|name| {
            std::env::var(name).ok().filter(|value| !value.is_empty()).map(|value| format!("{name} is “{value}”"))
        });
        let named = named.unwrap_or_else(|| "neither DISPLAY nor WAYLAND_DISPLAY is set".to_owned());
        format!(
            "it found no display to open its window on ({named}). Start it in a desktop session, or talk in the terminal: \
             kittiwake-cli chat"
        )
    })
}

/// Opens the display: elsewhere there always is one.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it is a question on Linux")]
pub fn open() -> Result<(), String> {
    Ok(())
}
