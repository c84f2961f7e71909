//! A small system of this machine's own release in a folder.
//!
//! Programs in it run in a mount namespace of their own. What is mounted there is gone with the last of them, whatever
//! happens to this program.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{inside, made};
use crate::{
    package::{
        place::{Place, emptied, read, write},
        quietly, trouble,
    },
    progress::Progress,
    shell::{Result, Stop, output},
};

/// The home of the person in the root.
const HOME: &str = "/root";

/// Their folder of Kittiwake.
const DATA: &str = ".local/share/app.kittiwake.desktop";

/// Enters the root. What is asked for there finds devices, the processes, the display and the tests' home.
const ENTER: &str = r#"#!/bin/sh
set -e
mount --rbind /dev "@ROOT@/dev"
mount -t proc proc "@ROOT@/proc"
mount --bind "@ARCHIVES@" "@ROOT@/var/cache/apt/archives"
mkdir -p /tmp/.X11-unix "@ROOT@/tmp/.X11-unix" "@ROOT@@HOME@"
mount --bind /tmp/.X11-unix "@ROOT@/tmp/.X11-unix"
mount --bind "@HOME@" "@ROOT@@HOME@"
exec chroot "@ROOT@" "$@"
"#;

/// What a WebDriver starts: the window of the installed program. It notes each start, so that nobody has to believe it.
const WINDOW: &str = "#!/bin/sh\necho started >> \"@STARTS@\"\nexec unshare --mount --propagation private \"@ENTER@\" /usr/bin/kittiwake \"$@\"\n";

pub struct CleanRoot {
    dir: PathBuf,
    enter: PathBuf,
    window: PathBuf,
}

impl CleanRoot {
    /// A copy of the base, which is made once. `home` is there too, under its own path.
    pub fn new(progress: &mut Progress, place: &Place, home: &Path) -> Result<Self> {
        let folder = place.check();
        let archive = Archive::of_this_machine()?;
        let base = folder.join(format!("base-{}", archive.suite));
        if base.join("etc/debian_version").is_file() {
            progress.passed("Clean root", "its base is there");
        } else {
            let what = format!("Making the base of a clean root ({})", archive.suite);
            progress.step(&what, || archive.bootstrap(&base))?;
        }
        let root = Self { dir: folder.join("root"), enter: folder.join("enter"), window: folder.join("kittiwake") };
        root.make(&base, &folder, home, &archive)?;
        Ok(root)
    }

    fn make(&self, base: &Path, folder: &Path, home: &Path, archive: &Archive) -> Result<()> {
        if self.dir.exists() {
            fs::remove_dir_all(&self.dir).map_err(trouble(&self.dir))?;
        }
        quietly(Command::new("cp").args(["--archive", "--reflink=auto"]).args([base, &self.dir]))?;
        let archives = folder.join("archives");
        made(&archives.join("partial"))?;
        let script = ENTER.replace("@ROOT@", &self.dir.to_string_lossy()).replace("@HOME@", &home.to_string_lossy());
        executable(&self.enter, &script.replace("@ARCHIVES@", &archives.to_string_lossy()))?;
        write(&self.starts(), "")?;
        let window = WINDOW.replace("@STARTS@", &self.starts().to_string_lossy());
        executable(&self.window, &window.replace("@ENTER@", &self.enter.to_string_lossy()))?;
        archive.hand_over(&self.dir)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A program that opens the window of the installed one.
    pub fn window(&self) -> &Path {
        &self.window
    }

    /// How often that was done.
    pub fn started(&self) -> Result<usize> {
        Ok(read(&self.starts())?.lines().count())
    }

    fn starts(&self) -> PathBuf {
        self.window.with_extension("starts")
    }

    /// A program of the root, in it, for a person who has nothing but the system.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private"]).arg(&self.enter).args(words);
        let proxies = env::vars_os().filter(|(name, _)| name.to_string_lossy().to_lowercase().ends_with("_proxy"));
        command.env_clear().envs(proxies).envs([
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("HOME", HOME),
            ("LC_ALL", "C.UTF-8"),
            ("DEBIAN_FRONTEND", "noninteractive"),
        ]);
        command
    }

    /// Installs a package with what it depends on, and nothing that it only recommends.
    pub fn install(&self, deb: &Path) -> Result<()> {
        fs::copy(deb, inside(&self.dir, "/kittiwake.deb")).map_err(trouble(deb))?;
        quietly(&mut self.command(&["apt-get", "update", "-q"]))?;
        let install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "/kittiwake.deb"];
        quietly(&mut self.command(&install)).map(drop)
    }

    /// Removes it again.
    pub fn remove(&self) -> Result<()> {
        quietly(&mut self.command(&["apt-get", "remove", "-y", "-q", "kittiwake"])).map(drop)
    }

    /// Removes what a removal leaves: the files that administrators may change.
    pub fn purge(&self) -> Result<()> {
        quietly(&mut self.command(&["dpkg", "--purge", "kittiwake"])).map(drop)
    }

    /// The files of the person's data, by name, with what is in them.
    pub fn data(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let folder = inside(&self.dir, HOME).join(DATA);
        let entries = fs::read_dir(&folder).map_err(trouble(&folder))?.flatten().filter(|entry| entry.path().is_file());
        let read = entries.map(|entry| {
            let bytes = fs::read(entry.path()).map_err(trouble(&folder))?;
            Ok((entry.file_name().to_string_lossy().into_owned(), bytes))
        });
        let files: BTreeMap<_, _> = read.collect::<Result<_>>()?;
        if files.is_empty() { Err(Stop::because("the program kept no data")) } else { Ok(files) }
    }
}

