//! How the bytes of a file get to a backend (section 8). What is described here holds everything but the bytes, so that they
//! can go from the disk to the server without ever being in memory as a whole.

use model::{Connection, Kind, Operation, UploadMethod, UploadTarget};
use serde_json::Value;
use url::{Host, Url};

use crate::{Method, RequestError, address, custom};

/// What is known of a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name, without a path.
    pub name: String,
    /// Its media type.
    pub mime_type: String,
    /// How many bytes it has.
    pub size: u64,
}

/// What is done first.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// The server is told of the file; its answer says where the bytes go ([`to`]).
    Announce(Operation),
    /// The bytes are sent.
    Send(UploadSpec),
}

/// A request whose body is `before`, the file, and `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSpec {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers, without secrets.
    pub headers: Vec<(String, String)>,
    /// What stands before the file.
    pub before: Vec<u8>,
    /// What stands behind it.
    pub after: Vec<u8>,
    /// What it carries.
    pub carries: Carries,
}

/// What the request with the bytes carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// What every request of the connection does.
    Credentials,
    /// Nothing of the connection's: a storage elsewhere must not see its token.
    Nothing,
}

/// How a file gets to a connection's server. `boundary` separates the parts of a form: letters and digits that do not occur in
/// the file.
///
/// # Errors
///
/// If the address cannot be called, or such servers take no files.
pub fn plan(connection: &Connection, file: &FileFacts, boundary: &str) -> Result<Plan, RequestError> {
    match connection.kind {
        Kind::Chatkit | Kind::Hosted => {
            let direct = connection.attachments.as_ref().and_then(|options| options.upload_url.as_deref());
            if let Some(url) = direct {
                return Ok(Plan::Send(form(
                    beside(connection, url)?,
                    vec![accept()],
                    Carries::Credentials,
                    file,
                    boundary,
                )));
            }
            let FileFacts { name, mime_type, size } = file.clone();
            Ok(Plan::Announce(Operation::CreateAttachment { name, mime_type, size }))
        }
        Kind::Custom => {
            let url = custom::takes_files(connection)?;
            Ok(Plan::Send(form(url, vec![accept()], Carries::Credentials, file, boundary)))
        }
        Kind::Openai => Err(RequestError::Unsupported { operation: "take files" }),
    }
}

/// What a server calls a file that it was sent directly, if it says so (section 8.3).
pub fn named(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    match &answer["id"] {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn accept() -> (String, String) {
    ("Accept".to_owned(), "application/json, */*".to_owned())
}

/// An address that stands in the connection: whole, or as seen from the server's own.
fn beside(connection: &Connection, url: &str) -> Result<Url, RequestError> {
    let own = address(&connection.url)?;
    let joined = own.join(url).map_err(|error| RequestError::Address { reason: error.to_string() })?;
    address(joined.as_str())
}

/// How the bytes get to where a server said.
///
/// # Errors
///
/// If that address cannot be called, or leads to what runs on this machine although the server does not.
pub fn to(
    connection: &Connection,
    target: &UploadTarget,
    file: &FileFacts,
    boundary: &str,
) -> Result<UploadSpec, RequestError> {
    let url = address(&target.url)?;
    if is_here(&url) && !address(&connection.url).is_ok_and(|own| is_here(&own)) {
        let reason = "The server wants the file to be sent to a program on this computer, which is refused.";
        return Err(RequestError::Address { reason: reason.to_owned() });
    }
    let headers = target.headers.clone();
    Ok(match target.method {
        UploadMethod::Post => form(url, headers, Carries::Nothing, file, boundary),
        UploadMethod::Put => UploadSpec {
            method: Method::Put,
            url,
            headers,
            before: Vec::new(),
            after: Vec::new(),
            carries: Carries::Nothing,
        },
    })
}

fn form(url: Url, headers: Vec<(String, String)>, carries: Carries, file: &FileFacts, boundary: &str) -> UploadSpec {
    // A type of the server's own would know nothing of the boundary.
    let mut headers: Vec<_> =
        headers.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")).collect();
    headers.push(("Content-Type".to_owned(), format!("multipart/form-data; boundary={boundary}")));
    let name = file.name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let before = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {}\r\n\r\n",
        file.mime_type
    );
    let after = format!("\r\n--{boundary}--\r\n");
    UploadSpec { method: Method::Post, url, headers, before: before.into(), after: after.into(), carries }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use model::{AttachmentOptions, SessionSource};

    use super::*;

    fn connection(kind: Kind) -> Connection {
        Connection::new("c".into(), "Own", kind, "https://a.example/bot", SessionSource::None)
    }

    fn file() -> FileFacts {
        FileFacts { name: "a \"b\".txt".into(), mime_type: "text/plain".into(), size: 3 }
    }

    #[test]
    fn a_form_is_sent_to_ones_own_backend() {
        let Ok(Plan::Send(spec)) = plan(&connection(Kind::Custom), &file(), "x7") else { panic!() };
        assert_eq!((spec.url.as_str(), spec.carries), ("https://a.example/bot/api/upload", Carries::Credentials));
        let body = [spec.before, b"abc".to_vec(), spec.after].concat();
        let expected = "--x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.txt\"\r\n\
                        Content-Type: text/plain\r\n\r\nabc\r\n--x7--\r\n";
        assert_eq!(String::from_utf8(body).unwrap(), expected);
        assert!(plan(&connection(Kind::Openai), &file(), "x7").is_err());
    }

    #[test]
    fn a_direct_upload_goes_where_the_connection_says_and_is_answered_by_a_name() {
        let direct = |url: &str| {
            let options = AttachmentOptions { upload_url: Some(url.to_owned()), ..AttachmentOptions::default() };
            plan(&Connection { attachments: Some(options), ..connection(Kind::Chatkit) }, &file(), "x7")
        };
        let Ok(Plan::Send(spec)) = direct("/files") else { panic!() };
        assert_eq!((spec.url.as_str(), spec.carries), ("https://a.example/files", Carries::Credentials));
        let Ok(Plan::Send(spec)) = direct("https://files.example/in") else { panic!() };
        assert_eq!(spec.url.as_str(), "https://files.example/in");
        assert!(direct("file:///etc/passwd").is_err());
        assert_eq!(named(br#"{"id": "atc_1", "metadata": null}"#).as_deref(), Some("atc_1"));
        assert_eq!(named(br#"{"id": 7}"#).as_deref(), Some("7"));
        for nothing in [&b"{}"[..], br#"{"id": ""}"#, b"[]", b"thanks", b""] {
            assert_eq!(named(nothing), None);
        }
    }

    #[test]
    fn a_storage_gets_the_bytes_and_its_own_headers_and_no_token() {
        let target = |url: &str, method| UploadTarget {
            url: url.to_owned(),
            method,
            headers: vec![("Content-Type".to_owned(), "text/plain".to_owned())],
        };
        let chatkit = connection(Kind::Chatkit);
        let put = to(&chatkit, &target("https://bucket.example/1", UploadMethod::Put), &file(), "x7").unwrap();
        assert_eq!((put.method, put.carries, put.before.len() + put.after.len()), (Method::Put, Carries::Nothing, 0));
        assert_eq!(put.headers, [("Content-Type".to_owned(), "text/plain".to_owned())]);
        let post = to(&chatkit, &target("https://bucket.example/1", UploadMethod::Post), &file(), "x7").unwrap();
        assert_eq!(post.headers, [("Content-Type".to_owned(), "multipart/form-data; boundary=x7".to_owned())]);
        assert!(to(&chatkit, &target("http://127.0.0.1:9/", UploadMethod::Put), &file(), "x7").is_err());
    }
}
