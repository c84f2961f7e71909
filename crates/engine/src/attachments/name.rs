//! The names of files, as servers are told them: a name that somebody else gave to a file is not to be trusted.

/// The longest name, in bytes: what file systems take.
const LONGEST: usize = 255;

/// Names of devices on Windows, whatever stands behind a dot.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// A name without a path, and without anything that is not seen or seen elsewhere than it stands.
pub fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|char| !is_hidden(*char)).collect();
    // Windows drops what stands at the end, so two names could mean the same file.
    let bare = seen.trim().trim_end_matches(['.', ' ']);
    let name = match bare {
        "" => "file".to_owned(),
        bare if is_reserved(bare) => format!("_{bare}"),
        bare => bare.to_owned(),
    };
    shortened(name)
}

/// Control characters, and those that turn the direction of what follows, or have no width.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let port = |kind: &str| {
        stem.strip_prefix(kind).is_some_and(|rest| matches!(rest.as_bytes(), [digit] if digit.is_ascii_digit()))
    };
    RESERVED.contains(&stem.as_str()) || port("com") || port("lpt")
}

/// The same, short enough; the end of the name says what it is, and stays.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let end = name.rsplit_once('.').map(|(_, end)| end).filter(|end| end.len() <= 16);
    let end = end.map(|end| format!(".{end}")).unwrap_or_default();
    let stem = &name[..name.floor_char_boundary(LONGEST - end.len())];
    format!("{stem}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_nothing_of_where_the_file_is() {
        for (given, told) in [
            ("a.txt", "a.txt"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\Users\\ann\\a b.pdf", "a b.pdf"),
            ("..", "file"),
            ("", "file"),
            ("dir/", "file"),
            (" . ", "file"),
        ] {
            assert_eq!(cleaned(given), told, "{given}");
        }
    }

    #[test]
    fn a_name_is_what_is_seen() {
        assert_eq!(cleaned("in\u{202e}fdp.exe"), "infdp.exe");
        assert_eq!(cleaned("a\nb\0c\u{7f}\u{2066}.txt\r\n"), "abc.txt");
        assert_eq!(cleaned("a.exe. . "), "a.exe");
        assert_eq!(cleaned("mañana – 明日.txt"), "mañana – 明日.txt");
    }

    #[test]
    fn a_name_means_no_device() {
        for device in ["NUL", "con.txt", "Com1", "lpt9.log"] {
            assert_eq!(cleaned(device), format!("_{device}"));
        }
        for name in ["console.txt", "com10", "common.log", "nullable.rs"] {
            assert_eq!(cleaned(name), name);
        }
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        let name = cleaned(&format!("{}.pdf", "ü".repeat(300)));
        assert!(name.len() <= LONGEST && name.ends_with("ü.pdf"), "{name}");
        assert_eq!(cleaned(&format!("a.{}", "b".repeat(400))).len(), LONGEST);
    }
}
