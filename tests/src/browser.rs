//! The person's own browser: a real Chromium without a window, which opens what the desktop program has opened.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, prelude::*};

use crate::desktop::Home;

/// How long the browser waits for something before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// The browser.
pub struct Chromium {
    driver: WebDriver,
    service: Child,
    /// Where stands what was to be opened.
    asked: PathBuf,
    _dir: TempDir,
}

impl Chromium {
    /// Starts one, and makes it the browser of a home: programs there that open an address ask it to.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(home: &mut Home) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let asked = dir.path().join("asked");
        let opener = dir.path().join("xdg-open");
        fs::write(&opener, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", asked.display())).unwrap();
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
        home.put_first_in_path(dir.path());

        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let service = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: `cargo xtask test` installs it");
        let mut wanted = DesiredCapabilities::chrome();
        let profile = format!("--user-data-dir={}", dir.path().join("profile").display());
        // Tests may run as root, where Chromium has no sandbox of its own.
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", &profile] {
            wanted.add_arg(argument).unwrap();
        }
        let (url, start) = (format!("http://127.0.0.1:{port}"), Instant::now());
        let driver = loop {
            match WebDriver::new(&url, wanted.clone()).await {
                Ok(driver) => break driver,
                Err(error) if start.elapsed() > PATIENCE => panic!("Chromium does not start: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        Self { driver, service, asked, _dir: dir }
    }

    /// Opens what a program asks it to: the latest, once there are so many.
    ///
    /// # Panics
    /// When no program does.
    pub async fn open_what_is_asked(&self, number: usize) -> String {
        let start = Instant::now();
        let url = loop {
            let asked = fs::read_to_string(&self.asked).unwrap_or_default();
            if let Some(url) = asked.lines().nth(number - 1) {
                break url.to_owned();
            }
            assert!(start.elapsed() < PATIENCE, "nothing was opened in the browser");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        self.driver.goto(&url).await.unwrap();
        url
    }

    /// Clicks the button of a page with that title.
    ///
    /// # Panics
    /// When the page does not come.
    pub async fn agree(&self, title: &str) {
        self.until(title, async |browser| browser.driver.title().await.is_ok_and(|found| found == title)).await;
        self.driver.find(By::Id("go")).await.unwrap().click().await.unwrap();
    }

    /// Waits until a page says something.
    ///
    /// # Panics
    /// When it does not.
    pub async fn until_said(&self, words: &str) {
        self.until(words, async |browser| {
            let body = browser.driver.find(By::Tag("body")).await;
            match body {
                Ok(body) => body.text().await.is_ok_and(|text| text.contains(words)),
                Err(_) => false,
            }
        })
        .await;
    }

    /// Closes it. Without this its end is waited for in vain, and for long.
    pub async fn close(self) {
        let _ = self.driver.clone().quit().await;
    }

    async fn until(&self, what: &str, is: impl AsyncFn(&Self) -> bool) {
        let start = Instant::now();
        while !is(self).await {
            if start.elapsed() > PATIENCE {
                let source = self.driver.source().await.unwrap_or_default();
                panic!("the browser never showed “{what}”; it shows {source}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}
