//! Where the window was, and how large; and the same on the screens that are there now.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use engine::{PlainFile, SettingsFile};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tauri::{AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewWindow, async_runtime};

/// How long after a change the place is written down.
const SOON: Duration = Duration::from_secs(1);

/// A rectangle in pixels: a window, or the part of a screen that windows may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

impl Area {
    /// How many pixels two have in common.
    fn shared(&self, other: &Self) -> u64 {
        let common = |a: i32, a_size: u32, b: i32, b_size: u32| {
            let end = (i64::from(a) + i64::from(a_size)).min(i64::from(b) + i64::from(b_size));
            u64::try_from(end - i64::from(a.max(b))).unwrap_or(0)
        };
        common(self.x, self.width, other.x, other.width) * common(self.y, self.height, other.y, other.height)
    }

    /// The same window on screens: as it was, if at least half of it can be seen and it is no larger than its screen;
    /// otherwise moved, and made smaller, until all of it can.
    fn on(self, screens: &[Self]) -> Option<Self> {
        // Of those that share equally much, the first: where nothing is shared, that is the main one.
        let best = screens.iter().rev().max_by_key(|screen| self.shared(screen))?;
        let sized = Self { width: self.width.min(best.width), height: self.height.min(best.height), ..self };
        let seen: u64 = screens.iter().map(|screen| sized.shared(screen)).sum();
        let as_it_was = sized == self && seen * 2 >= u64::from(sized.width) * u64::from(sized.height);
        Some(if as_it_was { sized } else { sized.within(best) })
    }

    fn within(self, screen: &Self) -> Self {
        let push = |at: i32, size: u32, from: i32, room: u32| {
            let last = i64::from(from) + i64::from(room) - i64::from(size);
            i32::try_from(i64::from(at).min(last)).unwrap_or(from).max(from)
        };
        Self {
            x: push(self.x, self.width, screen.x, screen.width),
            y: push(self.y, self.height, screen.y, screen.height),
            ..self
        }
    }
}

/// What is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    /// Where it is when it does not fill the screen.
    #[serde(flatten)]
    area: Area,
    maximized: bool,
}

/// The window's place in `window.json` of the data folder.
pub struct Place {
    path: PathBuf,
    known: Mutex<Known>,
}

/// What is in the file, and what is true now.
#[derive(Default)]
struct Known {
    kept: Option<Remembered>,
    now: Option<Remembered>,
    /// Whether a write is on its way.
    due: bool,
}

impl Place {
    /// Reads where the window was. A file that cannot be read is as good as none: the next one replaces it.
    pub fn open(data_dir: &Path) -> Self {
        let path = data_dir.join("window.json");
        let kept = PlainFile.load(&path).ok().and_then(|content| serde_json::from_value(Value::Object(content)).ok());
        Self { path, known: Mutex::new(Known { kept, now: kept, due: false }) }
    }

    /// Puts a window that is not shown yet where it was.
    pub fn restore(&self, window: &WebviewWindow) -> tauri::Result<()> {
        let Some(kept) = self.with(|known| known.kept) else { return Ok(()) };
        let screens = window.available_monitors()?;
        let screens: Vec<_> = screens
            .iter()
            .map(|screen| {
                let area = screen.work_area();
                let (position, size) = (area.position, area.size);
                Area { x: position.x, y: position.y, width: size.width, height: size.height }
            })
            .collect();
        let Some(area) = kept.area.on(&screens) else { return Ok(()) };
        window.set_size(PhysicalSize::new(area.width, area.height))?;
        window.set_position(PhysicalPosition::new(area.x, area.y))?;
        if kept.maximized {
            window.maximize()?;
        }
        Ok(())
    }

    /// Notes where the window is. One that fills the screen, or is not on it, keeps the place it comes back to.
    pub fn note(&self, window: &WebviewWindow) -> tauri::Result<()> {
        if !window.is_visible()? || window.is_minimized()? || window.is_fullscreen()? {
            return Ok(());
        }
        let maximized = window.is_maximized()?;
        let (position, size) = (window.outer_position()?, window.inner_size()?);
        let area = Area { x: position.x, y: position.y, width: size.width, height: size.height };
        self.with(|known| {
            let area = known.now.filter(|_| maximized).map_or(area, |now| now.area);
            known.now = Some(Remembered { area, maximized });
        });
        Ok(())
    }

    /// Writes the place down soon: whoever drags a window moves it hundreds of times, and a session that is ended ends
    /// the program without a word.
    pub fn save_soon(&self, app: &AppHandle) {
        if self.with(|known| std::mem::replace(&mut known.due, true)) {
            return;
        }
        let app = app.clone();
        async_runtime::spawn(async move {
            tokio::time::sleep(SOON).await;
            let place = app.state::<Self>();
            place.with(|known| known.due = false);
            place.save();
        });
    }

    /// Writes the place down, if it has changed. Where that cannot be done, the window opens as it did before.
    pub fn save(&self) {
        let changed = self.with(|known| known.now.filter(|now| known.kept != Some(*now)));
        let Some(now) = changed else { return };
        if let Ok(Value::Object(content)) = serde_json::to_value(now)
            && PlainFile.save(&self.path, &content).is_ok()
        {
            self.with(|known| known.kept = Some(now));
        }
    }

    fn with<T>(&self, body: impl FnOnce(&mut Known) -> T) -> T {
        body(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: Area = Area { x: 0, y: 0, width: 1920, height: 1080 };
    const LEFT: Area = Area { x: -1280, y: 0, width: 1280, height: 1024 };

    fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_that_can_be_seen_stays() {
        for at in [area(10, 20, 800, 600), area(-1200, 100, 800, 600), area(-400, 0, 800, 600), area(1500, 0, 800, 600)]
        {
            assert_eq!(at.on(&[MAIN, LEFT]), Some(at));
        }
    }

    #[test]
    fn a_window_on_a_screen_that_is_gone_comes_back() {
        assert_eq!(area(-1200, 100, 800, 600).on(&[MAIN]), Some(area(0, 100, 800, 600)));
        assert_eq!(area(5000, 5000, 800, 600).on(&[MAIN, LEFT]), Some(area(1120, 480, 800, 600)));
        assert_eq!(area(1900, 1060, 800, 600).on(&[MAIN]), Some(area(1120, 480, 800, 600)));
    }

    #[test]
    fn a_window_larger_than_its_screen_is_made_to_fit() {
        assert_eq!(area(-50, -50, 3000, 2000).on(&[MAIN]), Some(MAIN));
        assert_eq!(area(-1270, 10, 1270, 2000).on(&[MAIN, LEFT]), Some(area(-1270, 0, 1270, 1024)));
        assert_eq!(area(i32::MAX, i32::MIN, u32::MAX, u32::MAX).on(&[MAIN]), Some(MAIN));
    }

    #[test]
    fn without_a_screen_nothing_is_decided() {
        assert_eq!(area(0, 0, 1, 1).on(&[]), None);
    }

    #[test]
    fn what_was_noted_is_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::open(dir.path());
        let at = Remembered { area: area(1, 2, 800, 600), maximized: true };
        place.with(|known| known.now = Some(at));
        place.save();
        assert_eq!(Place::open(dir.path()).with(|known| known.kept), Some(at));
        std::fs::write(dir.path().join("window.json"), "{").unwrap();
        assert_eq!(Place::open(dir.path()).with(|known| known.kept), None);
    }
}
