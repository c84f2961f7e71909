//! A new session that is asked for on purpose.

use super::*;

#[tokio::test]
async fn a_test_makes_a_new_session_and_leaves_the_live_one_if_it_cannot() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1", "expires_in": 600}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    let before = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view());
    for answer in [status("503 Busy"), json(r#"{"client_secret": null}"#), status("401 Unauthorized")] {
        this.endpoint.will(answer);
        this.sessions.anew(&this.connection, Part::Session).await.unwrap_err();
        let after = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view());
        assert_eq!(after, before);
        assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    }
    this.endpoint.will(json(r#"{"client_secret": "ek_22", "expires_in": 600, "user_id": 7}"#));
    let fresh = this.sessions.anew(&this.connection, Part::Session).await.unwrap();
    assert_eq!((fresh.found_at.as_str(), fresh.length, fresh.dated), ("/client_secret", 5, false));
    assert_eq!(fresh.fields, [("user_id".to_owned(), "7".to_owned())]);
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_22");
    assert_eq!(this.endpoint.asked().len(), 5);
}

#[tokio::test]
async fn a_session_of_an_earlier_run_outlives_a_test_that_fails() {
    let mut this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1", "expires_in": 600}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    this.restart().await;
    this.endpoint.will(status("500 Oops"));
    assert_eq!(this.sessions.anew(&this.connection, Part::Session).await.unwrap_err().code, FailureCode::ServerRefused);
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    assert_eq!(this.endpoint.asked().len(), 2);
}

#[tokio::test]
async fn whoever_wants_a_session_meanwhile_waits_for_the_tested_one() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1"}"#));
    let (fresh, secret) =
        tokio::join!(this.sessions.anew(&this.connection, Part::Session), this.secret(Asker::Program));
    fresh.unwrap();
    assert_eq!(secret.unwrap(), "ek_1");
    assert_eq!(this.endpoint.asked().len(), 1);
    // A test that comes while somebody asks waits, and asks then.
    this.sessions.begin_anew(&this.connection.id);
    this.sessions.forget_kept(&this.connection, Part::Session).await;
    this.endpoint.will(json(r#"{"client_secret": "ek_2"}"#));
    this.endpoint.will(json(r#"{"client_secret": "ek_3"}"#));
    let (secret, fresh) =
        tokio::join!(this.secret(Asker::Program), this.sessions.anew(&this.connection, Part::Session));
    assert_eq!(secret.unwrap(), "ek_2");
    fresh.unwrap();
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_3");
    assert_eq!(this.endpoint.asked().len(), 3);
}

#[tokio::test]
async fn a_test_that_nobody_waits_for_any_more_ends_all_the_same() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1"}"#));
    let asked = this.sessions.anew(&this.connection, Part::Session);
    tokio::select! { biased; _ = asked => panic!("at once"), () = std::future::ready(()) => {} }
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    assert_eq!(this.endpoint.asked().len(), 1);
}

#[tokio::test]
async fn a_draft_leaves_nothing_behind() {
    let mut this = Try::new().await;
    this.source().with_key = true;
    this.endpoint.will(json(r#"{"client_secret": "ek_1", "expires_in": 600}"#));
    let out = this.sessions.out(&this.connection).await.unwrap();
    let (fresh, secret) =
        this.sessions.of_draft(&this.connection, Part::Session, &out, Some(&"key-1".into())).await.unwrap();
    assert_eq!((fresh.length, secret.expose_secret()), (4, "ek_1"));
    assert!(this.endpoint.asked()[0].contains("authorization: Bearer key-1"));
    assert!(this.secrets.get(&this.connection.id).unwrap().is_none());
    let view = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view());
    assert_eq!(view.phase, SessionPhase::Absent);
}
