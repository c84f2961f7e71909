//! The way to the server.

use model::Finding;

use super::About;
use crate::view::Whose;

/// What can be wrong there.
pub const ALL: &[About] = &[
    About {
        finding: Finding::WrongAddress,
        title: "Something else answers at the address",
        whose: Whose::Settings,
        cause: "There is a server at the address, and not the one that is looked for: it shows a web page, points to another \
                address, or does not speak the language of the port, as with https:// to a port without encryption.",
        remedy: "Ask whoever runs the server for the address of its chat endpoint, and compare the beginning (http:// or \
                 https://), the name, the port and the path. A gateway that wants a login in the browser has to let programs \
                 through that carry a token.",
        also: &["wrong server", "web page", "HTML", "redirect", "wrong port", "http to https port", "moved"],
        ask: &["What answers at the address of my connection?", "Why does a web page come instead of an answer?"],
    },
    About {
        finding: Finding::WrongPath,
        title: "Nothing is at the path",
        whose: Whose::Settings,
        cause: "The server is there, and has nothing at the path where it was asked (404), or takes no POST there (405). The \
                host and the port are right.",
        remedy: "Compare the end of the address with the routes of the server: ChatKit servers mostly end in /chatkit, \
                 OpenAI-compatible ones in /v1. In FastAPI, a router's prefix is part of the path; behind nginx, location /api/ \
                 with proxy_pass http://app:8000/ takes /api away.",
        also: &["404", "405", "not found", "method not allowed", "wrong path", "missing route", "chatkit endpoint"],
        ask: &["Why is nothing at the path?", "What path does a ChatKit server have?"],
    },
    About {
        finding: Finding::VersionDoubled,
        title: "A part of the path stands twice",
        whose: Whose::Settings,
        cause: "What is asked has the same part twice, such as /v1/v1/chat/completions or /api/api/chat, and the server has \
                nothing there. The part stands in the address of the connection and again in what is put behind it.",
        remedy: "Take one of the two out: leave the address as https://host/v1, or shorten the path under More settings. On the \
                 server, look whether a router's prefix, root_path and a gateway's location each add it.",
        also: &["/v1/v1", "v1 twice", "doubled path", "duplicate prefix", "double v1", "base url"],
        ask: &["Why does /v1 stand twice in the address?", "What is the right base address?"],
    },
    About {
        finding: Finding::NameNotFound,
        title: "The name of the server is not found",
        whose: Whose::Settings,
        cause: "Nobody knows an address for the host's name: it is misspelt, exists only in another network, such as that of a \
                company, or this computer is not online.",
        remedy: "Check the name letter by letter, and whether other pages open. Names inside a company need its network or VPN. \
                 Names of containers, such as http://backend:8000, are known to containers only: write localhost and the \
                 published port.",
        also: &["DNS", "host not found", "getaddrinfo", "NXDOMAIN", "name resolution", "no such host", "VPN"],
        ask: &["Why is the server's name not found?"],
    },
    About {
        finding: Finding::ConnectionRefused,
        title: "Nothing listens at the port",
        whose: Whose::Server,
        cause: "The computer at the address answers, and no program listens at the port: the server does not run, or listens \
                at another port or only for itself.",
        remedy: "Start the server, and compare the port that it prints. In a container it has to listen for everybody, as in \
                 uvicorn app:app --host 0.0.0.0 --port 8000, and the port has to be published. Where localhost fails, try \
                 127.0.0.1: the server may not listen on IPv6.",
        also: &["connection refused", "ECONNREFUSED", "server down", "port closed", "not running", "localhost"],
        ask: &["Why is the connection refused?", "How do I reach a server in a container?"],
    },
    About {
        finding: Finding::ConnectionReset,
        title: "The connection is dropped",
        whose: Whose::Server,
        cause: "Something takes the connection and drops it before it answers: the server crashed over the request, a load \
                balancer has no server behind it, a firewall steps in, or the port expects encryption and gets none.",
        remedy: "Look at the server's log for a crash or a worker that was killed, also for lack of memory. Compare http:// and \
                 https://. If it happens only in one network, ask whoever runs that about its firewall.",
        also: &["connection reset", "ECONNRESET", "empty reply", "socket hang up", "broken pipe", "unexpected eof"],
        ask: &["Why is the connection reset?"],
    },
    About {
        finding: Finding::ConnectionTimedOut,
        title: "Nobody takes the call in time",
        whose: Whose::Network,
        cause: "The name is known, and nothing answers at its address for fifteen seconds, not even a refusal. Mostly a \
                firewall drops what comes from this network, the computer is off, or the server is too busy to take calls.",
        remedy: "Check whether the server wants a VPN or a list of allowed addresses, and whether the port is open in the \
                 firewall or security group. Try the address from another network. If it is yours, look how busy it is.",
        also: &["connection timed out", "ETIMEDOUT", "timeout", "firewall", "security group", "no route"],
        ask: &["Why does the connection time out?"],
    },
    About {
        finding: Finding::CertificateUntrusted,
        title: "The certificate has an unknown issuer",
        whose: Whose::Server,
        cause: "The server shows a certificate whose issuer this computer does not know, that vouches for itself, or that is \
                not the pinned one. It may be that of a company, or the server does not send the certificates between.",
        remedy: "On the server, send the whole chain: for nginx, ssl_certificate fullchain.pem. For a company's or an own issuer, \
                 name its certificate under More settings, or pin the SHA-256 that the test shows. In a hotel, sign in to the \
                 network first.",
        also: &[
            "self-signed",
            "unknown issuer",
            "unable to get local issuer certificate",
            "CA",
            "TLS",
            "SSL",
            "chain",
            "pin",
        ],
        ask: &["Why does the certificate have an unknown issuer?"],
    },
    About {
        finding: Finding::CertificateExpired,
        title: "The certificate has expired",
        whose: Whose::Server,
        cause: "The time of the server's certificate is over, or has not yet begun, by the clock of this computer. The step \
                shows from when to when it is good.",
        remedy: "Check the clock of this computer first. If that is right, whoever runs the server has to renew the certificate \
                 and load it: after certbot renew, nginx needs systemctl reload nginx, or it goes on showing the old one.",
        also: &["expired certificate", "not yet valid", "certbot", "Let's Encrypt", "renew", "TLS date"],
        ask: &["What do I do about an expired certificate?"],
    },
    About {
        finding: Finding::CertificateWrongName,
        title: "The certificate is for another name",
        whose: Whose::Server,
        cause: "The server shows a certificate that does not name the host in the address. Mostly the address is a number or a \
                second name, or the server shows the certificate of its first site for names that it does not know.",
        remedy: "Use the name that the certificate is for: the step lists them under For. Otherwise have it made for this name as \
                 well, and check in nginx that server_name has it, so that the right site answers.",
        also: &["hostname mismatch", "wrong host", "subject alternative name", "SAN", "CN mismatch", "server_name"],
        ask: &["Why is the certificate for another name?"],
    },
    About {
        finding: Finding::ClientCertificateWanted,
        title: "A client certificate is wanted",
        whose: Whose::Settings,
        cause: "The server lets in only who shows a certificate of their own (mutual TLS): none was shown, or one that it does \
                not accept because it is of another issuer or has ended.",
        remedy: "Get a certificate and its key from whoever runs the server, and name the file under More settings, with its \
                 password if it has one. On the server, nginx accepts what the file in ssl_client_certificate vouches for.",
        also: &[
            "mTLS",
            "mutual TLS",
            "client certificate",
            "certificate required",
            "PKCS12",
            "p12",
            "ssl_verify_client",
        ],
        ask: &["Why is a client certificate wanted?"],
    },
    About {
        finding: Finding::ProxyInTheWay,
        title: "The proxy does not let requests through",
        whose: Whose::Network,
        cause: "Requests go through a proxy that was set for this connection or for the computer, and it cannot be reached, or \
                does not reach the server or want to. The server itself was not asked.",
        remedy: "The step says where the proxy was set. Outside of its network, choose none for the connection under More \
                 settings, or put the host into NO_PROXY. Inside, ask whoever runs the proxy to let this host and port through.",
        also: &["proxy error", "http_proxy", "https_proxy", "NO_PROXY", "tunnel", "CONNECT", "403 from proxy", "SOCKS"],
        ask: &["Why does the proxy not let me through?", "How do I go around the proxy?"],
    },
    About {
        finding: Finding::ProxyLogin,
        title: "The proxy wants a login",
        whose: Whose::Settings,
        cause: "The proxy on the way refuses with 407, or the same in SOCKS: it wants a user name and a password, or others than \
                it was given. The server has not been asked, and its token has nothing to do with it.",
        remedy: "Choose an own proxy for the connection under More settings, and give its user name and password there; the \
                 password is kept in the keychain. They are mostly those of your account in the company.",
        also: &["407", "proxy authentication required", "proxy password", "proxy user", "Proxy-Authorization"],
        ask: &["How do I give the proxy a password?", "Why does the proxy want a login?"],
    },
    About {
        finding: Finding::CaptivePortal,
        title: "The network wants you to sign in first",
        whose: Whose::Network,
        cause: "A web page came instead of the server's answer, over a connection that is not encrypted. Networks of hotels, \
                trains and companies put such a page in the way until you have signed in or agreed to something.",
        remedy: "Open the page in the browser, do what it asks for, and test again. If there is nothing to sign in at, the page \
                 is the server's own: check the address down to its path. An address with https:// cannot be replaced like this.",
        also: &["captive portal", "hotel wifi", "sign in to network", "511", "login page", "hotspot", "WLAN"],
        ask: &["Why does a sign-in page come instead of the answer?", "What is a captive portal?"],
    },
];

#[cfg(test)]
mod tests {
    use super::super::session;
    use super::*;

    #[test]
    fn each_is_told_in_as_many_words_as_somebody_reads() {
        for About { finding, title, cause, remedy, also, ask, .. } in ALL.iter().chain(session::ALL) {
            let words = cause.split_whitespace().chain(remedy.split_whitespace()).count();
            assert!((40..=90).contains(&words), "{finding}: {words} words");
            assert!(title.split_whitespace().count() <= 9 && !title.ends_with('.'), "{finding}: {title}");
            assert!(!also.is_empty() && (1..=2).contains(&ask.len()), "{finding}");
            assert!(ask.iter().all(|question| question.ends_with('?')), "{finding}");
        }
    }
}