/// Where the packages of this machine's release come from, as its apt knows it.
struct Archive {
    suite: String,
    /// Address, suite and component of each part: the release itself first, then updates.
    parts: Vec<[String; 3]>,
}

impl Archive {
    fn of_this_machine() -> Result<Self> {
        let release = read(Path::new("/etc/os-release"))?;
        let format = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)";
        let told = output(Command::new("apt-get").args(["indextargets", "--format", format, "Created-By: Packages"]));
        Self::among(&told.unwrap_or_default(), &release)
            .ok_or_else(|| Stop::because("apt knows no archive of this system's release: `apt-get update` may help"))
    }

    fn among(told: &str, os_release: &str) -> Option<Self> {
        let value = |key: &str| {
            let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.map(|value| value.trim_matches('"').to_owned())
        };
        let (system, suite) = (value("ID")?, value("VERSION_CODENAME")?);
        let mut parts: Vec<[String; 3]> = told
            .lines()
            .filter_map(|line| line.split_once('|'))
            .filter(|(origin, _)| origin.eq_ignore_ascii_case(&system))
            .filter_map(|(_, part)| part.split('|').map(str::to_owned).collect::<Vec<_>>().try_into().ok())
            .filter(|[_, of, _]: &[String; 3]| *of == suite || of.starts_with(&format!("{suite}-")))
            .collect();
        parts.sort_by_key(|[_, of, _]| *of != suite);
        (parts.first()?[1] == suite).then_some(Self { suite, parts })
    }

    /// The smallest system that has apt.
    fn bootstrap(&self, base: &Path) -> Result<()> {
        // Under another name until it is whole.
        let unfinished = base.with_extension("unfinished");
        emptied(&unfinished)?;
        let mut debootstrap = Command::new("debootstrap");
        debootstrap.args(["--variant=minbase", &self.suite]).arg(&unfinished).arg(&self.parts[0][0]);
        for (name, value) in proxies() {
            debootstrap.env(name, value);
        }
        quietly(&mut debootstrap)?;
        fs::rename(&unfinished, base).map_err(trouble(base))
    }

    /// Lets apt in the root ask the same archive in the same way.
    fn hand_over(&self, root: &Path) -> Result<()> {
        let lines = self.parts.iter().map(|[address, suite, component]| format!("deb {address} {suite} {component}\n"));
        write(&inside(root, "/etc/apt/sources.list"), lines.collect::<String>())?;
        let settings = output(Command::new("apt-config").args(["dump", "Acquire"])).unwrap_or_default();
        let ways = settings.lines().filter(|line| line.to_lowercase().contains("proxy") || line.contains("::https::"));
        write(&inside(root, "/etc/apt/apt.conf.d/90host"), ways.map(|line| format!("{line}\n")).collect::<String>())?;
        // Nothing starts by itself in there.
        executable(&inside(root, "/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n")?;
        for folder in
            ["/usr/share/keyrings", "/etc/apt/keyrings", "/etc/apt/trusted.gpg.d", "/usr/local/share/ca-certificates"]
        {
            if Path::new(folder).is_dir() {
                made(&inside(root, folder))?;
                quietly(
                    Command::new("cp")
                        .args(["--archive", "--no-clobber", &format!("{folder}/.")])
                        .arg(inside(root, folder)),
                )?;
            }
        }
        for file in ["/etc/resolv.conf", "/etc/hosts"] {
            // Without a network of names there is nothing to hand over.
            let _ = fs::copy(file, inside(root, file));
        }
        Ok(())
    }
}

/// The proxies that apt uses, for what does not read its settings.
fn proxies() -> Vec<(&'static str, String)> {
    let ask = |name: &'static str, key: &str| {
        let told = output(Command::new("apt-config").args(["shell", "WAY", key]))?;
        let way = told.trim().strip_prefix("WAY='")?.strip_suffix('\'')?.to_owned();
        env::var_os(name).is_none().then_some((name, way))
    };
    [ask("http_proxy", "Acquire::http::Proxy"), ask("https_proxy", "Acquire::https::Proxy")]
        .into_iter()
        .flatten()
        .collect()
}

fn executable(file: &Path, text: &str) -> Result<()> {
    write(file, text)?;
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).map_err(trouble(file))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "ID=debian\nVERSION_CODENAME=bookworm\n";

    #[test]
    fn the_archive_of_the_release_comes_first_and_others_not_at_all() {
        let told = "Debian|http://a.example/security/|bookworm-security|main\n\
                    Debian|http://a.example/|bookworm|main\nDebian|http://a.example/|trixie|main\n\
                    Node|http://b.example/|bookworm|main\n";
        let archive = Archive::among(told, DEBIAN).unwrap();
        assert_eq!(archive.suite, "bookworm");
        let parts: Vec<_> = archive.parts.iter().map(|part| part.join(" ")).collect();
        assert_eq!(parts, ["http://a.example/ bookworm main", "http://a.example/security/ bookworm-security main"]);
    }

    #[test]
    fn a_machine_without_its_archive_is_told_from_one_with_it() {
        assert!(Archive::among("Node|http://b.example/|bookworm|main\n", DEBIAN).is_none());
        assert!(Archive::among("Debian|http://a.example/|bookworm-updates|main\n", DEBIAN).is_none());
        assert!(Archive::among("", "ID=debian\n").is_none());
    }
}
