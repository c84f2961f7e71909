//! The program that is measured, and the scripts that measure it.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use acceptance::desktop::{Desktop, Home};
use serde_json::{Value, json};

use crate::{Error, Options, window::processes::Tree};

/// How often a script's end is looked for: seldom, since looking costs the page time.
const LOOK: Duration = Duration::from_millis(500);

/// One of the built programs.
///
/// # Errors
///
/// If it is not built.
pub fn built(options: &Options, name: &str) -> Result<PathBuf, Error> {
    let path = env::current_dir()?.join(&options.programs).join(name);
    if path.is_file() { Ok(path) } else { Err(format!("{} is not built", path.display()).into()) }
}

/// Runs one measurement. What drives the window fails by panicking, as journeys do; here that is an error.
///
/// # Errors
///
/// Those of the measurement.
pub async fn measured<T: Send + 'static>(
    measurement: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(measurement).await.map_err(|failed| -> Error { failed.to_string().into() })?
}

/// Opens the program and waits until it can be used.
pub async fn open(options: &Options, home: &Home) -> Result<Desktop, Error> {
    let program = built(options, "kittiwake")?;
    let mut window = Desktop::open("bench", home, &program).await;
    window.until("the window is ready", "[data-testid=app][data-state=ready]").await;
    Ok(window)
}

/// A script that notes the time and becomes the program: nobody else knows to the millisecond when the driver starts
/// it. And where the time stands. Both programs draw in the same way, which Kittiwake chooses by itself.
///
/// # Errors
///
/// If it cannot be written.
pub fn launcher(program: &Path, home: &Home) -> Result<(PathBuf, PathBuf), Error> {
    let folder = home.data().with_file_name("launch");
    fs::create_dir_all(&folder)?;
    let (script, began) = (folder.join("start"), folder.join("began"));
    let same = if program.ends_with("kittiwake") || Path::new("/dev/dri").exists() {
        ""
    } else {
        "export WEBKIT_DISABLE_DMABUF_RENDERER=1\n"
    };
    let (program, noted) = (program.display(), began.display());
    fs::write(&script, format!("#!/bin/sh\n{same}date +%s%N > '{noted}'\nexec '{program}' \"$@\"\n"))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    Ok((script, began))
}

/// The processes of the program in a window.
///
/// # Errors
///
/// If it has ended.
pub fn processes(window: &Desktop) -> Result<Tree, Error> {
    Ok(Tree::below(window.service())?)
}

/// Runs a script in the page; it finds what it is given as `given`.
pub async fn inject(window: &Desktop, script: &str, given: Value) {
    // In a function of its own the script's names are nobody else's.
    window.run(&format!("(() => {{ const given = {given};\n{script}\n}})()")).await;
}

/// Waits until an expression in the page has a value.
///
/// # Errors
///
/// If it has none by then.
pub async fn result(window: &Desktop, expression: &str, patience: Duration) -> Result<Value, Error> {
    let start = Instant::now();
    loop {
        let value = window.run(&format!("return {expression}")).await;
        if !value.is_null() {
            return Ok(value);
        }
        if start.elapsed() > patience {
            return Err(format!("the page never had `{expression}`").into());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A list of numbers that a script left.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

/// Milliseconds since 1970 UTC, by the clock of this process.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(f64::NAN, |since| since.as_secs_f64() * 1000.0)
}

/// By how much the page's clock may differ from that of this process: each time the page is asked lies between two
/// readings of this clock, and the narrowest of these brackets bounds the difference.
///
/// # Errors
///
/// If the clocks cannot be one.
pub async fn clocks_apart(window: &Desktop) -> Result<f64, Error> {
    let mut narrowest: Option<(f64, f64)> = None;
    for _ in 0..30 {
        let before = now();
        let page = window.run("return performance.timeOrigin + performance.now()").await;
        let after = now();
        let page = page.as_f64().ok_or("the page does not tell the time")?;
        let bracket = (page - after, page - before);
        if narrowest.is_none_or(|(least, most)| bracket.1 - bracket.0 < most - least) {
            narrowest = Some(bracket);
        }
    }
    let (least, most) = narrowest.unwrap_or_default();
    // The page rounds both parts of its clock to a millisecond.
    if least > 3.0 || most < -3.0 {
        return Err(format!("the page's clock differs from this one by {least:.1} to {most:.1} ms").into());
    }
    Ok(least.abs().max(most.abs()))
}

/// What a script is given that needs nothing.
pub fn nothing() -> Value {
    json!({})
}
