//! Which packages are made on this system, and the bundler that makes them.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::Command,
    str::FromStr,
};

use super::{
    extras::Extras,
    is_linux,
    place::{Place, emptied},
    policy::Policy,
    quietly,
    signing::Signing,
    tauri, trouble,
};
use crate::{
    shell::{Result, Stop, output},
    system::{self, Family},
};

/// A kind of package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    Deb,
    Rpm,
    AppImage,
    Dmg,
    Msi,
    Nsis,
}

const ALL: [Bundle; 6] = [Bundle::Deb, Bundle::Rpm, Bundle::AppImage, Bundle::Dmg, Bundle::Msi, Bundle::Nsis];

impl Bundle {
    /// What the bundler calls it, and the folder that it puts it in.
    fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::AppImage => "appimage",
            Self::Dmg => "dmg",
            Self::Msi => "msi",
            Self::Nsis => "nsis",
        }
    }

    /// How the name of the file ends.
    fn ending(self) -> &'static str {
        match self {
            Self::AppImage => "AppImage",
            Self::Nsis => "exe",
            other => other.name(),
        }
    }

    /// Whether it can put a file where the whole computer finds it. The others are copied into place by the person, or
    /// installed for them alone.
    pub fn carries_a_policy(self) -> bool {
        matches!(self, Self::Deb | Self::Rpm | Self::Msi)
    }

    fn is_made_here(self) -> bool {
        match self {
            Self::Deb | Self::Rpm | Self::AppImage => is_linux(),
            Self::Dmg => system::family() == Family::Mac,
            Self::Msi | Self::Nsis => system::family() == Family::Windows,
        }
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

impl FromStr for Bundle {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        let bundle = ALL.into_iter().find(|bundle| bundle.name() == name);
        bundle.ok_or_else(|| format!("one of {}", told(&ALL)))
    }
}

/// Names with commas in between.
pub fn told(bundles: &[Bundle]) -> String {
    bundles.iter().map(Bundle::to_string).collect::<Vec<_>>().join(", ")
}

/// Those that were asked for, or else those that can be made here as it is.
pub fn choose(wanted: Option<&[Bundle]>) -> Result<Vec<Bundle>> {
    let Some(wanted) = wanted else {
        let mut bundles: Vec<_> = ALL.into_iter().filter(|bundle| bundle.is_made_here()).collect();
        if is_linux() && !has_appimage_tools() {
            bundles.retain(|bundle| *bundle != Bundle::AppImage);
            eprintln!(
                "The AppImage is left out: the tools that make it (linuxdeploy and its parts) are not here. \
                 `cargo xtask package --bundles appimage` downloads them from GitHub."
            );
        }
        return Ok(bundles);
    };
    match wanted.iter().find(|bundle| !bundle.is_made_here()) {
        Some(other) => {
            Err(Stop::because(format!("{other} cannot be made on {}: it needs its own system", env::consts::OS)))
        }
        None => Ok(wanted.to_vec()),
    }
}

/// Where the bundler keeps what it has downloaded.
fn has_appimage_tools() -> bool {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cache")));
    cache.is_some_and(|cache| cache.join(format!("tauri/linuxdeploy-{}.AppImage", env::consts::ARCH)).is_file())
}

/// Makes them, and gives the files.
pub fn make(
    place: &Place,
    bundles: &[Bundle],
    extras: &Extras,
    signing: &Signing,
    policy: Option<&Policy>,
    version: &str,
) -> Result<Vec<PathBuf>> {
    for bundle in bundles {
        emptied(&place.bundle(bundle.name()))?;
    }
    let names = bundles.iter().map(|bundle| bundle.name()).chain(signing.also(bundles)).collect::<Vec<_>>().join(",");
    let mut bundler = tauri(&["bundle", "--ci", "--bundles", &names, "--config"]);
    bundler.arg(&extras.config);
    signing.bundle(place, &mut bundler)?;
    quietly(&mut bundler)?;
    emptied(&place.packages())?;
    let mut kept = Vec::new();
    for bundle in bundles {
        kept.extend(keep(place, *bundle, signing, policy, version)?);
    }
    Ok(kept)
}

