//! What the machine around it changes: proxies and certificates. Both are read from the environment when a client is
//! made, so these tests run this program once more, with another environment.

use std::process::Stdio;

use transport::{Request, TransportError};

use crate::server::{Server, http, patient};

/// The addresses that the second run is to call.
const CALL: &str = "KITTIWAKE_TEST_CALL";

/// Not a test of its own: what the second run does. It says one line for each address.
#[tokio::test]
async fn second_run() {
    let Ok(addresses) = std::env::var(CALL) else { return };
    let http = http();
    for address in addresses.split(' ') {
        let said = match http.json(Request::get(address.parse().unwrap()), &patient()).await {
            Ok(answer) => String::from_utf8(answer.body.to_vec()).unwrap(),
            Err(TransportError::Untrusted { .. }) => "untrusted".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        eprintln!("said: {said}");
    }
}

/// Runs [`second_run`] in an environment that holds nothing but this.
pub async fn run(addresses: &[&str], environment: &[(&str, &str)]) -> Vec<String> {
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "environment::second_run", "--nocapture"])
        .env_clear()
        .env(CALL, addresses.join(" "))
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
