use super::*;

fn answer() -> Answer {
    let pieces = ["data: a\n\n", "data: b\n\n", "data: é\n\n", "data: [DONE]\n\n"];
    Answer {
        way: Way::Stream,
        accept: String::new(),
        content_type: "text/event-stream".to_owned(),
        pieces: pieces.map(|piece| piece.as_bytes().to_vec()).to_vec(),
        middle: Some(1),
        character: Some((2, 7)),
        mark: Some(3),
    }
}

fn messages() -> Answer {
    Answer { way: Way::Socket, accept: "=".repeat(28), ..answer() }
}

fn text(steps: &[Step]) -> String {
    String::from_utf8_lossy(&sent(steps)).into_owned()
}

#[test]
fn what_is_only_late_or_in_other_pieces_is_the_same_answer() {
    for answer in [answer(), messages()] {
        let whole = text(&answer.whole());
        for stage in Stage::ALL {
            for fault in [Fault::Delay, Fault::Buffer, Fault::Drip, Fault::SplitCharacter] {
                let Some(steps) = answer.faulty(stage, fault) else { continue };
                assert_eq!(text(&steps), whole, "{stage:?} {fault:?}");
            }
        }
    }
}

#[test]
fn what_breaks_is_the_beginning_of_the_answer() {
    let answer = answer();
    let whole = text(&answer.whole());
    let mut before = 0;
    for stage in &Stage::ALL[1..] {
        let steps = answer.faulty(*stage, Fault::Cut).unwrap();
        assert_eq!(steps.last(), Some(&Step::Close));
        let length = sent(&steps).len();
        assert!(whole.starts_with(&text(&steps)) && length >= before && length < whole.len(), "{stage:?}");
        before = length;
    }
}

#[test]
fn a_message_is_taken_before_it_is_answered_whatever_goes_wrong() {
    let answer = messages();
    for stage in Stage::ALL {
        for fault in Fault::ALL {
            let Some(steps) = answer.faulty(stage, fault) else { continue };
            let taken = steps.iter().position(|step| *step == Step::Take);
            // The head of a message of text, and what stands in the first one.
            let said = steps.iter().position(|step| matches!(step, Step::Send(bytes) if bytes.contains(&0x81)));
            assert!(said.is_none() || taken.is_some_and(|taken| Some(taken) < said), "{stage:?} {fault:?}");
        }
    }
    let left = answer.faulty(Stage::Middle, Fault::Leave).unwrap();
    assert!(sent(&left).ends_with(b"\x81\x09data: a\n\n\x88\x02\x03\xe9"), "{left:?}");
}

#[test]
fn a_wrong_length_is_that_of_its_stage() {
    let answer = answer();
    let steps = answer.faulty(Stage::Told, Fault::TooShort).unwrap();
    let (head, body) = text(&steps).split_once("\r\n\r\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(head.ends_with("content-length: 28"), "{head}");
    assert_eq!(body.as_bytes(), answer.pieces.concat());
    let steps = answer.faulty(Stage::Middle, Fault::TooLong).unwrap();
    assert!(text(&steps).ends_with("content-length: 1042\r\n\r\ndata: a\n\n"), "{}", text(&steps));
}

#[test]
fn a_character_is_in_two_where_it_is_split_or_lost() {
    let answer = answer();
    let steps = answer.faulty(Stage::Middle, Fault::SplitCharacter).unwrap();
    let held = steps.iter().position(|step| *step == Step::Hold).unwrap();
    assert!(std::str::from_utf8(&sent(&steps[..held])).is_err());
    let steps = answer.faulty(Stage::Middle, Fault::HalfCharacter).unwrap();
    assert!(sent(&steps).ends_with(b"data: \xc3\r\n0\r\n\r\n"));
}
