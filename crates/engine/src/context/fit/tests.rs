use model::{Extra, TextPart, UserMessage};
use proptest::prelude::*;

use super::*;

/// Items named by their places: a question or an answer, and how many bytes it has.
fn items(lengths: &[(bool, usize)]) -> Vec<Item> {
    let body = |own: bool, text: String| match own {
        true => ItemBody::UserMessage(UserMessage::text(text)),
        false => ItemBody::AssistantMessage { content: vec![TextPart { text, annotations: Vec::new() }] },
    };
    let item = |(at, (own, length)): (usize, &(bool, usize))| Item {
        id: ItemId::new(at.to_string()),
        created_at: None,
        body: body(*own, "x".repeat(*length)),
        extra: Extra::new(),
    };
    lengths.iter().enumerate().map(item).collect()
}

/// Each message takes 100 tokens: 96 for its text, and 4 around it.
fn talk(turns: usize) -> Vec<Item> {
    let mut lengths = [(true, 384), (false, 384)].repeat(turns);
    lengths.push((true, 384));
    items(&lengths)
}

fn room(window: u32) -> Room {
    let scale = Scale::default();
    Room { window: Some(window), rule: ContextRule::Drop, answer: Some(200), beside: 0, scale }
}

#[test]
fn what_fits_goes_out_whole_and_what_does_not_begins_with_a_question() {
    assert_eq!(choose(&talk(3), None, &room(900)), Ok(0));
    // 700 tokens into 600, of which three quarters are to be taken: 450.
    assert_eq!(choose(&talk(3), None, &room(800)), Ok(4));
    assert_eq!(choose(&talk(3), None, &Room { window: None, ..room(1) }), Ok(0));
    assert_eq!(choose(&[], None, &room(800)), Ok(0));
}

#[test]
fn what_was_left_out_stays_so_until_there_is_no_room_again() {
    let from = ItemId::from("4");
    assert_eq!(choose(&talk(3), Some(&from), &room(800)), Ok(4));
    assert_eq!(choose(&talk(4), Some(&from), &room(800)), Ok(4));
    assert_eq!(choose(&talk(5), Some(&from), &room(800)), Ok(8));
    assert_eq!(choose(&talk(1), Some(&ItemId::from("gone")), &room(800)), Ok(0));
}

#[test]
fn where_the_person_wants_to_know_nothing_is_left_out() {
    let tell = Room { rule: ContextRule::Tell, ..room(800) };
    assert_eq!(choose(&talk(3), None, &tell), Err(TooLong));
    assert_eq!(choose(&talk(2), None, &tell), Ok(0));
    assert_eq!(choose(&talk(3), Some(&ItemId::from("2")), &tell), Ok(2));
}

#[test]
fn what_else_goes_out_counts_and_so_does_what_the_server_counted() {
    assert_eq!(choose(&talk(2), None, &room(800)), Ok(0));
    assert_eq!(choose(&talk(2), None, &Room { beside: 150, ..room(800) }), Ok(2));
    assert_eq!(choose(&talk(2), None, &Room { scale: Scale::new(100, 150), ..room(800) }), Ok(2));
    // Without a limit of the answer a quarter of the window is its.
    assert_eq!(choose(&talk(3), None, &Room { answer: None, ..room(900) }), Ok(2));
}

#[test]
fn after_a_refusal_it_is_half_or_what_the_server_says() {
    let unknown = Room { window: None, ..room(1) };
    assert_eq!(shorter(&talk(3), None, None, &unknown), Some(4));
    assert_eq!(shorter(&talk(3), Some(&ItemId::from("4")), None, &unknown), Some(6));
    assert_eq!(shorter(&talk(3), None, Some(400), &unknown), Some(6));
    assert_eq!(shorter(&talk(3), Some(&ItemId::from("6")), None, &unknown), None);
}

proptest! {
    #[test]
    fn it_is_whole_turns_the_newest_and_always_the_last(
        lengths in prop::collection::vec((any::<bool>(), 0_usize..4_000), 0..30),
        window in prop::option::of(256_u32..20_000),
        answer in prop::option::of(1_u32..30_000),
        beside in 0_u64..5_000,
        counted in 1_u64..1_000,
        from in prop::option::of(0_usize..30),
    ) {
        let mut items = items(&lengths);
        items.extend(self::items(&[(true, 10)]).into_iter().map(|item| Item { id: "last".into(), ..item }));
        let room = Room { window, rule: ContextRule::Drop, answer, beside, scale: Scale::new(250, counted) };
        let from = from.map(|at| ItemId::new(at.to_string()));
        let before = place(&items, from.as_ref());
        let start = choose(&items, from.as_ref(), &room).unwrap();
        prop_assert!(start >= before && start < items.len(), "what was left out comes back, or the last is missing");
        let is_turn = |at: usize| matches!(items[at].body, ItemBody::UserMessage(_));
        prop_assert!(start == before || is_turn(start), "half a turn");
        if let Some(window) = window {
            let fits = room.taken(&items[start..]) <= room.question(window);
            let last = turns(&items).last().copied();
            prop_assert!(fits || Some(start) == last, "more could have been left out");
            prop_assert!(room.taken(&items[before..]) > room.question(window) || start == before, "nothing had to be");
        } else {
            prop_assert_eq!(start, before);
        }
        // The same again changes nothing.
        let again = choose(&items, Some(&items[start].id), &room).unwrap();
        prop_assert_eq!(again, start);
        let less = shorter(&items, Some(&items[start].id), None, &room);
        prop_assert!(less.is_none_or(|less| less > start && is_turn(less)));
        let is_last = turns(&items).last().is_none_or(|last| *last <= start);
        prop_assert_eq!(less.is_none(), is_last);
    }
}
