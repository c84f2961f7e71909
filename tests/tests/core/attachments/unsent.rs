//! Files that no message takes along: their server forgets them.

use super::*;

#[tokio::test]
async fn what_is_removed_in_the_middle_leaves_no_request_and_nothing_on_the_server() {
    let desk = Desk::at(Server::start("POST", StatusCode::OK, 0).await, json!({})).await;
    let files = desk.attach(&[desk.file("big.bin", &vec![1; 8 << 20])]).await.unwrap();
    desk.open(1).await;
    desk.engine.remove_attachment(&files[0].id).unwrap();
    desk.server.gate.add_permits(1);
    desk.open(0).await;
    assert!(desk.engine.attachments(&desk.target()).is_empty());
    desk.engine.close().await;
    assert!(desk.server.came.lock().unwrap().is_empty());
    assert_eq!(desk.server.of("attachments.delete")[0]["params"]["attachment_id"], "atc_big.bin");
}

#[tokio::test]
async fn what_was_never_sent_is_deleted_when_the_program_ends_or_its_connection_is_removed() {
    for ends in ["closed", "removed"] {
        let desk = Desk::new("PUT").await;
        let sent = desk.attach(&[desk.file("sent.txt", b"x")]).await.unwrap();
        desk.settled().await;
        let thread = desk.engine.send(desk.message("look", &sent)).await.unwrap();
        let mut screen = Screen::open(&desk.engine, &thread).await;
        screen.until("answered", |screen| screen.phase() == TurnPhase::Idle).await;
        desk.attach(&[desk.file("new.txt", b"x")]).await.unwrap();
        desk.settled().await;
        let there = FileTarget { connection: desk.connection.clone(), thread: Some(thread.clone()) };
        let source = FileSource::Path(desk.file("there.txt", b"x"));
        let id = desk.engine.attach(&there, vec![source]).await.unwrap()[0].id.clone();
        let ready =
            |files: Vec<DraftFile>| files.iter().any(|file| file.id == id && file.state == DraftFileState::Ready);
        let mut told = desk.engine.subscribe_app();
        while !ready(desk.engine.attachments(&there)) {
            timeout(Duration::from_secs(60), told.next()).await.unwrap().unwrap();
        }
        match ends {
            "closed" => desk.engine.close().await,
            _ => desk.engine.remove_connection(&desk.connection).await.unwrap(),
        }
        let asked = desk.server.of("attachments.delete");
        let mut deleted: Vec<_> =
            asked.iter().map(|asked| asked["params"]["attachment_id"].as_str().unwrap()).collect();
        deleted.sort_unstable();
        assert_eq!(deleted, ["atc_new.txt", "atc_there.txt"], "{ends}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_does_not_hold_up_the_end() {
    let desk = Desk::new("PUT").await;
    desk.attach(&[desk.file("a.txt", b"x")]).await.unwrap();
    desk.settled().await;
    desk.server.deaf.store(true, Ordering::SeqCst);
    timeout(Duration::from_secs(30), desk.engine.close()).await.expect("the end waits for nobody");
    assert_eq!(desk.server.of("attachments.delete").len(), 1);
}
