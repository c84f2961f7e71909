//! A real gnome-keyring on a session bus of a test's own, and what other programs of the person do with it: lock it,
//! unlock it, and change entries.

use std::{
    collections::HashMap,
    fs,
    io::Write,
    process::{Child, Command, Stdio},
    time::Duration,
};

use zbus::{
    Connection,
    connection::Builder,
    names::BusName,
    proxy,
    zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value},
};

use crate::{
    desktop::Home,
    program::{Bus, signal},
};

/// What unlocks the keyring.
const PASSWORD: &str = "correct horse";

/// How long the keyring may take to do something on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of entries that the keyring makes for its password.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// A bus that lets everything pass and knows no service to start.
const BUS_WITHOUT_SERVICES: &str = "<busconfig><type>session</type><listen>unix:tmpdir=HOME</listen>
<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>
</busconfig>";

/// A secret on its way: session, parameters, value, content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[proxy(
    interface = "org.freedesktop.Secret.Service",
    default_service = "org.freedesktop.secrets",
    default_path = "/org/freedesktop/secrets"
)]
trait Service {
    fn open_session(&self, algorithm: &str, input: Value<'_>) -> zbus::Result<(OwnedValue, OwnedObjectPath)>;
    fn search_items(&self, of: HashMap<&str, &str>) -> zbus::Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)>;
    fn lock(&self, objects: &[ObjectPath<'_>]) -> zbus::Result<(Vec<OwnedObjectPath>, OwnedObjectPath)>;
}

#[proxy(interface = "org.freedesktop.Secret.Item", default_service = "org.freedesktop.secrets")]
trait Item {
    fn get_secret(&self, session: &ObjectPath<'_>) -> zbus::Result<Secret>;
    fn set_secret(&self, secret: &Secret) -> zbus::Result<()>;
    fn delete(&self) -> zbus::Result<OwnedObjectPath>;
    #[zbus(property)]
    fn attributes(&self) -> zbus::Result<HashMap<String, String>>;
}

#[proxy(interface = "org.freedesktop.Secret.Collection", default_service = "org.freedesktop.secrets")]
trait Collection {
    fn create_item(
        &self,
        properties: HashMap<&str, Value<'_>>,
        secret: &Secret,
        replace: bool,
    ) -> zbus::Result<(OwnedObjectPath, OwnedObjectPath)>;
}

/// What the keyring's own programs unlock it with, without asking anybody.
#[proxy(
    interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
    default_service = "org.freedesktop.secrets",
    default_path = "/org/freedesktop/secrets"
)]
trait Internal {
    fn unlock_with_master_password(&self, collection: &ObjectPath<'_>, master: &Secret) -> zbus::Result<()>;
}

/// Who may be asked for the keyring's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The person, in a window on the display.
    Shown,
    /// Nobody: there is no window for that.
    Nowhere,
}

/// The keyring of a home, unlocked at first.
pub struct Keyring {
    daemon: Child,
    connection: Connection,
    _bus: Bus,
}

impl Keyring {
    /// Starts a keyring, with an empty folder of entries, and gives the home its bus.
    pub async fn start(home: &mut Home, prompt: Prompt) -> Self {
        let bus = Bus::start_with(|command| {
            home.apply(command);
            match prompt {
                Prompt::Shown => command.arg("--session"),
                Prompt::Nowhere => command.arg(without_services(home)),
            };
        });
        home.set_bus(&bus.address);
        let mut command = Command::new("gnome-keyring-daemon");
        home.apply(&mut command);
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = command.spawn().expect("gnome-keyring-daemon is missing: `cargo xtask test` installs it");
        // It reads to the end, which comes when this is dropped.
        daemon.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        let connection = Builder::address(bus.address.as_str()).unwrap().build().await.unwrap();
        let keyring = Self { daemon, connection, _bus: bus };
        keyring.until("the keyring is unlocked", async |keyring| keyring.is_locked().await == Some(false)).await;
        keyring
    }

    /// A bus for the home on which there is no keyring, and no way to start one.
    pub fn absent(home: &mut Home) -> Bus {
        let bus = Bus::start_with(|command| {
            home.apply(command);
            command.arg(without_services(home));
        });
        home.set_bus(&bus.address);
        bus
    }

    /// Locks it, as the end of a session does, or its own menu.
    pub async fn lock(&self) {
        let login = ObjectPath::from_static_str_unchecked(LOGIN);
        ServiceProxy::new(&self.connection).await.unwrap().lock(&[login]).await.unwrap();
        assert_eq!(self.is_locked().await, Some(true));
    }

