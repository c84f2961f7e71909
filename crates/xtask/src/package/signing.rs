//! What makes packages trusted, if the environment brings it: the key of updates, and the certificate of Windows.
//!
//! Updates are compiled into the desktop program only here. `docs/release.md` says where the values come from.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    bundles::Bundle,
    place::{Place, write},
    trouble,
};
use crate::shell::{Result, Stop};

/// The public key that updates are verified with, as `tauri signer generate` writes it.
const KEY: &str = "KITTIWAKE_UPDATE_KEY";
/// Where the list of releases is.
const ENDPOINT: &str = "KITTIWAKE_UPDATE_ENDPOINT";
/// The thumbprint of a certificate that Windows keeps.
const CERTIFICATE: &str = "KITTIWAKE_WINDOWS_CERTIFICATE";
/// Says when an installer was signed, so that it is good for longer than the certificate.
const TIMESTAMPS: &str = "http://timestamp.digicert.com";

/// What the bundler and the compiler are told.
#[derive(Debug)]
pub struct Signing {
    config: Value,
    updates: bool,
}

impl Signing {
    /// What the environment brings.
    pub fn from_environment(bundles: &[Bundle]) -> Result<Self> {
        let value = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
        Self::of(value(KEY), value(ENDPOINT), value(CERTIFICATE), bundles)
    }

    fn of(
        key: Option<String>,
        endpoint: Option<String>,
        certificate: Option<String>,
        bundles: &[Bundle],
    ) -> Result<Self> {
        let mut bundle = json!({});
        if let Some(thumbprint) = certificate {
            bundle["windows"] =
                json!({ "certificateThumbprint": thumbprint, "digestAlgorithm": "sha256", "timestampUrl": TIMESTAMPS });
        }
        let (key, endpoint) = match (key, endpoint) {
            (None, None) => return Ok(Self { config: json!({ "bundle": bundle }), updates: false }),
            (Some(key), Some(endpoint)) => (key, endpoint),
            _ => return Err(Stop::because(format!("updates need both {KEY} and {ENDPOINT}; give both or neither"))),
        };
        if !endpoint.starts_with("https://") {
            return Err(Stop::because(format!("{ENDPOINT} has to begin with https://")));
        }
        if let Some(other) = bundles.iter().find(|bundle| matches!(bundle, Bundle::Deb | Bundle::Rpm)) {
            return Err(Stop::because(format!(
                "a {other} is updated by the package manager: make it apart from the others, without {KEY}"
            )));
        }
        bundle["createUpdaterArtifacts"] = true.into();
        let updater = json!({ "pubkey": key.trim(), "endpoints": [endpoint.trim()], "requireSignedVersion": true });
        Ok(Self { config: json!({ "bundle": bundle, "plugins": { "updater": updater } }), updates: true })
    }

    /// Compiles the updater in, with its key and its address.
    pub fn compile(&self, cargo: &mut Command) {
        if self.updates {
            cargo.args(["--features", "kittiwake/updates"]).env("TAURI_CONFIG", self.config.to_string());
        }
    }

    /// What the bundler is told.
    pub fn bundle(&self, place: &Place, bundler: &mut Command) -> Result<()> {
        let config = place.stage().join("signing.json");
        write(&config, self.config.to_string())?;
        bundler.arg("--config").arg(config);
        Ok(())
    }

    /// What the bundler makes besides: a program of macOS is not replaced from a dmg but from an archive.
    pub fn also(&self, bundles: &[Bundle]) -> Option<&'static str> {
        (self.updates && bundles.contains(&Bundle::Dmg)).then_some("app")
    }

    /// Copies the signature of a package to where the package is, and for a dmg the archive that is signed in its place.
    pub fn keep(&self, place: &Place, bundle: Bundle, made: &Path, kept: &Path, version: &str) -> Result<Vec<PathBuf>> {
        if !self.updates {
            return Ok(Vec::new());
        }
        if bundle != Bundle::Dmg {
            return Ok(vec![copy(&beside(made, ".sig"), beside(kept, ".sig"))?]);
        }
        let archive = place.bundle("macos").join("Kittiwake.app.tar.gz");
        // The bundler's name for it is the same for every version and processor.
        let name = place.packages().join(format!("kittiwake_{version}_{}.app.tar.gz", env::consts::ARCH));
        let signature = copy(&beside(&archive, ".sig"), beside(&name, ".sig"))?;
        Ok(vec![copy(&archive, name)?, signature])
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn copy(from: &Path, to: PathBuf) -> Result<PathBuf> {
    fs::copy(from, &to).map_err(trouble(from))?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signing(key: Option<&str>, endpoint: Option<&str>, bundles: &[Bundle]) -> Result<Signing> {
        Signing::of(key.map(Into::into), endpoint.map(Into::into), None, bundles)
    }

    const LIST: Option<&str> = Some("https://releases.example/latest.json");

    #[test]
    fn without_a_key_nothing_is_compiled_in() {
        let mut cargo = Command::new("cargo");
        let signing = signing(None, None, &[Bundle::Deb]).unwrap();
        signing.compile(&mut cargo);
        assert_eq!((cargo.get_args().count(), cargo.get_envs().count()), (0, 0));
        assert_eq!(signing.config, json!({ "bundle": {} }));
    }

    #[test]
    fn with_a_key_updates_are_compiled_in_and_signed_with_their_version() {
        let mut cargo = Command::new("cargo");
        let signing = signing(Some("key\n"), LIST, &[Bundle::Dmg]).unwrap();
        signing.compile(&mut cargo);
        assert!(cargo.get_args().any(|arg| arg == "kittiwake/updates"));
        assert_eq!(signing.config["plugins"]["updater"]["pubkey"], "key");
        assert_eq!(signing.config["plugins"]["updater"]["requireSignedVersion"], true);
        assert_eq!(signing.config["bundle"]["createUpdaterArtifacts"], true);
        assert_eq!((signing.also(&[Bundle::Dmg]), signing.also(&[Bundle::Nsis])), (Some("app"), None));
    }

    #[test]
    fn half_of_it_an_open_road_and_a_package_of_the_system_are_refused() {
        let why = |key, endpoint, bundle| signing(key, endpoint, &[bundle]).unwrap_err().message;
        assert!(why(Some("key"), None, Bundle::AppImage).contains(ENDPOINT));
        assert!(why(None, LIST, Bundle::AppImage).contains(KEY));
        assert!(why(Some("key"), Some("http://releases.example/"), Bundle::AppImage).contains("https"));
        assert!(why(Some("key"), LIST, Bundle::Deb).contains("package manager"));
    }

    #[test]
    fn a_certificate_signs_with_and_without_updates() {
        let signing = Signing::of(None, None, Some("AB12".into()), &[Bundle::Msi]).unwrap();
        assert_eq!(signing.config["bundle"]["windows"]["certificateThumbprint"], "AB12");
    }

    #[test]
    fn a_signature_goes_with_its_package() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::at(dir.path());
        let made = dir.path().join("Kittiwake_1.2.3_amd64.AppImage");
        let kept = dir.path().join("kittiwake_1.2.3_amd64.AppImage");
        fs::write(beside(&made, ".sig"), "signature").unwrap();
        let signing = signing(Some("key"), LIST, &[Bundle::AppImage]).unwrap();
        let more = signing.keep(&place, Bundle::AppImage, &made, &kept, "1.2.3").unwrap();
        assert_eq!(more, [dir.path().join("kittiwake_1.2.3_amd64.AppImage.sig")]);
        assert_eq!(fs::read_to_string(&more[0]).unwrap(), "signature");
    }
}
