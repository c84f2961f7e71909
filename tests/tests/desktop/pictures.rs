//! Pictures in an answer: one that comes with it, and one on a host that nobody has allowed.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Gated, added, assistant_message, done, opening},
    office::{connect, look},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use thirtyfour::Key;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const BIRD: &[u8] = include_bytes!("../../../icons/128.png");

/// A host that hands out one picture, and counts who asks.
async fn host() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::<AtomicUsize>::default());
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut bytes = [0; 4096];
            let _ = socket.read(&mut bytes).await;
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", BIRD.len());
            let _ = socket.write_all(&[head.as_bytes(), BIRD].concat()).await;
        }
    });
    (port, asked)
}

/// Whether a picture with that description is drawn, which is more than that it is there.
fn drawn(alt: &str) -> String {
    format!("[...document.querySelectorAll('img')].some((img) => img.alt === '{alt}' && img.naturalWidth === 128)")
}

#[tokio::test]
async fn pictures_are_drawn_and_a_stranger_is_asked_only_when_the_person_wants_it() {
    let (home, mut server) = (Home::new(), Gated::start().await);
    let (port, asked) = host().await;
    let mut window = Desktop::start("pictures", &home).await;
    connect(&mut window, &server).await;
    window.say("Show me birds").await;
    let mut exchange = server.next().await;
    let here = BASE64_STANDARD.encode(BIRD);
    let text = format!(
        "This one came with the words:\n\n![A kittiwake](data:image/png;base64,{here})\n\nThis one is elsewhere:\n\n\
         ![A tern on a rock](http://localhost:{port}/tern.png)\n\nAnd this is none: ![a drawing](data:image/svg+xml,%3Csvg/%3E)"
    );
    exchange.begin_with(opening("Show me birds")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", &text))).await;
    exchange.end().await;
    window.until_answered().await;
    window.until_true("the first is drawn", &drawn("A kittiwake")).await;
    window.until("the second is asked about", "[data-testid=picture][data-state=asking]").await;
    window.until("the third is refused", "[data-testid=picture][data-state=failed]").await;
    let said = window.text("[data-testid=picture][data-state=asking]").await;
    assert!(said.contains("Showing it tells localhost that you read this"), "{said}");
    assert_eq!(asked.load(Ordering::SeqCst), 0, "somebody was asked");
    look(&mut window, "asking").await;
    window.press("Show picture").await;
    window.until_true("the second is drawn", &drawn("A tern on a rock")).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    window.shot("shown").await;
    window.click("[data-testid=picture] button[aria-haspopup=dialog]").await;
    window.until("it is large", "[data-testid=enlarged] img").await;
    window.shot("large").await;
    window.keys(Key::Escape).await;
    window.until_gone("it is small again", "[data-testid=enlarged]").await;
    window.close().await;
}
