//! System packages: which are missing, and how to get them.

use std::{
    collections::BTreeSet,
    env, fs,
    process::{Command, Stdio},
};

use crate::{
    progress::Progress,
    shell::{Result, Stop, do_it, output, told},
};

/// What is to be built or run, and so which packages are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The terminal program.
    Terminal,
    /// The desktop program.
    Desktop,
    /// The desktop program, and all of its tests.
    Tests,
    /// The desktop program, and packages of it that are checked.
    Packages,
}

/// Systems that differ in how packages are got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Debian,
    Fedora,
    Arch,
    Mac,
    Windows,
    Other,
}

const COMPILER: &[&str] = &["build-essential", "pkg-config"];
const DESKTOP: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "libssl-dev",
    "libxdo-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "file",
];
const TESTS: &[&str] = &[
    "xvfb",
    "dbus",
    "gnome-keyring",
    "webkit2gtk-driver",
    "imagemagick",
    "fonts-dejavu-core",
    "xdotool",
    "faketime",
    "chromium",
    "chromium-driver",
    "iproute2",
    "tinyproxy-bin",
    "nginx-light",
    "openssl",
    "python3",
    "python3-venv",
];

/// Beside what tests need: the installed program is driven by the same journeys.
const PACKAGES: &[&str] = &["debootstrap", "dpkg-dev", "gzip", "util-linux"];

impl Need {
    fn debian_packages(self) -> Vec<&'static str> {
        let more: &[&[&str]] = match self {
            Self::Terminal => &[],
            Self::Desktop => &[DESKTOP],
            Self::Tests => &[DESKTOP, TESTS],
            Self::Packages => &[DESKTOP, TESTS, PACKAGES],
        };
        [&[COMPILER], more].concat().concat()
    }
}

/// The family of this system.
pub fn family() -> Family {
    match env::consts::OS {
        "macos" => Family::Mac,
        "windows" => Family::Windows,
        "linux" => family_of(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
        _ => Family::Other,
    }
}

fn family_of(os_release: &str) -> Family {
    let ids: Vec<String> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let is = |names: &[&str]| ids.iter().any(|id| names.contains(&id.as_str()));
    if is(&["debian", "ubuntu"]) {
        Family::Debian
    } else if is(&["fedora", "rhel", "centos"]) {
        Family::Fedora
    } else if is(&["arch"]) {
        Family::Arch
    } else {
        Family::Other
    }
}

/// Sees to the packages: installs those that are missing, or says how to.
pub fn ensure(progress: &mut Progress, need: Need, install: bool) -> Result<()> {
    if family() != Family::Debian {
        let advice = advice(family(), need);
        progress.passed("System packages", &format!("not checked here. If the build fails, install:\n\n{advice}\n"));
        return Ok(());
    }
    let missing = missing(need);
    if missing.is_empty() {
        progress.passed("System packages", "all there");
        return Ok(());
    }
    let [mut update, mut install_them] = apt(&missing);
    let command = format!("{} && {}", told(&update), told(&install_them));
    if !install {
        return Err(Stop::because(format!(
            "These system packages are missing: {}.\nInstall them with:\n\n    {command}\n",
            missing.join(", ")
        )));
    }
    eprintln!("These system packages are missing: {}.\nRunning: {command}", missing.join(", "));
    progress.step("Installing system packages", || {
        // A mirror that cannot be asked must not stop packages that the lists know already.
        do_it(&mut update).or_else(|stop| {
            eprintln!("{}; going on with the package lists that are here", stop.message);
            Ok(())
        })?;
        do_it(&mut install_them)
    })
}

/// The packages of Debian and Ubuntu that are not installed.
fn missing(need: Need) -> Vec<&'static str> {
    let wanted = need.debian_packages();
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"]).args(&wanted);
    // It fails when it does not know one of the names, and still tells about the others.
    let told = query.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let installed = installed(&told);
    wanted.into_iter().filter(|name| !installed.contains(*name) && !is_there_otherwise(name)).collect()
}

fn installed(told: &str) -> BTreeSet<&str> {
    told.lines().filter_map(|line| line.strip_suffix(" installed")).collect()
}

/// Python is often there without its package.
fn is_there_otherwise(package: &str) -> bool {
    let python = |code: &str| output(Command::new("python3").args(["-c", code])).is_some();
    match package {
        "python3" => python(""),
        "python3-venv" => python("import venv, ensurepip"),
        _ => false,
    }
}

/// The two commands that install packages.
fn apt(packages: &[&str]) -> [Command; 2] {
    let apt_get = || {
        let mut command = if is_root() { Command::new("env") } else { Command::new("sudo") };
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).stdin(Stdio::null());
        command
    };
    let mut update = apt_get();
    update.args(["update", "-q"]);
    let mut install = apt_get();
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    [update, install]
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// What to install on systems whose packages are not looked at.
fn advice(family: Family, need: Need) -> &'static str {
    let desktop = need != Need::Terminal;
    match family {
        Family::Fedora if desktop => {
            "    sudo dnf group install c-development\n    sudo dnf install webkit2gtk4.1-devel gtk3-devel openssl-devel \
             libxdo-devel libappindicator-gtk3-devel librsvg2-devel"
        }
        Family::Fedora => "    sudo dnf group install c-development",
        Family::Arch if desktop => {
            "    sudo pacman -S --needed base-devel webkit2gtk-4.1 gtk3 openssl xdotool libappindicator-gtk3 librsvg"
        }
        Family::Arch => "    sudo pacman -S --needed base-devel",
        Family::Mac => "    xcode-select --install\n    brew install node",
        Family::Windows => {
            "    winget install Microsoft.VisualStudio.2022.BuildTools   (with \"Desktop development with C++\")\n    \
             winget install Microsoft.EdgeWebView2Runtime OpenJS.NodeJS.LTS"
        }
        Family::Debian | Family::Other => {
            "    a C compiler, pkg-config, and the development files of WebKitGTK 4.1 and GTK 3"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_their_relatives() {
        assert_eq!(family_of("NAME=\"Debian\"\nID=debian\n"), Family::Debian);
        assert_eq!(family_of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Family::Debian);
        assert_eq!(family_of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Family::Fedora);
        assert_eq!(family_of("ID=arch\n"), Family::Arch);
        assert_eq!(family_of("ID=nixos\n"), Family::Other);
    }

    #[test]
    fn only_installed_packages_count() {
        let told = "xvfb installed\nfile config-files\ndbus installed\n";
        assert_eq!(installed(told).into_iter().collect::<Vec<_>>(), ["dbus", "xvfb"]);
    }

    #[test]
    fn the_terminal_needs_no_web_view() {
        assert!(!Need::Terminal.debian_packages().iter().any(|name| name.contains("webkit")));
        assert!(Need::Desktop.debian_packages().contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!Need::Desktop.debian_packages().contains(&"xvfb") && Need::Tests.debian_packages().contains(&"xvfb"));
    }

    #[test]
    fn packages_are_installed_without_questions() {
        let [_, install] = apt(&["xvfb"]);
        assert!(told(&install).ends_with("apt-get install -y -q --no-install-recommends xvfb"));
    }
}
