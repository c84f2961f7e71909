//! Updates from a server on this machine, signed with `tauri signer` and a key that was thrown away afterwards.

use std::{collections::HashMap, path::PathBuf};

use engine::EngineConfig;
use serde_json::{Value, json};
use tauri::{
    App,
    test::{MockRuntime, mock_builder, mock_context, noop_assets},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

const KEY: &str = include_str!("testdata/key.pub");
/// Signatures of [`package`]: for version 9.9.0, for 0.0.9, for no version, and with somebody else's key.
const FOR_9_9_0: &str = include_str!("testdata/9.9.0.sig");
const FOR_0_0_9: &str = include_str!("testdata/0.0.9.sig");
const UNVERSIONED: &str = include_str!("testdata/unversioned.sig");
const STRANGER: &str = include_str!("testdata/stranger.sig");
/// The version that is running.
const RUNNING: Version = Version::new(1, 2, 3);

/// What the signatures are of: as much of an AppImage as the installer looks at.
fn package() -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01\x00AI\x02".to_vec();
    bytes.resize(64, 0);
    bytes.extend_from_slice(b"Kittiwake 9.9.0, as the tests publish it\n");
    bytes
}

/// A program that is installed as an AppImage, and a server of releases.
struct Installed {
    app: App<MockRuntime>,
    engine: Engine,
    image: PathBuf,
    _dir: tempfile::TempDir,
}

impl Installed {
    /// The server offers one release: a version, its package, and the signature of it.
    async fn offered(version: &str, package: Vec<u8>, signature: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let of = json!({ "url": format!("{origin}/package"), "signature": signature });
        let platforms: HashMap<_, _> = ["linux", "darwin", "windows"]
            .iter()
            .flat_map(|os| ["x86_64", "aarch64"].map(|arch| (format!("{os}-{arch}"), of.clone())))
            .collect();
        let list = json!({ "version": version, "notes": "Better.", "platforms": platforms });
        tokio::spawn(serve(listener, list, package));
        Self::asking(&format!("{origin}/latest.json")).await
    }

    async fn asking(address: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let image = dir.path().join("kittiwake.AppImage");
        std::fs::write(&image, "the old one").unwrap();
        let mut context = mock_context(noop_assets());
        context.package_info_mut().version = RUNNING;
        context.config_mut().plugins.0.insert(PLUGIN.into(), json!({ "pubkey": KEY.trim(), "endpoints": [address] }));
        let app = plug(mock_builder(), &context).build(context).unwrap();
        let engine = Engine::open(EngineConfig::new(dir.path().join("data"))).await.unwrap();
        Self { app, engine, image, _dir: dir }
    }

    async fn look(&self) -> Result<Option<Update>, Failure> {
        let builder = self.app.updater_builder().executable_path(&self.image);
        look(self.app.handle(), builder, &self.engine).await
    }

    /// Why the release that is found is not taken.
    async fn refused(&self) -> String {
        let update = self.look().await.unwrap().expect("a newer version is found");
        let failure = fetch(&update, &self.engine).await.unwrap_err();
        assert!(failure.message.contains("Nothing has changed"), "{failure:?}");
        failure.detail.unwrap_or_default()
    }
}

async fn serve(listener: TcpListener, list: Value, package: Vec<u8>) {
    loop {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        let body = if head.starts_with(b"GET /latest.json ") { list.to_string().into_bytes() } else { package.clone() };
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        socket.write_all(answer.as_bytes()).await.unwrap();
        socket.write_all(&body).await.unwrap();
        socket.shutdown().await.unwrap();
    }
}

#[tokio::test]
async fn a_newer_version_with_the_right_signature_is_installed() {
    let installed = Installed::offered("9.9.0", package(), FOR_9_9_0).await;
    let update = installed.look().await.unwrap().unwrap();
    assert_eq!((update.version.as_str(), update.body.as_deref()), ("9.9.0", Some("Better.")));
    let bytes = fetch(&update, &installed.engine).await.unwrap();
    assert_eq!(bytes, package());
    #[cfg(target_os = "linux")]
    {
        update.install(&bytes).unwrap();
        assert_eq!(std::fs::read(&installed.image).unwrap(), package(), "the new one is in the place of the old");
    }
}

