use model::{Kind, SessionSource};
use tokio::time::timeout;
use transport::Http;

use self::office::Office;
use super::*;

mod office;

/// Nothing is waited for that does not have to be.
const QUICK: SocketPace = SocketPace {
    pulse: Pulse {
        every: Duration::from_secs(30),
        patience: Duration::from_secs(10),
        working: Duration::from_secs(60),
    },
    linger: Duration::ZERO,
    first_wait: Duration::from_millis(20),
    longest_wait: Duration::from_millis(100),
};

struct Desk {
    sockets: Sockets,
    tasks: TaskTracker,
    closing: CancellationToken,
    out: Outbound,
    office: Office,
    connection: Connection,
}

impl Desk {
    async fn new() -> Self {
        Self::with(QUICK).await
    }

    async fn with(pace: SocketPace) -> Self {
        let (tasks, closing, office) = (TaskTracker::new(), CancellationToken::new(), Office::start().await);
        let url = format!("http://127.0.0.1:{}", office.port);
        let out = Outbound::new(Http::new("test").unwrap(), Arc::default());
        let connection = Connection::new("c".into(), "Office", Kind::Chatkit, &url, SessionSource::Static);
        let sockets = Sockets::new(pace, tasks.clone(), closing.clone());
        Self { sockets, tasks, closing, out, office, connection }
    }

    fn way(&self, thread: &str) -> Way {
        let url = format!("{}/ws/chat/{thread}", self.connection.url);
        Way {
            thread: ThreadId::new(thread),
            connection: self.connection.clone(),
            out: self.out.clone(),
            request: Request::get(url.parse().unwrap()),
            limits: Limits::default(),
        }
    }

    async fn ask(&self, thread: &str, text: &str) -> Result<Answer, TransportError> {
        self.sockets.ask(self.way(thread), text.to_owned()).await
    }

    /// Has a message answered by one other.
    async fn say(&self, thread: &str, text: &str) -> String {
        let mut answer = self.ask(thread, text).await.unwrap();
        let said = answer.next().await.unwrap();
        answer.finish();
        said
    }

    fn view(&self, thread: &str) -> Viewing {
        self.sockets.view(&ThreadId::new(thread))
    }

    /// Returns when nothing is left of any thread.
    async fn until_none(&self) {
        self.tasks.close();
        timeout(Duration::from_secs(20), self.tasks.wait()).await.expect("a socket is kept that nobody needs");
        self.tasks.reopen();
    }
}

#[tokio::test]
async fn a_thread_has_one_socket_as_long_as_somebody_looks_at_it() {
    let desk = Desk::new().await;
    let view = desk.view("a");
    assert_eq!(desk.office.seen().handshakes, 0, "nothing is opened before there is something to say");
    for text in ["one", "two", "three"] {
        assert_eq!(desk.say("a", text).await, format!("you: {text}"));
    }
    let second = desk.view("a");
    drop(view);
    assert_eq!(desk.say("a", "four").await, "you: four");
    let seen = desk.office.seen();
    assert_eq!((seen.handshakes, seen.open, seen.messages.len()), (1, 1, 4));
    drop(second);
    let seen = desk.office.until(|seen| seen.open == 0).await;
    assert_eq!((seen.most, seen.closed), (1, 1), "{seen:?}");
    desk.until_none().await;
    assert_eq!(desk.sockets.len(), 0);
}

#[tokio::test]
async fn threads_have_their_own_and_one_that_nobody_looks_at_is_closed_after_its_answer() {
    let desk = Desk::new().await;
    let answers = tokio::join!(desk.say("a", "one"), desk.say("b", "two"));
    assert_eq!(answers, ("you: one".to_owned(), "you: two".to_owned()));
    desk.office.until(|seen| seen.handshakes == 2 && seen.open == 0 && seen.closed == 2).await;
    desk.until_none().await;
    assert_eq!(desk.sockets.len(), 0);
}

#[tokio::test]
async fn what_comes_after_an_answer_is_not_taken_for_the_next() {
    let desk = Desk::new().await;
    let _view = desk.view("a");
    assert_eq!(desk.say("a", "more").await, "you: more");
    assert_eq!(desk.say("a", "next").await, "you: next");
    assert_eq!(desk.office.seen().handshakes, 1);
}

#[tokio::test]
async fn two_messages_at_once_go_over_one_socket_one_after_the_other() {
    let desk = Desk::new().await;
    let _view = desk.view("a");
    let (one, two) = tokio::join!(desk.say("a", "one"), desk.say("a", "two"));
    assert_eq!((one.as_str(), two.as_str()), ("you: one", "you: two"));
    let seen = desk.office.seen();
    assert_eq!((seen.handshakes, seen.most), (1, 1));
}

#[tokio::test]
async fn an_answer_that_nobody_wants_any_more_ends_with_its_socket() {
    let desk = Desk::new().await;
    let _view = desk.view("a");
    let mut answer = desk.ask("a", "half").await.unwrap();
    assert_eq!(answer.next().await.unwrap(), "half");
    drop(answer);
    desk.office.until(|seen| seen.open == 0).await;
    assert_eq!(desk.say("a", "again").await, "you: again");
    let seen = desk.office.seen();
    assert_eq!((seen.handshakes, seen.most, seen.closed), (2, 1, 1));
}