    /// Unlocks it, as another program does that knows the password.
    pub async fn unlock(&self) {
        let secret = self.secret(PASSWORD.as_bytes()).await;
        let login = ObjectPath::from_static_str_unchecked(LOGIN);
        let internal = InternalProxy::new(&self.connection).await.unwrap();
        internal.unlock_with_master_password(&login, &secret).await.unwrap();
        assert_eq!(self.is_locked().await, Some(false));
    }

    /// Answers the keyring's own window, as the person does, and waits until it has unlocked.
    pub async fn answer_prompt(&self) {
        let asks = ["search", "--sync", "--onlyvisible", "--class", "gcr-prompter", "windowfocus"];
        for keys in [&asks[..], &["type", "--delay", "20", PASSWORD], &["key", "Return"]] {
            // The search waits until there is such a window, if need be for ever.
            let done = Command::new("timeout").args(["60", "xdotool"]).args(keys).status();
            assert!(done.is_ok_and(|done| done.success()), "no window asks for the keyring's password: {keys:?}");
        }
        self.until("the prompt has unlocked it", async |keyring| keyring.is_locked().await == Some(false)).await;
    }

    /// It answers nobody, and forgets nothing that it is asked.
    pub fn pause(&self) {
        signal(self.daemon.id(), "STOP");
    }

    /// It answers again, also what it was asked meanwhile.
    pub fn go_on(&self) {
        signal(self.daemon.id(), "CONT");
    }

    /// What it has of Kittiwake: the one entry, if there is one.
    pub async fn entry(&self) -> Option<String> {
        let item = self.item().await?;
        let session = self.session().await;
        let (_, _, value, _) = item.get_secret(&session).await.unwrap();
        Some(String::from_utf8_lossy(&value).into_owned())
    }

    /// Puts something else into the entry.
    pub async fn replace(&self, with: &str) {
        let secret = self.secret(with.as_bytes()).await;
        self.item().await.expect("there is an entry").set_secret(&secret).await.unwrap();
    }

    /// Deletes the entry. Answers what it was known by.
    pub async fn delete(&self) -> HashMap<String, String> {
        let item = self.item().await.expect("there is an entry");
        let attributes = item.attributes().await.unwrap();
        item.delete().await.unwrap();
        assert_eq!(self.entry().await, None);
        attributes
    }

    /// Makes an entry that is known by that.
    pub async fn create(&self, attributes: HashMap<String, String>, with: &str) {
        let secret = self.secret(with.as_bytes()).await;
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from("made by hand")),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let login = CollectionProxy::new(&self.connection, LOGIN).await.unwrap();
        login.create_item(properties, &secret, false).await.unwrap();
    }

    async fn item(&self) -> Option<ItemProxy<'_>> {
        let service = ServiceProxy::new(&self.connection).await.unwrap();
        let (found, locked) = service.search_items(HashMap::from([("service", secrets::SERVICE)])).await.unwrap();
        assert!(locked.is_empty() && found.len() <= 1, "{found:?} {locked:?}");
        let path = found.into_iter().next()?;
        Some(ItemProxy::new(&self.connection, path).await.unwrap())
    }

    async fn secret(&self, value: &[u8]) -> Secret {
        (self.session().await, Vec::new(), value.to_vec(), "text/plain".to_owned())
    }

    /// Secrets cross the test's own bus as they are.
    async fn session(&self) -> OwnedObjectPath {
        let service = ServiceProxy::new(&self.connection).await.unwrap();
        service.open_session("plain", Value::from("")).await.unwrap().1
    }

    /// Nothing while there is no folder of entries yet.
    async fn is_locked(&self) -> Option<bool> {
        // Asked anew each time: a proxy would remember.
        let name = BusName::try_from("org.freedesktop.secrets").unwrap();
        let property = ("org.freedesktop.Secret.Collection", "Locked");
        let interface = Some("org.freedesktop.DBus.Properties");
        let answer = self.connection.call_method(Some(name), LOGIN, interface, "Get", &property).await.ok()?;
        answer.body().deserialize::<Value<'_>>().ok()?.downcast().ok()
    }

    async fn until(&self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        let wait = async {
            while !holds(self).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Says to the bus of which configuration it is to be.
fn without_services(home: &Home) -> String {
    let config = home.path().join("bus.conf");
    fs::write(&config, BUS_WITHOUT_SERVICES.replace("HOME", home.path().to_str().unwrap())).unwrap();
    format!("--config-file={}", config.display())
}