#[tokio::test]
async fn one_changed_byte_is_refused_and_nothing_is_replaced() {
    let mut changed = package();
    changed[70] ^= 1;
    let installed = Installed::offered("9.9.0", changed.clone(), FOR_9_9_0).await;
    installed.refused().await;
    let update = installed.look().await.unwrap().unwrap();
    assert!(update.install(&changed).is_err(), "the installer looks again");
    assert_eq!(std::fs::read(&installed.image).unwrap(), b"the old one");
}

#[tokio::test]
async fn the_signature_of_somebody_else_is_refused() {
    Installed::offered("9.9.0", package(), STRANGER).await.refused().await;
}

#[tokio::test]
async fn an_old_release_under_a_new_number_is_refused() {
    let why = Installed::offered("9.9.0", package(), FOR_0_0_9).await.refused().await;
    assert!(why.contains("0.0.9"), "{why}");
    Installed::offered("9.9.0", package(), UNVERSIONED).await.refused().await;
}

#[tokio::test]
async fn a_lower_or_equal_version_is_no_update_however_well_signed() {
    for version in ["0.0.9", "1.2.3", "1.2.3+later", "1.2.3-rc.1", "2.0.0-rc.1"] {
        let installed = Installed::offered(version, package(), FOR_0_0_9).await;
        assert!(installed.look().await.unwrap().is_none(), "{version}");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_had_or_read_is_said() {
    let failure = |address: &str| {
        let address = address.to_owned();
        async move { Installed::asking(&address).await.look().await.err().unwrap().code }
    };
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(failure(&format!("http://{closed}/latest.json")).await, FailureCode::Unreachable);
    assert_eq!(failure("http://releases.example/latest.json").await, FailureCode::BadAddress, "not without https");
    let installed = Installed::offered("newest", package(), FOR_9_9_0).await;
    assert_eq!(installed.look().await.err().unwrap().code, FailureCode::ServerError);
}

#[test]
fn only_a_newer_version_replaces_another() {
    let newer = |current: &str, offered: &str| is_newer(&current.parse().unwrap(), &offered.parse().unwrap());
    for (current, offered) in [
        ("0.1.0", "0.1.1"),
        ("0.9.0", "0.10.0"),
        ("1.0.0-rc.1", "1.0.0-rc.2"),
        ("1.0.0-rc.2", "1.0.0-rc.10"),
        ("1.0.0-rc.2", "1.0.0"),
        ("1.0.0-rc.2", "1.1.0-alpha"),
    ] {
        assert!(newer(current, offered), "{current} to {offered}");
        assert!(!newer(offered, current), "never back from {offered} to {current}");
    }
    for (current, offered) in [
        ("1.0.0", "1.0.0"),
        ("1.0.0+1", "1.0.0+2"),
        ("1.0.0", "1.0.0-rc.9"),
        ("1.0.0", "1.1.0-beta.1"),
        ("1.0.0", "2.0.0-rc.1"),
    ] {
        assert!(!newer(current, offered), "{current} to {offered}");
    }
}

#[test]
fn what_a_package_manager_installed_is_left_to_it() {
    assert!(replaces_itself(Some(BundleType::AppImage)) && replaces_itself(Some(BundleType::Nsis)));
    for left in [None, Some(BundleType::Deb), Some(BundleType::Rpm)] {
        assert!(!replaces_itself(left.clone()), "{left:?}");
    }
}

#[test]
fn a_build_that_names_no_list_has_no_plugin() {
    let context = mock_context(noop_assets());
    let app = plug(mock_builder(), &context).build(context).unwrap();
    assert!(list_of_releases(app.handle()).is_none());
}
