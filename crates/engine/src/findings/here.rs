//! This computer.

use model::Finding;

use super::About;
use crate::view::Whose;

/// What can be wrong there.
pub const ALL: &[About] = &[
    About {
        finding: Finding::KeychainAbsent,
        title: "No keychain on this computer",
        whose: Whose::Computer,
        cause: "Kittiwake keeps tokens and sessions in the keychain of the system, and there is none on this computer, or \
                none is running. So nothing secret can be kept from one start to the next.",
        remedy: "Install and start a keychain, such as GNOME Keyring or KWallet, and press “Test again”. Until then give the \
                 token once more and choose “Keep for this run only”: it stays in memory until Kittiwake is closed, and is \
                 never written into a file.",
        also: &["keychain missing", "keyring not installed", "secret service", "no kwallet", "dbus session bus"],
        ask: &[
            "What does “No keychain on this computer” mean?",
            "Why does Kittiwake say that there is no keychain on this computer?",
        ],
    },
    About {
        finding: Finding::KeychainLocked,
        title: "Keychain locked",
        whose: Whose::Computer,
        cause: "The keychain is there and locked, and nobody unlocked it when Kittiwake asked. What the connection needs from \
                it, such as its token, cannot be read as long as that is so.",
        remedy: "Unlock it: its own window asks for the password, mostly the one that you log in with, or open the system's \
                 program for passwords. Then press “Test again”. If it is locked after every start, give it the password of \
                 your account, so that logging in unlocks it.",
        also: &["keyring locked", "unlock keyring", "login keyring did not get unlocked"],
        ask: &["What does “Keychain locked” mean?", "How do I unlock the keychain?"],
    },
    About {
        finding: Finding::KeychainSlow,
        title: "Keychain slow to answer",
        whose: Whose::Computer,
        cause: "The keychain took longer than a second, or did not answer within three, after which Kittiwake goes on without \
                it. Mostly its own window waits for an answer behind other windows, or the program behind it hangs.",
        remedy: "Look for the keychain's window and answer it. If there is none, log out and in again, which starts the \
                 keychain anew, and press “Test again”. A token that you give meanwhile can be kept for this run only.",
        also: &["keyring hangs", "keychain timeout", "keychain did not answer in time", "prompt behind window"],
        ask: &["What does “Keychain slow to answer” mean?", "Why does the keychain take so long?"],
    },
    About {
        finding: Finding::FolderReadOnly,
        title: "Data folder cannot be written to",
        whose: Whose::Computer,
        cause: "The folder in which Kittiwake keeps settings and conversations belongs to another account, or lies on a disk \
                that is mounted read-only. What comes now is shown, and lost when Kittiwake is closed.",
        remedy: "Give your account the right to write to the folder that the test names, or mount its disk writable. \
                 Otherwise start Kittiwake with another folder: “--data-dir FOLDER”, or the variable KITTIWAKE_DATA_DIR. What \
                 the old folder holds stays there.",
        also: &["read-only folder", "permission denied", "read only file system", "owner mode rights"],
        ask: &["What does “Data folder cannot be written to” mean?", "What can I do about a read-only data folder?"],
    },
    About {
        finding: Finding::DiskFull,
        title: "Disk full, or nearly",
        whose: Whose::Computer,
        cause: "There is no room left on the disk of the data folder, or hardly any, or your share of it is used up. \
                Everything kept before is safe, but new messages and changed settings cannot be written.",
        remedy: "Delete what you do not need, empty the trash, and press “Test again”. What is on screen is kept as soon as \
                 there is room. If the disk stays small, start Kittiwake with a folder on another one, as in “--data-dir \
                 FOLDER”.",
        also: &["no space left on device", "disk space", "quota exceeded", "storage full", "free space"],
        ask: &["What does “Disk full, or nearly” mean?", "What happens when the disk is full?"],
    },
    About {
        finding: Finding::SlowerThanUsual,
        title: "Slower than usual",
        whose: Whose::Server,
        cause: "The answer began more than three times as late as this connection's usually do, or its words came that much \
                slower. The median of its last hundred turns, which are kept on this computer, is what it is compared with.",
        remedy: "Wait a little and test again. “How fast it answers”, in Settings → Connections, shows whether it was a bad \
                 moment or a bad day. If it stays slow, hand the copied report to whoever runs the server; meanwhile a route \
                 can ask another one.",
        also: &["slow answer today", "latency", "slower than its average", "speed dropped", "server busy overloaded"],
        ask: &["What does “Slower than usual” mean?", "Why is the server slower than it was?"],
    },
];
