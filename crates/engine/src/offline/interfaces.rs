//! The computer's network, as far as it tells that a server may be reached again.

use std::{net::IpAddr, time::Duration};

use netwatcher::{Update, async_adapter::Tokio};

/// How long an address has to be there until it is used: its routes and other addresses come right after it.
const SETTLED: Duration = Duration::from_millis(300);

/// Calls `hope` each time that the computer got an address with which others can be reached. Never ends; where the system
/// cannot be asked, it never calls either, and the waits are all there is.
pub async fn changes(hope: impl Fn()) {
    match netwatcher::watch_interfaces_async::<Tokio>() {
        Ok(mut watch) => {
            // The first one tells how it is now.
            watch.changed().await;
            loop {
                if is_good(&watch.changed().await) {
                    tokio::time::sleep(SETTLED).await;
                    tracing::info!("the network is another one");
                    hope();
                }
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the system does not tell of its network");
            std::future::pending().await
        }
    }
}

fn is_good(update: &Update) -> bool {
    update.addrs_added().any(|(_, record)| reaches(record.ip))
}

/// Whether an address reaches further than this computer and its wire. Bridges of containers come and go with others.
fn reaches(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_reaches_others_is_a_reason_to_hope() {
        let of = |text: &str| reaches(text.parse().unwrap());
        assert!(of("192.168.1.7") && of("10.0.0.1") && of("2001:db8::1") && of("fd00::1"));
        assert!(!of("127.0.0.1") && !of("169.254.3.4") && !of("fe80::1") && !of("::1"));
    }
}
