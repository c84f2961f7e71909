//! Updates that are signed, and never to an older version.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use engine::{
    Engine,
    view::{NewVersion, Updates},
};
use model::{Failure, FailureCode, UpdateCheck};
use semver::Version;
use tauri::{
    AppHandle, Builder, Context, Manager, Runtime, Wry, async_runtime,
    utils::{config::BundleType, platform::bundle_type},
};
use tauri_plugin_updater::{Error, Update, UpdaterBuilder, UpdaterExt};
use url::Url;

/// The largest list of releases, in bytes.
const LIST: usize = 1 << 20;
/// The largest package, in bytes.
const PACKAGE: usize = 512 << 20;
/// The plugin's name in the configuration.
const PLUGIN: &str = "updater";

/// What is known of new versions in this run.
#[derive(Default)]
struct Known {
    /// The one that the person was told of. This one is installed, whatever the list of releases says by then.
    found: Mutex<Option<Update>>,
    /// Whether this run has looked without being asked.
    looked: AtomicBool,
}

/// Adds the plugin, if the build was told whose releases to trust and where their list is.
pub fn plug<R: Runtime>(builder: Builder<R>, context: &Context<R>) -> Builder<R> {
    let builder = builder.manage(Known::default());
    match context.config().plugins.0.get(PLUGIN) {
        Some(_) => builder.plugin(tauri_plugin_updater::Builder::new().build()),
        None => builder,
    }
}

/// How new versions come to this installation.
pub fn source(app: &AppHandle<Wry>, engine: &Engine) -> Updates {
    if replaces_itself(bundle_type()) && list_of_releases(app).is_some() {
        Updates::Signed { check: engine.update_check() }
    } else {
        Updates::Packages
    }
}

/// Looks for a newer version, if the person wants that at each start, and once in each run: a page that is loaded again
/// is no start.
///
/// # Errors
///
/// As [`check`].
pub async fn at_start(app: &AppHandle<Wry>, engine: &Engine) -> Result<Option<NewVersion>, Failure> {
    let wanted = source(app, engine) == Updates::Signed { check: UpdateCheck::AtStart };
    if !wanted || app.state::<Known>().looked.swap(true, Ordering::Relaxed) {
        return Ok(None);
    }
    check(app, engine).await
}

/// Looks for a newer version.
///
/// # Errors
///
/// If the list of releases cannot be had or read, or has nothing for this computer.
pub async fn check(app: &AppHandle<Wry>, engine: &Engine) -> Result<Option<NewVersion>, Failure> {
    if source(app, engine) == Updates::Packages {
        return Err(Failure::new(FailureCode::BadInput, "Updates come with your system's packages."));
    }
    let closing = app.clone();
    // Where the installer ends this program by itself, which is on Windows.
    let builder = app.updater_builder().on_before_exit(move || {
        crate::end(&closing);
        closing.cleanup_before_exit();
    });
    let update = look(app, builder, engine).await?;
    let version =
        update.as_ref().map(|update| NewVersion { version: update.version.clone(), notes: update.body.clone() });
    *app.state::<Known>().found.lock().unwrap_or_else(PoisonError::into_inner) = update;
    Ok(version)
}

/// Fetches, verifies and installs the version that was found, and starts it.
///
/// # Errors
///
/// If it is not what was signed, or cannot be put in place. Then everything is as before.
pub async fn install(app: &AppHandle<Wry>, engine: &Engine) -> Result<(), Failure> {
    let found = app.state::<Known>().found.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let update = found.ok_or_else(|| Failure::new(FailureCode::Unknown, "Look for an update first."))?;
    let package = fetch(&update, engine).await?;
    async_runtime::spawn_blocking(move || update.install(package))
        .await
        .map_err(|error| not_in_place(&error.to_string()))?
        .map_err(|error| not_in_place(&error.to_string()))?;
    app.request_restart();
    Ok(())
}

/// The newest release, if it is newer than this program.
async fn look<R: Runtime>(
    app: &AppHandle<R>,
    builder: UpdaterBuilder,
    engine: &Engine,
) -> Result<Option<Update>, Failure> {
    let address = list_of_releases(app).ok_or_else(|| unreadable("the build names no list of releases"))?;
    let list = engine.download(&address, LIST).await?;
    let list = serde_json::from_slice(&list).map_err(|error| unreadable(&error.to_string()))?;
    builder
        .version_comparator(|current, release| is_newer(&current, &release.version))
        .build()
        // Sends nothing, and insists that the signature names the version: a list that gives an old release a new number
        // is found out.
        .and_then(|updater| updater.restore_update(list))
        .map_err(|error| match error {
            Error::TargetNotFound(_) | Error::TargetsNotFound(_) => Failure::new(
                FailureCode::NotFound,
                "There is a newer version, but none for this kind of computer yet. Try again later.",
            ),
            other => unreadable(&other.to_string()),
        })
}

/// The package of a release, verified.
async fn fetch(update: &Update, engine: &Engine) -> Result<Vec<u8>, Failure> {
    let package = engine.download(&update.download_url, PACKAGE).await?;
    update.verify(&package).map_err(|error| {
        let words = "What was downloaded is not what the makers of Kittiwake signed, so it was thrown away. Nothing has \
                     changed. Try again later; if it stays so, tell them.";
        Failure::new(FailureCode::Internal, words).with_detail(error.to_string())
    })?;
    Ok(package)
}

/// Whether one version may take the place of another: only a newer one, by the order of Semantic Versioning, in which
/// build metadata says nothing; and a finished version is not replaced by one that is still tried out.
fn is_newer(current: &Version, offered: &Version) -> bool {
    offered.cmp_precedence(current).is_gt() && (offered.pre.is_empty() || !current.pre.is_empty())
}

/// Whether a program that was packaged so can replace itself. A deb or rpm belongs to the package manager even where
/// somebody built it with this feature.
fn replaces_itself(bundle: Option<BundleType>) -> bool {
    matches!(bundle, Some(BundleType::AppImage | BundleType::App | BundleType::Msi | BundleType::Nsis))
}

/// Where the list of releases is.
fn list_of_releases<R: Runtime>(app: &AppHandle<R>) -> Option<Url> {
    let address = app.config().plugins.0.get(PLUGIN)?.get("endpoints")?.get(0)?.as_str()?;
    Url::parse(address).ok()
}

fn unreadable(detail: &str) -> Failure {
    Failure::new(FailureCode::ServerError, "The list of releases cannot be read. Try again later.")
        .with_detail(detail.to_owned())
}

fn not_in_place(detail: &str) -> Failure {
    let words = "The new version could not be put in the place of this one, which goes on as before. Check that you may \
                 write where Kittiwake is installed.";
    Failure::new(FailureCode::Internal, words).with_detail(detail.to_owned())
}

#[cfg(test)]
mod tests;
