//! What the machine around it changes: proxies and certificates. Both are read from the environment when a client is
//! made, so these tests run this program once more, with another environment.

use std::process::Stdio;

use transport::{Request, TransportError, probe::Probe};

use crate::server::{Server, http, patient, plain};

/// The addresses that the second run is to call.
const CALL: &str = "KITTIWAKE_TEST_CALL";
/// The addresses that it is to look at.
const LOOK: &str = "KITTIWAKE_TEST_LOOK";

/// Not a test of its own: what the second run does. It says one line for each address.
#[tokio::test]
async fn second_run() {
    let Ok(addresses) = std::env::var(CALL) else { return };
    let http = plain();
    for address in addresses.split(' ') {
        let said = match http.json(Request::get(address.parse().unwrap()), &patient()).await {
            Ok(answer) => String::from_utf8(answer.body.to_vec()).unwrap(),
            Err(TransportError::Untrusted { .. }) => "untrusted".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        eprintln!("said: {said}");
    }
}

/// Not a test of its own: what the second run sees when it looks at the way. One line for each address: what comes of a
/// request, of the handshake, and what the certificate says of itself; or through which proxy, and what came of it.
#[tokio::test]
async fn second_look() {
    let Ok(addresses) = std::env::var(LOOK) else { return };
    let http = http();
    for address in addresses.split(' ') {
        let url: reqwest::Url = address.parse().unwrap();
        let sent = match http.json(Request::get(url.clone()), &patient()).await {
            Ok(_) => "sent".to_owned(),
            Err(TransportError::Untrusted { why, .. }) => format!("{why:?}"),
            Err(error) => format!("{error:?}"),
        };
        let probe = Probe::new(&http, url);
        let found = probe.look_up().await.unwrap();
        let (stream, _) = probe.connect(&found).await.unwrap();
        let shaken = match probe.secure(stream).await {
            Ok(Some(shaken)) => shaken,
            other => {
                eprintln!("said: {sent} | {:?} | {other:?}", probe.proxy());
                continue;
            }
        };
        let certificate = shaken.certificate.unwrap();
        let outcome = match shaken.outcome {
            Ok(version) => version.to_owned(),
            Err(TransportError::Untrusted { why, .. }) => format!("{why:?}"),
            Err(error) => format!("{error:?}"),
        };
        let proxy = probe.proxy().map(|proxy| format!(" | {proxy}")).unwrap_or_default();
        eprintln!("said: {sent} | {outcome} | {:?} | {}{proxy}", certificate.names, certificate.issuer);
    }
}

/// Runs [`second_run`] in an environment that holds nothing but this.
pub async fn run(addresses: &[&str], environment: &[(&str, &str)]) -> Vec<String> {
    again("environment::second_run", (CALL, addresses), environment).await
}

/// Runs [`second_look`] in an environment that holds nothing but this.
pub async fn look(addresses: &[&str], environment: &[(&str, &str)]) -> Vec<String> {
    again("environment::second_look", (LOOK, addresses), environment).await
}

async fn again(test: &str, (variable, addresses): (&str, &[&str]), environment: &[(&str, &str)]) -> Vec<String> {
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .env(variable, addresses.join(" "))
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .output();
    let errors = String::from_utf8(child.await.unwrap().stderr).unwrap();
    errors.lines().filter_map(|line| line.strip_prefix("said: ")).map(str::to_owned).collect()
}

/// Answers every call with the same JSON.
async fn answer(server: &Server, json: &str) {
    loop {
        let mut exchange = server.next().await;
        let length = json.len();
        exchange
            .write(format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{json}"
            ))
            .await;
        exchange.close().await;
    }
}

#[tokio::test]
async fn a_proxy_is_used_but_not_for_what_runs_here() {
    let (here, proxy) = (Server::start().await, Server::start().await);
    let (here_url, proxy_url) = (here.url().to_string(), proxy.url().to_string());
    let addresses = [here_url.as_str(), "http://chat.example/chatkit"];
    let proxies = [("http_proxy", proxy_url.as_str()), ("all_proxy", proxy_url.as_str())];
    let said = tokio::select! {
        said = run(&addresses, &proxies) => said,
        () = answer(&here, "1") => unreachable!(),
        () = answer(&proxy, "2") => unreachable!(),
    };
    assert_eq!(said, ["1", "2"]);
}

#[tokio::test]
async fn a_proxy_of_the_system_is_passed_by_where_it_says_so() {
    let proxy = Server::start().await;
    let proxy_url = proxy.url().to_string();
    let addresses = ["http://chat.example/chatkit", "http://intern.example/chatkit"];
    let proxies = [("http_proxy", proxy_url.as_str()), ("no_proxy", "intern.example")];
    let said = tokio::select! {
        said = run(&addresses, &proxies) => said,
        () = answer(&proxy, "2") => unreachable!(),
    };
    assert_eq!(said[0], "2");
    assert!(said[1].contains("Unreachable") && said[1].contains("http://intern.example"), "{said:?}");
}

#[tokio::test]
async fn a_machine_without_certificates_can_still_speak_http() {
    let here = Server::start().await;
    let address = here.url().to_string();
    let addresses = [address.as_str()];
    let nowhere = [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent/folder")];
    let said = tokio::select! {
        said = run(&addresses, &nowhere) => said,
        () = answer(&here, "1") => unreachable!(),
    };
    assert_eq!(said, ["1"]);
}

#[tokio::test]
async fn a_look_through_a_proxy_says_so_and_sees_the_server_behind_it() {
    let proxy = Server::start().await;
    let with_password = proxy.url().to_string().replace("http://", "http://ann:sesame@");
    let proxies = [("https_proxy", with_password.as_str()), ("http_proxy", with_password.as_str())];
    let refuse = async {
        loop {
            // Somebody looks, and the client itself tries.
            let mut exchange = proxy.next().await;
            assert!(exchange.head.starts_with("connect chat.example:443 http/1.1"), "{}", exchange.head);
            assert!(exchange.head.contains("proxy-authorization: basic "), "{}", exchange.head);
            exchange.write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
            exchange.close().await;
        }
    };
    let said = tokio::select! {
        said = look(&["https://chat.example/chatkit"], &proxies) => said,
        () = refuse => unreachable!(),
    };
    let shown = proxy.url().to_string().replace("/chatkit", "");
    assert!(said[0].contains(&format!("{shown:?}")) && said[0].contains("status 407"), "{said:?}");
    assert!(!said[0].contains("sesame"), "{said:?}");
}
