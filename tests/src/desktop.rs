//! The desktop program, driven from outside as a person would: a real window, real clicks and keys.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::{Capabilities, Key, TypingData, WebDriver, WebElement, error::WebDriverResult, prelude::*};

pub use crate::home::Home;
use crate::program::{children, is_over, signal};

/// How long a journey waits for something on screen before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where screenshots go.
const ARTIFACTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts");

/// The running program.
pub struct Desktop {
    driver: WebDriver,
    service: Child,
    journey: &'static str,
    shots: usize,
}

impl Desktop {
    /// Starts the program and waits until its window can be used.
    pub async fn start(journey: &'static str, home: &Home) -> Self {
        let mut desktop = Self::open(journey, home, &program()).await;
        desktop.until("the window is ready", "[data-testid=app][data-state=ready]").await;
        // The page is ready before the window is shown, and keys that come before that are lost.
        desktop.until_true("the window is shown", "document.visibilityState === 'visible'").await;
        desktop
    }

    /// Starts a program of any kind that opens a web view, and waits for nothing but its page.
    pub async fn open(journey: &'static str, home: &Home, program: &Path) -> Self {
        Self::drive(journey, home, &[], Some(program)).await
    }

    async fn drive(journey: &'static str, home: &Home, more: &[String], program: Option<&Path>) -> Self {
        assert!(env::var_os("DISPLAY").is_some(), "journeys need a display: run them with `cargo xtask test`");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("WebKitWebDriver");
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]).args(more);
        home.apply(&mut command);
        let service = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let service = service.expect("WebKitWebDriver is missing: `cargo xtask test` installs it");
        let url = format!("http://127.0.0.1:{port}");
        let driver = session(&url, program).await;
        Self { driver, service, journey, shots: 0 }
    }

    /// Drives the window of a program that runs already, and waits until it can be used.
    pub async fn attach(journey: &'static str, home: &Home, target: &str) -> Self {
        let mut desktop = Self::drive(journey, home, &[format!("--target={target}")], None).await;
        desktop.until("the window is ready", "[data-testid=app][data-state=ready]").await;
        desktop
    }

    /// The process that started the program, and is the parent of it.
    pub fn service(&self) -> u32 {
        self.service.id()
    }

    /// Closes the window, as its close button does, and waits for the program to end.
    pub async fn close(self) {
        let started = children(self.service.id());
        let _ = self.driver.clone().quit().await;
        // The driver answers before it has ended what it started; another start must not meet it.
        let start = Instant::now();
        while !started.iter().all(|process| is_over(*process)) && start.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The first element of a CSS selector, once there is one that can be seen.
    pub async fn until(&mut self, what: &str, selector: &str) -> WebElement {
        let start = Instant::now();
        loop {
            if let Some(element) = self.find(selector).await {
                return element;
            }
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("never: {what} ({selector}); see {ARTIFACTS}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until nothing matches a CSS selector.
    pub async fn until_gone(&mut self, what: &str, selector: &str) {
        let start = Instant::now();
        while self.find(selector).await.is_some() {
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("still: {what} ({selector}); see {ARTIFACTS}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until a script answers `true`.
    pub async fn until_true(&mut self, what: &str, script: &str) {
        let start = Instant::now();
        while self.run(&format!("return Boolean({script})")).await != Value::Bool(true) {
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("never: {what}; see {ARTIFACTS}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The first element of a CSS selector, if there is one.
    pub async fn find(&self, selector: &str) -> Option<WebElement> {
        self.driver.find_all(By::Css(selector)).await.ok()?.into_iter().next()
    }

    /// How many elements match.
    pub async fn count(&self, selector: &str) -> usize {
        self.driver.find_all(By::Css(selector)).await.map_or(0, |all| all.len())
    }

    /// The text of an element.
    pub async fn text(&mut self, selector: &str) -> String {
        self.until("text is there", selector).await;
        let script = format!("return document.querySelector({}).innerText", json!(selector));
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks an element, once it holds still: what a page lays out anew has no place for a moment.
    pub async fn click(&mut self, selector: &str) {
        let start = Instant::now();
        loop {
            let element = self.until("there is something to click", selector).await;
            let Err(error) = self.click_on(&element).await else { return };
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("cannot click {selector}: {error}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Moves the pointer there and clicks. The driver's own click waits for ever when the element goes away with it.
    async fn click_on(&self, element: &WebElement) -> WebDriverResult<()> {
        element.scroll_into_view().await?;
        self.driver.action_chain().move_to_element_center(element).click().perform().await
    }

    /// Presses what a person would call by that name: a button, a tab, or a choice.
    pub async fn press(&mut self, name: &str) {
        let named = format!(
            "(//button|//*[@role='tab']|//label[.//input[@type='radio']])[normalize-space(.)='{name}' or @aria-label='{name}']"
        );
        let start = Instant::now();
        loop {
            let found = self.driver.find_all(By::XPath(&named)).await.unwrap_or_default();
            for element in found.into_iter().rev() {
                if self.click_on(&element).await.is_ok() {
                    return;
                }
            }
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("there is no “{name}” to press; see {ARTIFACTS}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Writes into the field with that label.
    pub async fn fill(&mut self, label: &str, text: &str) {
        let field = format!("//label[normalize-space(.)='{label}']/following::input[1]");
        let start = Instant::now();
        loop {
            let Err(error) = self.type_into(&field, text).await else { return };
            if start.elapsed() > PATIENCE {
                self.shot("failed").await;
                panic!("there is no field “{label}”: {error}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn type_into(&self, field: &str, text: &str) -> WebDriverResult<()> {
        self.driver.find(By::XPath(field)).await?.send_keys(text).await
    }

    /// Types into whatever has the focus.
    pub async fn keys(&mut self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Presses a key while Control is held.
    pub async fn control(&mut self, key: char) {
        let chain = self.driver.action_chain().key_down(Key::Control).send_keys(key.to_string());
        chain.key_up(Key::Control).perform().await.unwrap();
    }

    /// Breaks the line, as Shift+Enter does.
    pub async fn newline(&mut self) {
        let chain = self.driver.action_chain().key_down(Key::Shift).send_keys(Key::Enter);
        chain.key_up(Key::Shift).perform().await.unwrap();
    }

    /// Writes a message and sends it with Enter.
    pub async fn say(&mut self, text: &str) {
        self.click("[data-testid=composer-input]").await;
        self.keys(text).await;
        self.keys(Key::Enter).await;
    }

    /// Waits until the turn of the thread on screen has ended.
    pub async fn until_answered(&mut self) {
        self.until(
            "the answer is whole",
            "[data-testid=thread][data-phase=idle] [data-kind=assistant_message][data-stage=done]",
        )
        .await;
    }

    /// Loads the page anew, as F5 would.
    pub async fn reload(&mut self) {
        self.driver.refresh().await.unwrap();
        self.until("the window is ready again", "[data-testid=app][data-state=ready]").await;
    }

    /// Makes the window as large as that.
    pub async fn resize(&mut self, width: u32, height: u32) {
        self.driver.set_window_rect(0, 0, width, height).await.unwrap();
        let fits = format!("Math.abs(innerWidth - {width}) < 80 && Math.abs(innerHeight - {height}) < 120");
        self.until_true("the window has its size", &fits).await;
    }

    /// Puts the window there.
    pub async fn place(&self, x: i64, y: i64, width: u32, height: u32) {
        self.driver.set_window_rect(x, y, width, height).await.unwrap();
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Value {
        let answer = self.driver.execute(script, Vec::new()).await;
        answer.map(|answer| answer.json().clone()).unwrap_or(Value::Null)
    }

    /// Takes a picture of the window, as it is on the display. (The driver's own picture waits for a frame, and a page
    /// at rest draws none.)
    pub async fn shot(&mut self, name: &str) {
        self.shots += 1;
        let size = self.run("return `${innerWidth}x${innerHeight}+0+0`").await;
        let name = format!("{:02}-{name}", self.shots);
        self.take(&name, size.as_str().unwrap_or("1440x900+0+0")).await;
    }

    /// Takes a picture of an element alone, which has to fit into the window, once it changes no more. Answers its file.
    pub async fn picture_of(&mut self, name: &str, selector: &str) -> PathBuf {
        let element = format!("document.querySelector({})", json!(selector));
        self.run(&format!("{element}.scrollIntoView({{ block: 'nearest' }})")).await;
        let place = format!(
            "const {{ left, top, right, bottom }} = {element}.getBoundingClientRect();
             const [x, y] = [Math.floor(left), Math.floor(top)];
             return `${{Math.ceil(right) - x}}x${{Math.ceil(bottom) - y}}+${{x}}+${{y}}`"
        );
        let start = Instant::now();
        let mut before = Vec::new();
        loop {
            let place = self.run(&place).await;
            let file = self.take(name, place.as_str().unwrap_or_else(|| panic!("there is no {selector}"))).await;
            let now = fs::read(&file).unwrap();
            if now == before {
                return file;
            }
            assert!(start.elapsed() < PATIENCE, "{name} never holds still");
            before = now;
        }
    }

    /// Takes a picture of a part of the display.
    async fn take(&self, name: &str, part: &str) -> PathBuf {
        let dir = Path::new(ARTIFACTS);
        fs::create_dir_all(dir).unwrap();
        let file = dir.join(format!("{}-{name}.png", self.journey));
        // What was asked for last is drawn by then.
        tokio::time::sleep(Duration::from_millis(250)).await;
        let taken = Command::new("import").args(["-window", "root", "-crop", part, "+repage"]).arg(&file).status();
        assert!(
            taken.is_ok_and(|status| status.success()),
            "no picture of the display: `cargo xtask test` installs what takes it"
        );
        file
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // What the driver would do when it is dropped waits for a service that is about to be gone.
        let _ = self.driver.clone().leak();
        let started = children(self.service.id());
        let _ = self.service.kill();
        let _ = self.service.wait();
        // What it started outlives it otherwise.
        started.into_iter().filter(|process| !is_over(*process)).for_each(|process| signal(process, "KILL"));
    }
}

async fn session(url: &str, program: Option<&Path>) -> WebDriver {
    let mut capabilities = Capabilities::new();
    if let Some(program) = program {
        capabilities.set("webkitgtk:browserOptions", json!({ "binary": program, "args": [] })).unwrap();
    }
    let start = Instant::now();
    loop {
        match WebDriver::new(url, capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(error) if start.elapsed() > PATIENCE => panic!("{program:?} does not start: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// The built program: `KITTIWAKE_TEST_PROGRAM`, or that of this workspace.
pub fn program() -> PathBuf {
    if let Some(program) = env::var_os("KITTIWAKE_TEST_PROGRAM") {
        return program.into();
    }
    let tests = env::current_exe().unwrap();
    let target = tests.ancestors().nth(2).expect("tests are in target/debug/deps");
    target.join("kittiwake")
}
