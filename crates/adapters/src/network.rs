//! The fields of a form that say which way requests go to the servers. The same for every kind of backend.

use model::{ClientCertificate, Network, PinnedCertificate, PlainHttp, ProxyChoice, SessionSource, SignIn};
use url::{Host, Url};

use crate::{
    form::{Choice, Described, Field, Input, Values, When, Wrong, put, text},
    limit,
};

/// The key of the field that holds the password for the proxy.
pub const PROXY_PASSWORD: &str = "proxy_password";
/// The key of the field that names files with certificates.
pub const AUTHORITIES: &str = "authorities";
/// The key of the field that names the file of the client certificate.
pub const CLIENT_CERTIFICATE: &str = "client_certificate";
/// The key of the field that names the file of its key.
pub const CLIENT_KEY: &str = "client_key";
/// The key of the field that holds the password of that.
pub const CLIENT_KEY_PASSWORD: &str = "client_key_password";

const PROXY: &str = "proxy";
const SYSTEM: &str = "system";
const NONE: &str = "none";
const MANUAL: &str = "manual";
const PROXY_URL: &str = "proxy_url";
const PROXY_USER: &str = "proxy_user";
const PINS: &str = "pins";
const CLIENT: &str = "client";
const FILE: &str = "file";
const PLAIN: &str = "plain_http";
const LOOPBACK: &str = "loopback";
const ALLOWED: &str = "allowed";

const fn field(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: None, advanced: true }
}

const OF_MANUAL: Option<When> = Some(When { key: PROXY, is: MANUAL });
const OF_FILE: Option<When> = Some(When { key: CLIENT, is: FILE });

/// The fields.
pub(crate) const FIELDS: [Field; 12] = [
    limit::FIELD,
    field(
        PROXY,
        "Proxy",
        "Servers on this computer are never asked for at one.",
        Input::Choice(&[
            Choice { value: SYSTEM, label: "As this computer has it" },
            Choice { value: NONE, label: "None" },
            Choice { value: MANUAL, label: "This one" },
        ]),
    ),
    Field {
        required: true,
        when: OF_MANUAL,
        ..field(
            PROXY_URL,
            "Address of the proxy",
            "Such as http://proxy.example.com:3128; https:// and socks5:// are possible, too.",
            Input::Text,
        )
    },
    Field {
        when: OF_MANUAL,
        ..field(PROXY_USER, "User name at the proxy", "Leave it empty if the proxy asks for none.", Input::Text)
    },
    Field {
        when: OF_MANUAL,
        ..field(PROXY_PASSWORD, "Password at the proxy", "It is kept apart from the token.", Input::Secret)
    },
    field(
        AUTHORITIES,
        "Additional certificate authorities",
        "Files with certificates in PEM, one whole path in each line. They are trusted for this connection only.",
        Input::Lines,
    ),
    field(
        PINS,
        "Pinned certificate",
        "The SHA-256 that “Test” shows, of a private server's certificate that no authority vouches for. Compare it with \
         whoever runs the server. Another server's: its name, a space, and then the SHA-256.",
        Input::Lines,
    ),
    field(
        CLIENT,
        "Client certificate",
        "Some servers let in only who shows them one. It is shown to this connection's servers alone, if they ask.",
        Input::Choice(&[Choice { value: NONE, label: "None" }, Choice { value: FILE, label: "From a file" }]),
    ),
    Field {
        required: true,
        when: OF_FILE,
        ..field(
            CLIENT_CERTIFICATE,
            "File of the client certificate",
            "Its whole path. PEM with the certificate and its key, or PKCS#12 (.p12, .pfx).",
            Input::Text,
        )
    },
    Field {
        when: OF_FILE,
        ..field(CLIENT_KEY, "File of its key", "Only if the key is in a file of its own, in PEM.", Input::Text)
    },
    Field {
        when: OF_FILE,
        ..field(
            CLIENT_KEY_PASSWORD,
            "Password of the key",
            "Leave it empty if the key has none. It is kept in the keychain and sent to nobody.",
            Input::Secret,
        )
    },
    field(
        PLAIN,
        "Without encryption",
        "With http:// whoever is on the way can read the conversation, and the token.",
        Input::Choice(&[
            Choice { value: LOOPBACK, label: "Only to this computer" },
            Choice { value: ALLOWED, label: "Allow it for this connection" },
        ]),
    ),
];

