//! Each component of a widget, as a real web view draws it in both schemes, beside the pictures that were looked at.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::fs;

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Exchange, Gated, done, thread, user_message},
    office::connect,
    reference::Reference,
};
use serde_json::{Value, json};

/// As servers write them.
const GALLERY: &str = include_str!("../../../crates/widgets/gallery.json");

/// The same fonts for everything, wherever the machine has them: Debian's place, Fedora's two, Arch's.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts/truetype/dejavu</dir>
  <dir>/usr/share/fonts/dejavu-sans-fonts</dir>
  <dir>/usr/share/fonts/dejavu-sans-mono-fonts</dir>
  <dir>/usr/share/fonts/TTF</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <match><edit name="family" mode="append_last"><string>DejaVu Sans</string></edit></match>
</fontconfig>
"#;

/// The message field and what is around it, which would lie over what is high.
const DOCK: &str = "document.querySelector('[data-testid=composer-input]').closest('form').parentElement";

/// A home where nothing moves and all text is in one font.
fn still() -> Home {
    let mut home = Home::new();
    let fonts = home.path().join("fonts.conf");
    fs::write(&fonts, FONTS).unwrap();
    home.set_variable("FONTCONFIG_FILE", fonts.to_str().unwrap());
    let gtk = home.path().join("config/gtk-3.0");
    fs::create_dir_all(&gtk).unwrap();
    fs::write(gtk.join("settings.ini"), "[Settings]\ngtk-enable-animations=false\n").unwrap();
    home
}

/// Answers a message with an example.
async fn answer(mut exchange: Exchange, number: usize, widget: &Value) {
    exchange.begin().await;
    if exchange.request["type"] == "threads.create" {
        exchange.event(json!({"type": "thread.created", "thread": thread(&Value::Null)})).await;
    }
    let said = exchange.said().to_owned();
    exchange.event(done(user_message(&format!("msg_{number}"), &said))).await;
    exchange
        .event(done(json!({
            "id": format!("wid_{number}"), "thread_id": "thr_1", "created_at": "2026-11-21T09:00:01", "type": "widget",
            "widget": widget,
        })))
        .await;
    exchange.end().await;
}

#[tokio::test]
async fn every_component_looks_as_it_did_when_it_was_looked_at() {
    let (home, mut server) = (still(), Gated::start().await);
    let mut window = Desktop::start("gallery", &home).await;
    window.resize(900, 900).await;
    connect(&mut window, &server).await;
    let mut reference = Reference::of("gallery");
    let examples: Vec<Value> = serde_json::from_str(GALLERY).unwrap();
    for (number, example) in examples.iter().enumerate() {
        let name = example["name"].as_str().unwrap();
        window.say(name).await;
        answer(server.next().await, number, &example["widget"]).await;
        let widget = format!("[data-testid=thread][data-phase=idle] [data-id=wid_{number}] [data-testid=widget]");
        window.until(name, &widget).await;
        window.run(&format!("{DOCK}.style.display = 'none'")).await;
        for theme in ["light", "dark"] {
            window.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            let name = format!("{}-{theme}", name.to_lowercase().replace([' ', ','], "-").replace("--", "-"));
            let picture = window.picture_of(&name, &widget).await;
            reference.compare(&name, &picture).unwrap();
        }
        window.run(&format!("{DOCK}.style.display = ''")).await;
    }
    window.close().await;
    reference.end();
}