/// Copies a package to where all of them are, in small letters, as packages of Linux are called.
fn keep(
    place: &Place,
    bundle: Bundle,
    signing: &Signing,
    policy: Option<&Policy>,
    version: &str,
) -> Result<Vec<PathBuf>> {
    let folder = place.bundle(bundle.name());
    let made = fs::read_dir(&folder).map_err(trouble(&folder))?.flatten().map(|entry| entry.path());
    let made = made.into_iter().find(|path| is_package(path, bundle, version));
    let made = made.ok_or_else(|| Stop::because(format!("the bundler left no {bundle} in {}", folder.display())))?;
    let name = made.file_name().unwrap_or_default().to_string_lossy().replace("Kittiwake", "kittiwake");
    let kept = place.packages().join(if policy.is_some() { Policy::named(&name) } else { name });
    if bundle == Bundle::Deb && output(Command::new("dpkg-deb").arg("--version")).is_some() {
        packed_again(&place.stage().join("deb"), &made, policy, &kept)?;
    } else if bundle == Bundle::Deb && policy.is_some() {
        return Err(Stop::because("a policy is put into a deb with dpkg-deb, which is not here"));
    } else {
        fs::copy(&made, &kept).map_err(trouble(&made))?;
    }
    let mut all = signing.keep(place, bundle, &made, &kept, version)?;
    all.insert(0, kept);
    Ok(all)
}

/// The same deb with the policy in it, if there is one, and its content compressed with xz: a quarter smaller than the
/// bundler's gzip.
fn packed_again(content: &Path, made: &Path, policy: Option<&Policy>, kept: &Path) -> Result<()> {
    quietly(Command::new("dpkg-deb").arg("--raw-extract").args([made, content]))?;
    policy.map_or(Ok(()), |policy| policy.put_into(content))?;
    quietly(Command::new("dpkg-deb").args(["--root-owner-group", "-Zxz", "-z9", "--build"]).args([content, kept]))
        .map(drop)
}

fn is_package(path: &Path, bundle: Bundle, version: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(&format!(".{}", bundle.ending())) && name.contains(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::place;

    #[test]
    fn names_are_read_as_they_are_told() {
        for bundle in ALL {
            assert_eq!(bundle.to_string().parse::<Bundle>().unwrap(), bundle);
        }
        assert_eq!("zip".parse::<Bundle>().unwrap_err(), "one of deb, rpm, appimage, dmg, msi, nsis");
    }

    #[test]
    fn a_package_of_another_system_is_refused() {
        let other = if cfg!(target_os = "windows") { Bundle::Deb } else { Bundle::Msi };
        assert!(choose(Some(&[other])).unwrap_err().message.contains("cannot be made"));
        let own = choose(None).unwrap();
        assert!(!own.is_empty() && own.iter().all(|bundle| bundle.is_made_here()));
    }

    #[test]
    fn a_deb_is_packed_again_with_a_policy_that_root_owns() {
        if output(Command::new("dpkg-deb").arg("--version")).is_none() {
            eprintln!("left out: dpkg-deb is not here");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let control =
            "Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: tiny\n";
        place::write(&at("tiny/DEBIAN/control"), control).unwrap();
        place::write(&at("tiny/usr/share/tiny"), "tiny").unwrap();
        quietly(Command::new("dpkg-deb").arg("--build").args([at("tiny"), at("tiny.deb")])).unwrap();
        fs::write(at("policy.json"), "{ \"version\": 1 } // one").unwrap();
        let policy = Policy::read(&at("policy.json")).unwrap();
        packed_again(&at("content"), &at("tiny.deb"), Some(&policy), &at("managed.deb")).unwrap();

        let lines = quietly(Command::new("dpkg-deb").arg("--contents").arg(at("managed.deb"))).unwrap();
        let line = |name: &str| lines.iter().find(|line| line.ends_with(name)).unwrap_or_else(|| panic!("{lines:?}"));
        assert!(line("./etc/kittiwake/policy.json").starts_with("-rw-r--r-- root/root"), "{lines:?}");
        assert!(line("./etc/kittiwake/").starts_with("drwxr-xr-x root/root"), "{lines:?}");
        line("./usr/share/tiny");
        let conffiles =
            quietly(Command::new("dpkg-deb").arg("--info").arg(at("managed.deb")).arg("conffiles")).unwrap();
        assert_eq!(conffiles, ["/etc/kittiwake/policy.json"]);
        quietly(Command::new("dpkg-deb").arg("--raw-extract").args([at("managed.deb"), at("back")])).unwrap();
        assert_eq!(fs::read_to_string(at("back/etc/kittiwake/policy.json")).unwrap(), policy.text());
    }

    #[test]
    fn what_was_made_is_told_from_what_lies_beside_it() {
        let is = |name: &str, bundle| is_package(Path::new(name), bundle, "1.2.3");
        assert!(is("x/Kittiwake_1.2.3_amd64.deb", Bundle::Deb));
        assert!(is("x/Kittiwake_1.2.3_x64-setup.exe", Bundle::Nsis));
        assert!(!is("x/Kittiwake_1.2.3_amd64", Bundle::Deb) && !is("x/Kittiwake_1.2.4_amd64.deb", Bundle::Deb));
    }
}