/// What the fields say, for servers that are described.
pub(crate) fn read(values: &Values, described: &Described) -> Result<Network, Wrong> {
    let plain_http = if text(values, PLAIN) == Some(ALLOWED) { PlainHttp::Allowed } else { PlainHttp::Loopback };
    if plain_http == PlainHttp::Loopback && addresses(described).iter().any(is_plain) {
        let reason = "The address begins with http://, so nothing would be encrypted. Write it with https://, or allow \
                      this here.";
        return Err(Wrong::new(PLAIN, reason));
    }
    let lines = |key| text(values, key).into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
    let (proxy, client_certificate) = (proxy(values)?, client_certificate(values)?);
    let is_https = matches!(&proxy, ProxyChoice::Manual { url, .. } if url.starts_with("https:"));
    if is_https && client_certificate.is_some() {
        let reason = "With a client certificate the proxy has to be one whose address begins with http:// or socks5://: it \
                      must not see the certificate.";
        return Err(Wrong::new(PROXY_URL, reason));
    }
    Ok(Network {
        proxy,
        authorities: lines(AUTHORITIES).map(str::to_owned).collect(),
        pins: lines(PINS).map(|line| pin(line, &home(&described.url))).collect::<Result<_, _>>()?,
        plain_http,
        client_certificate,
        per_minute: limit::read(values)?,
    })
}

fn client_certificate(values: &Values) -> Result<Option<ClientCertificate>, Wrong> {
    if text(values, CLIENT) != Some(FILE) {
        return Ok(None);
    }
    let missing = || Wrong::new(CLIENT_CERTIFICATE, "The file of the client certificate is missing.");
    let file = text(values, CLIENT_CERTIFICATE).ok_or_else(missing)?.to_owned();
    let key = text(values, CLIENT_KEY).map(str::to_owned);
    let ends = |ends: &str| file.to_ascii_lowercase().ends_with(ends);
    if key.is_some() && (ends(".p12") || ends(".pfx")) {
        let reason = "A PKCS#12 file has the key in it. Leave this empty, or name a certificate in PEM above.";
        return Err(Wrong::new(CLIENT_KEY, reason));
    }
    // Whether there is one is not in the values, which hold no secret.
    Ok(Some(ClientCertificate { file, key, has_password: false }))
}

/// The addresses that requests go to.
fn addresses(described: &Described) -> Vec<Url> {
    let made = match &described.session {
        SessionSource::None | SessionSource::Static => None,
        SessionSource::Endpoint(endpoint) => Some(endpoint.url.as_str()),
        SessionSource::Hosted(hosted) => Some(hosted.base.as_str()),
    };
    let signed_in = match &described.sign_in {
        SignIn::Login(login) => Some(login.url.as_str()),
        // The addresses of an identity provider are https, always.
        SignIn::Key | SignIn::Oauth(_) => None,
    };
    let all = [Some(described.url.as_str()), made, signed_in].into_iter().flatten();
    all.filter_map(|url| Url::parse(url).ok()).collect()
}

/// Whether what goes there is not encrypted and leaves this computer.
pub fn is_plain(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => true,
    };
    url.scheme() == "http" && !is_here
}

