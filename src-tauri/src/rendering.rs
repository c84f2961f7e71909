//! Rendering flags for Linux, chosen before GTK starts: WebKitGTK reads them once, and with the wrong renderer a window
//! stays blank.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Turns off the renderer that shares graphics memory between processes. It stays blank where there is no graphics card
/// to share with, and on the driver of NVIDIA, which also ends the program under some Wayland compositors.
const NO_SHARING: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Turns off drawing with the graphics card altogether. Slower, and works everywhere.
const NO_CARD: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Says why the program was started anew by itself, and so that it is not to be done again.
const AGAIN: &str = "KITTIWAKE_STARTED_AGAIN";

/// Remembers, in the data folder, that the window stayed blank without safe rendering.
const REMEMBERED: &str = "safe-rendering.txt";

/// Is in the data folder from the start until the window was drawn, with the number of the process.
const STARTING: &str = "starting.txt";

/// Why the window is drawn without the graphics card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It stayed blank in this start.
    Blank,
    /// The process that draws it ended, more than once.
    Died,
    /// The start before this one ended before it had drawn anything.
    Unfinished,
    /// One of these happened in an earlier start.
    Remembered,
}

impl Why {
    const ALL: [(Self, &str); 4] = [
        (Self::Blank, "blank"),
        (Self::Died, "died"),
        (Self::Unfinished, "unfinished"),
        (Self::Remembered, "remembered"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(why, _)| *why == self).map_or("", |(_, word)| word)
    }
}

/// What was found out about this computer and the starts before this one.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// There is a graphics card that this person may draw with.
    card: bool,
    /// What is on the screen goes through the driver of NVIDIA.
    nvidia: bool,
    remembered: bool,
    unfinished: bool,
}

/// The flags that this start needs, without those that are set already: whoever has set one knows better.
fn flags(seen: Seen, is_set: impl Fn(&str) -> bool) -> (Vec<&'static str>, Option<Why>) {
    let why = match seen {
        Seen { remembered: true, .. } => Some(Why::Remembered),
        Seen { unfinished: true, .. } => Some(Why::Unfinished),
        _ => None,
    };
    let wanted: &[&str] = match why {
        Some(_) => &[NO_SHARING, NO_CARD],
        None if seen.nvidia || !seen.card => &[NO_SHARING],
        None => &[],
    };
    (wanted.iter().filter(|flag| !is_set(flag)).copied().collect(), why)
}

/// Starts the program anew with the flags that it needs, if it needs any. Answers why this run draws without the
/// graphics card, if it does.
pub fn choose(data_dir: &Path) -> Option<Why> {
    let again = std::env::var(AGAIN).ok();
    if let Some(again) = again {
        return Why::ALL.iter().find(|(_, word)| *word == again).map(|(why, _)| *why);
    }
    if !cfg!(target_os = "linux") {
        return None;
    }
    let seen = Seen {
        card: has_card(Path::new("/dev/dri")),
        nvidia: draws_with_nvidia(Path::new("/sys")),
        remembered: remembered(data_dir).exists(),
        unfinished: was_unfinished(data_dir),
    };
    let (flags, why) = flags(seen, is_set);
    // Where nothing has gone wrong yet, a start anew would only cost time.
    if !flags.is_empty() && (why.is_some() || !set(&flags)) {
        start_again(&flags, why);
    }
    None
}

