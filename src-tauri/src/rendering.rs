//! Rendering flags for Linux, chosen before GTK starts.

/// Asks WebKitGTK for the renderer that works without a graphics card: with the other one, windows stay blank on some
/// drivers, and a software renderer spends most of a core on it. Whoever has set the variable knows better.
pub fn choose() {
    #[cfg(target_os = "linux")]
    {
        const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if std::env::var_os(RENDERER).is_none() && !std::path::Path::new("/dev/dri").exists() {
            restart_with(RENDERER);
        }
    }
}

/// Runs this program again with the variable set. Setting it in a running process is not safe in Rust (another thread
/// may read the environment at the same time), and this happens before anything else does.
#[cfg(target_os = "linux")]
fn restart_with(variable: &str) {
    use std::os::unix::process::CommandExt;

    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(variable, "1").exec();
    eprintln!("Kittiwake goes on without {variable}: {error}");
}