/// The host of an address, without brackets.
fn home(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

fn proxy(values: &Values) -> Result<ProxyChoice, Wrong> {
    match text(values, PROXY) {
        Some(NONE) => return Ok(ProxyChoice::None),
        Some(MANUAL) => {}
        _ => return Ok(ProxyChoice::System),
    }
    let wrong = |reason: &str| Wrong::new(PROXY_URL, reason);
    let typed = text(values, PROXY_URL).ok_or_else(|| wrong("The address of the proxy is missing."))?;
    let url = Url::parse(typed).ok().filter(|url| url.has_host());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h"));
    let url = url.ok_or_else(|| wrong("Write the whole address, beginning with http://, https:// or socks5://."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("Leave the user name and password out of the address; they have fields of their own."));
    }
    let user = text(values, PROXY_USER);
    if user.is_some_and(|user| user.contains(':')) {
        return Err(Wrong::new(PROXY_USER, "A user name has no colon. The password has a field of its own."));
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let scheme = url.scheme().trim_end_matches("5h");
    let scheme = if scheme == "socks" { "socks5" } else { scheme };
    let url = format!("{scheme}://{}{port}", url.host_str().unwrap_or_default());
    Ok(ProxyChoice::Manual { url, user: user.map(str::to_owned) })
}

/// A fingerprint, with the name of its host before it where that is another than `home`.
fn pin(line: &str, home: &str) -> Result<PinnedCertificate, Wrong> {
    // Tools write a name before it, as in “sha256 Fingerprint=AA:BB”.
    let (before, digits) = match line.rsplit_once('=') {
        Some((_, digits)) => ("", digits),
        None => line.rsplit_once(char::is_whitespace).unwrap_or(("", line)),
    };
    let digits: String = digits.chars().filter(|char| *char != ':').map(|char| char.to_ascii_uppercase()).collect();
    let pairs: Vec<_> = digits.as_bytes().chunks(2).map(String::from_utf8_lossy).collect();
    let host = if before.trim().is_empty() { Some(home.to_owned()) } else { host(before.trim()) };
    let found = host.map(|host| PinnedCertificate { host, sha256: pairs.join(":") });
    found.filter(|pin| pin.bytes().is_some()).ok_or_else(|| {
        let reason = "Write the SHA-256 of a certificate in each line: 64 digits from 0 to 9 and A to F, with or without \
                      colons; before it, if need be, the name of a server and a space.";
        Wrong::new(PINS, reason)
    })
}

fn host(text: &str) -> Option<String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let host = Host::parse(bare).or_else(|_| Host::parse(&format!("[{bare}]"))).ok()?.to_string();
    Some(host.trim_start_matches('[').trim_end_matches(']').to_owned())
}

/// The fields as they were filled in, for a server at an address.
pub(crate) fn write(network: &Network, url: &str, values: &mut Values) {
    let lines = |lines: Vec<String>| (!lines.is_empty()).then(|| lines.join("\n"));
    match &network.proxy {
        ProxyChoice::System => {}
        ProxyChoice::None => put(values, PROXY, Some(NONE.to_owned())),
        ProxyChoice::Manual { url, user } => {
            put(values, PROXY, Some(MANUAL.to_owned()));
            put(values, PROXY_URL, Some(url.clone()));
            put(values, PROXY_USER, user.clone());
        }
    }
    let home = home(url);
    let pin = |pin: &PinnedCertificate| match &pin.host {
        host if *host == home => pin.sha256.clone(),
        host => format!("{host} {}", pin.sha256),
    };
    put(values, AUTHORITIES, lines(network.authorities.clone()));
    put(values, PINS, lines(network.pins.iter().map(pin).collect()));
    if let Some(ClientCertificate { file, key, .. }) = &network.client_certificate {
        put(values, CLIENT, Some(FILE.to_owned()));
        put(values, CLIENT_CERTIFICATE, Some(file.clone()));
        put(values, CLIENT_KEY, key.clone());
    }
    limit::write(network.per_minute, values);
    put(values, PLAIN, (network.plain_http == PlainHttp::Allowed).then(|| ALLOWED.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(url: &str, fields: &[(&str, &str)]) -> Result<Network, Wrong> {
        let values = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        read(&values, &Described::new(url.to_owned(), SessionSource::None))
    }

    const THERE: &str = "https://chat.example/chatkit";

    #[test]
    fn what_was_filled_in_can_be_edited_later() {
        assert!(filled(THERE, &[]).unwrap().is_default());
        let digits = "0A".repeat(32);
        let pins = format!("sha256 Fingerprint={digits}\n\nlogin.example {}\n[::1] {digits}\n", digits.to_lowercase());
        let network = filled(
            "http://chat.example/chatkit",
            &[
                (PROXY, MANUAL),
                (PROXY_URL, "socks5h://Proxy.example:1080/"),
                (PROXY_USER, " ann "),
                (AUTHORITIES, "/etc/a.pem\n /etc/b.pem \n"),
                (PINS, &pins),
                (PLAIN, ALLOWED),
                ("per_minute", "20"),
                (CLIENT, FILE),
                (CLIENT_CERTIFICATE, " /etc/ann/ann.pem "),
                (CLIENT_KEY, "/etc/ann/ann.key"),
            ],
        );
        let network = network.unwrap();
        let proxy = ProxyChoice::Manual { url: "socks5://Proxy.example:1080".to_owned(), user: Some("ann".to_owned()) };
        assert_eq!(network.proxy, proxy);
        assert_eq!(network.authorities, ["/etc/a.pem", "/etc/b.pem"]);
        let files = network.client_certificate.clone().unwrap();
        assert_eq!((files.file.as_str(), files.key.as_deref()), ("/etc/ann/ann.pem", Some("/etc/ann/ann.key")));
        let hosts: Vec<_> = network.pins.iter().map(|pin| (pin.host.as_str(), pin.bytes())).collect();
        assert_eq!(
            hosts,
            [("chat.example", Some([10; 32])), ("login.example", Some([10; 32])), ("::1", Some([10; 32]))]
        );
        let mut values = Values::new();
        write(&network, "http://chat.example/chatkit", &mut values);
        let again: Vec<_> = values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(filled("http://chat.example/chatkit", &again).unwrap(), network);
        let direct = [(PROXY, NONE), (PROXY_URL, "nonsense"), (CLIENT, NONE), (CLIENT_CERTIFICATE, "/etc/ann/ann.p12")];
        let direct = filled(THERE, &direct).unwrap();
        assert_eq!((direct.proxy, direct.client_certificate), (ProxyChoice::None, None));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_not_quoted() {
        for (key, typed, words) in [
            (PROXY_URL, "", "missing"),
            (PROXY_URL, "sesame:3128", "beginning with http://, https:// or socks5://"),
            (PROXY_URL, "ftp://sesame", "beginning with"),
            (PROXY_URL, "http://ann:sesame@proxy.example", "fields of their own"),
            (PROXY_USER, "ann:sesame", "no colon"),
            (PINS, "sesame", "64 digits"),
            (PINS, "AA:BB", "64 digits"),
        ] {
            let mut fields = vec![(PROXY, MANUAL), (PROXY_URL, "http://proxy.example")];
            fields.push((key, typed));
            let wrong = filled(THERE, &fields).unwrap_err();
            assert_eq!(wrong.key, key, "{wrong}");
            assert!(wrong.reason.contains(words) && !wrong.reason.contains("sesam"), "{typed}: {wrong}");
        }
    }

    #[test]
    fn a_client_certificate_has_a_file_and_no_proxy_that_could_see_it() {
        let with = |more: &[(&str, &str)]| {
            filled(THERE, &[&[(CLIENT, FILE), (CLIENT_CERTIFICATE, "/ann.PFX")], more].concat())
        };
        assert_eq!(with(&[]).unwrap().client_certificate.unwrap().key, None);
        assert_eq!(with(&[(CLIENT_CERTIFICATE, " ")]).unwrap_err().key, CLIENT_CERTIFICATE);
        assert_eq!(with(&[(CLIENT_KEY, "/ann.key")]).unwrap_err().key, CLIENT_KEY);
        let through = |url| with(&[(PROXY, MANUAL), (PROXY_URL, url)]);
        assert_eq!(through("https://proxy.example").unwrap_err().key, PROXY_URL);
        assert!(through("http://proxy.example").is_ok() && through("socks5://proxy.example").is_ok());
    }

    #[test]
    fn without_encryption_only_to_this_computer_or_with_permission() {
        assert_eq!(filled("http://chat.example/", &[]).unwrap_err().key, PLAIN);
        assert_eq!(filled("http://chat.example/", &[(PLAIN, LOOPBACK)]).unwrap_err().key, PLAIN);
        for here in ["http://127.0.0.1:8000/", "http://[::1]/", "http://localhost/", "http://a.localhost/"] {
            assert!(filled(here, &[]).is_ok(), "{here}");
        }
        assert_eq!(filled("http://chat.example/", &[(PLAIN, ALLOWED)]).unwrap().plain_http, PlainHttp::Allowed);
    }
}