#[tokio::test]
async fn a_message_that_was_taken_back_before_the_handshake_was_over_is_never_sent() {
    let desk = Desk::new().await;
    let _view = desk.view("a");
    desk.office.refuse(1);
    let waiting = timeout(Duration::from_millis(200), desk.ask("a", "secret")).await;
    assert!(waiting.is_err());
    desk.office.refuse(0);
    assert_eq!(desk.say("a", "hello").await, "you: hello");
    assert_eq!(desk.office.seen().messages, ["hello"]);
}

#[tokio::test]
async fn an_end_in_mid_answer_is_told_and_the_socket_comes_back_while_somebody_looks() {
    let desk = Desk::new().await;
    let view = desk.view("a");
    for (text, handshakes) in [("close", 1), ("cut", 2)] {
        let mut answer = desk.ask("a", text).await.unwrap();
        assert_eq!(answer.next().await.unwrap(), "half");
        match answer.next().await.unwrap_err() {
            TransportError::Closed { code: Some(1011), reason, started: true } if text == "close" => {
                assert_eq!(reason, "no luck");
            }
            TransportError::Cut { started: true, .. } if text == "cut" => {}
            error => panic!("{error:?}"),
        }
        // Nothing is said, and yet there is another one.
        desk.office.until(|seen| seen.handshakes == handshakes + 1 && seen.open == 1).await;
    }
    assert_eq!(desk.office.seen().most, 1);
    drop(view);
    desk.office.until(|seen| seen.open == 0).await;
    let mut answer = desk.ask("a", "cut").await.unwrap();
    answer.next().await.unwrap();
    answer.next().await.unwrap_err();
    desk.until_none().await;
    assert_eq!(desk.office.seen().handshakes, 4, "nobody looks: it stays closed");
}

#[tokio::test]
async fn a_server_that_begins_anew_is_found_again_and_one_that_refuses_is_left_alone() {
    let mut desk = Desk::new().await;
    let _view = desk.view("a");
    assert_eq!(desk.say("a", "one").await, "you: one");
    let port = desk.office.port;
    // Old sockets linger where a port was in use: the next server may have it all the same.
    drop(std::mem::replace(&mut desk.office, Office::start().await));
    let error = desk.ask("a", "two").await.err().unwrap();
    assert!(matches!(error, TransportError::Unreachable { .. }), "{error:?}");
    desk.office = Office::at(port).await;
    assert_eq!(desk.say("a", "three").await, "you: three");
    assert_eq!(desk.office.seen().messages, ["three"], "what was refused is not sent later by this");

    desk.office.refuse(401);
    let mut answer = desk.ask("a", "cut").await.unwrap();
    answer.next().await.unwrap();
    answer.next().await.unwrap_err();
    let seen = desk.office.until(|seen| seen.handshakes == 2).await;
    desk.until_none().await;
    assert_eq!((seen.handshakes, desk.office.seen().handshakes), (2, 2), "one refusal is enough");
    let error = desk.ask("a", "four").await.err().unwrap();
    assert!(matches!(error, TransportError::Status { status: 401, .. }), "{error:?}");
    desk.office.refuse(0);
    assert_eq!(desk.say("a", "five").await, "you: five");
}

#[tokio::test]
async fn a_message_does_not_wait_for_the_next_try() {
    let long = Duration::from_secs(1000);
    let desk = Desk::with(SocketPace { first_wait: long, longest_wait: long, ..QUICK }).await;
    let _view = desk.view("a");
    let mut answer = desk.ask("a", "cut").await.unwrap();
    answer.next().await.unwrap();
    answer.next().await.unwrap_err();
    assert_eq!(timeout(Duration::from_secs(10), desk.say("a", "now")).await.unwrap(), "you: now");
    assert_eq!(desk.office.seen().most, 1);
}

#[tokio::test]
async fn another_way_is_another_socket_and_never_a_second_one() {
    let mut desk = Desk::new().await;
    let _view = desk.view("a");
    desk.say("a", "one").await;
    desk.connection.headers.push(model::Header { name: "x-team".to_owned(), value: "blue".to_owned() });
    desk.say("a", "two").await;
    // The connection is changed in mid-answer: that comes to its end.
    let mut answer = desk.ask("a", "three").await.unwrap();
    desk.sockets.retire(&desk.connection.id);
    assert_eq!(answer.next().await.unwrap(), "you: three");
    answer.finish();
    desk.office.until(|seen| seen.open == 0).await;
    desk.say("a", "four").await;
    // It is idle: that is closed at once.
    desk.sockets.retire(&ConnectionId::new("another"));
    desk.sockets.retire(&desk.connection.id);
    let seen = desk.office.until(|seen| seen.open == 0).await;
    assert_eq!((seen.handshakes, seen.most, seen.closed), (3, 1, 3));
}

#[tokio::test]
async fn a_thread_that_is_gone_and_a_program_that_ends_leave_no_socket() {
    let desk = Desk::new().await;
    let views = [desk.view("a"), desk.view("b"), desk.view("c")];
    let mut answer = desk.ask("a", "half").await.unwrap();
    answer.next().await.unwrap();
    desk.sockets.close(&ThreadId::new("a"));
    assert!(matches!(answer.next().await.unwrap_err(), TransportError::Cut { .. }));
    desk.office.until(|seen| seen.closed == 1).await;
    desk.say("b", "one").await;
    let _under_way = desk.ask("c", "silent").await.unwrap();
    desk.closing.cancel();
    desk.until_none().await;
    let seen = desk.office.until(|seen| seen.open == 0).await;
    assert_eq!((seen.handshakes, seen.closed), (3, 3), "each was left with a word");
    assert!(desk.ask("b", "two").await.is_err());
    drop(views);
    assert_eq!(desk.sockets.len(), 0);
}