/// Sets the variables in this process, and says whether it could. Only before anything else runs in it: another thread
/// may read the environment at the same time.
#[cfg(target_os = "linux")]
fn set(flags: &[&str]) -> bool {
    flags.iter().all(|flag| glib::setenv(flag, "1", true).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn set(_flags: &[&str]) -> bool {
    false
}

/// Whether safe rendering would change anything: then a blank window is worth another start.
pub fn can_be_safer() -> bool {
    cfg!(target_os = "linux") && [NO_SHARING, NO_CARD].iter().any(|flag| !is_set(flag))
}

/// Starts the program anew with safe rendering. Returns only if that cannot be done.
pub fn start_safely(why: Why) {
    let flags: Vec<_> = [NO_SHARING, NO_CARD].into_iter().filter(|flag| !is_set(flag)).collect();
    start_again(&flags, Some(why));
}

/// A window is about to be drawn. Until it is, the next start can see that this one did not get so far.
pub fn begun(data_dir: &Path) {
    if cfg!(target_os = "linux") {
        // Where nothing can be written, nothing is remembered.
        let _ = fs::write(data_dir.join(STARTING), std::process::id().to_string());
    }
}

/// The window was drawn, or the person closed it.
pub fn got_through(data_dir: &Path) {
    let _ = fs::remove_file(data_dir.join(STARTING));
}

/// The file that says that this computer needs safe rendering.
pub fn remembered(data_dir: &Path) -> PathBuf {
    data_dir.join(REMEMBERED)
}

/// Remembers that this computer needs safe rendering.
pub fn remember(data_dir: &Path) {
    let words = "The window of Kittiwake stayed blank, so it is drawn without the graphics card.\n\
                 Delete this file and start Kittiwake again to try it with the graphics card.\n";
    // Where nothing can be written, it is found out again.
    let _ = fs::write(remembered(data_dir), words);
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

/// Whether one of the cards can be drawn with. One that this person may not open is of no more use than none.
fn has_card(devices: &Path) -> bool {
    let found = fs::read_dir(devices).into_iter().flatten().flatten();
    found
        .filter(|device| device.file_name().to_string_lossy().starts_with("renderD"))
        .any(|device| fs::File::options().read(true).write(true).open(device.path()).is_ok())
}

/// Whether the driver of NVIDIA is loaded and its card is the one that the computer starts with. A second card in a
/// laptop does not draw the desktop.
fn draws_with_nvidia(system: &Path) -> bool {
    let loaded = system.join("module/nvidia").exists() || Path::new("/proc/driver/nvidia/version").exists();
    let cards = fs::read_dir(system.join("class/drm")).into_iter().flatten().flatten();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let mut first =
        cards.map(|card| card.path().join("device")).filter(|device| read(device.join("boot_vga")).trim() == "1");
    loaded && first.next().is_none_or(|device| read(device.join("vendor")).trim() == "0x10de")
}

/// Whether the last start ended, by itself or by force, before its window was drawn.
fn was_unfinished(data_dir: &Path) -> bool {
    let Ok(process) = fs::read_to_string(data_dir.join(STARTING)) else { return false };
    // One that has no number in it was being written when the program ended.
    !process.trim().parse::<u32>().is_ok_and(|process| Path::new("/proc").join(process.to_string()).exists())
}

/// Runs this program again in the same process with the variables set: other threads may run by now, and read the
/// environment.
#[cfg(target_os = "linux")]
fn start_again(flags: &[&str], why: Option<Why>) {
    use std::os::unix::process::CommandExt;

    let Ok(program) = std::env::current_exe() else { return };
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1)).envs(flags.iter().map(|flag| (flag, "1")));
    command.env(AGAIN, why.map_or("graphics", Why::word));
    let error = command.exec();
    eprintln!("Kittiwake goes on without {}: {error}", flags.join(" and "));
}

#[cfg(not(target_os = "linux"))]
fn start_again(_flags: &[&str], _why: Option<Why>) {}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Seen = Seen { card: true, nvidia: false, remembered: false, unfinished: false };

    #[test]
    fn a_card_that_works_is_used() {
        assert_eq!(flags(CARD, |_| false), (vec![], None));
    }

    #[test]
    fn memory_is_not_shared_without_a_card_or_with_that_of_nvidia() {
        for seen in [Seen { card: false, ..CARD }, Seen { nvidia: true, ..CARD }] {
            assert_eq!(flags(seen, |_| false), (vec![NO_SHARING], None));
        }
    }

    #[test]
    fn what_stayed_blank_once_is_drawn_without_the_card() {
        let both = vec![NO_SHARING, NO_CARD];
        let remembered = Seen { remembered: true, unfinished: true, ..CARD };
        assert_eq!(flags(remembered, |_| false), (both.clone(), Some(Why::Remembered)));
        assert_eq!(flags(Seen { unfinished: true, ..CARD }, |_| false), (both, Some(Why::Unfinished)));
    }

    #[test]
    fn what_the_person_has_set_stays() {
        let seen = Seen { card: false, ..CARD };
        assert_eq!(flags(seen, |flag| flag == NO_SHARING), (vec![], None));
        let seen = Seen { remembered: true, ..CARD };
        assert_eq!(flags(seen, |flag| flag == NO_SHARING).0, [NO_CARD]);
    }

    #[test]
    fn a_card_is_one_that_can_be_opened() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!has_card(&dir.path().join("nothing")) && !has_card(dir.path()));
        fs::write(dir.path().join("card0"), "").unwrap();
        assert!(!has_card(dir.path()));
        fs::write(dir.path().join("renderD128"), "").unwrap();
        assert!(has_card(dir.path()));
    }

    #[test]
    fn a_second_card_of_nvidia_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let card = |name: &str, vendor: &str, first: &str| {
            let device = dir.path().join("class/drm").join(name).join("device");
            fs::create_dir_all(&device).unwrap();
            fs::write(device.join("vendor"), vendor).unwrap();
            fs::write(device.join("boot_vga"), first).unwrap();
        };
        card("card1", "0x10de\n", "0\n");
        assert!(!draws_with_nvidia(dir.path()), "its driver is not loaded");
        fs::create_dir_all(dir.path().join("module/nvidia")).unwrap();
        assert!(draws_with_nvidia(dir.path()), "no other card is known");
        card("card0", "0x8086\n", "1\n");
        assert!(!draws_with_nvidia(dir.path()));
        card("card0", "0x10de\n", "1\n");
        assert!(draws_with_nvidia(dir.path()));
    }

    #[test]
    fn a_start_that_did_not_get_through_is_seen_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!was_unfinished(dir.path()));
        fs::write(dir.path().join(STARTING), "").unwrap();
        assert!(was_unfinished(dir.path()));
        begun(dir.path());
        assert!(!was_unfinished(dir.path()), "it is still on its way");
        // No process has this number: the system's largest is smaller.
        fs::write(dir.path().join(STARTING), "99999999").unwrap();
        assert!(was_unfinished(dir.path()));
        got_through(dir.path());
        assert!(!was_unfinished(dir.path()));
    }
}
