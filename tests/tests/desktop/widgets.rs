//! What a ChatKit server asks of the person and of this computer: a form, a button, questions, tools, a locked thread.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    office::{begin, fill_in, look},
    peer::Peer,
};

/// Waits until the conversation says so.
async fn until_said(window: &mut Desktop, words: &str) {
    let said = format!("document.querySelector('[data-testid=thread]').innerText.includes('{words}')");
    window.until_true(words, &said).await;
}

#[tokio::test]
async fn what_a_server_asks_is_answered_in_the_window() {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start("widgets", &home).await;
    fill_in(&mut window, &peer).await;
    window.press("Keep for this run only").await;
    begin(&mut window, "hello").await;

    // A form: nothing goes out before it is whole, and then the server puts another card in its place.
    window.say("/form").await;
    window.until("the form", "[data-testid=widget] input").await;
    look(&mut window, "form").await;
    window.press("Order").await;
    window.until("what is missing", "[data-testid=widget] [data-invalid]").await;
    window.fill("For whom", "Ann").await;
    window.press("Order").await;
    until_said(&mut window, "Ordered a small box for Ann.").await;
    assert_eq!(window.count("[data-testid=widget] input").await, 0);
    look(&mut window, "ordered").await;

    // A button that is answered at once.
    window.say("/count").await;
    window.press("Count on").await;
    until_said(&mut window, "Counted to 1").await;
    window.press("Count on").await;
    until_said(&mut window, "Counted to 2").await;

    // What charts are drawn with bears the window's frozen prototypes, and the numbers can be read.
    window.say("/chart").await;
    window.until("the bars and the line", "[data-testid=widget] svg .recharts-bar-rectangle path").await;
    window.until("the line", "[data-testid=widget] svg .recharts-line-curve").await;
    look(&mut window, "chart").await;
    window.press("Show as table").await;
    window.until("the numbers", "[data-testid=widget] table td").await;
    look(&mut window, "chart-as-table").await;

    // Questions take the place of the message field.
    window.say("/ask").await;
    window.until("the questions", "[data-testid=question-form]").await;
    assert_eq!(window.count("[data-testid=composer-input]").await, 0);
    look(&mut window, "questions").await;
    window.press("Kittiwake").await;
    window.press("Send answers").await;
    until_said(&mut window, "You answered: Kittiwake.").await;
    window.until("the message field", "[data-testid=composer-input]").await;
    look(&mut window, "answered").await;

    // A tool is used only when the person says so, and one that is not there holds nothing up.
    window.say("/tool get_settings {}").await;
    window.until("what it wants", "[data-testid=tool-consent]").await;
    look(&mut window, "consent").await;
    window.press("Do it once").await;
    until_said(&mut window, "The tool said {").await;
    window.say("/tool copy_text {\"text\": \"from afar\"}").await;
    window.until("what it wants", "[data-testid=tool-consent]").await;
    window.press("Refuse").await;
    until_said(&mut window, "declined").await;
    window.say("/tool tide {\"at\": 9}").await;
    until_said(&mut window, "tide").await;
    look(&mut window, "no-such-tool").await;

    // Thoughts are behind one line, and sources stand at their words.
    window.say("/workflow").await;
    until_said(&mut window, "Thought about.").await;
    window.say("/sources").await;
    until_said(&mut window, "elsewhere.").await;
    look(&mut window, "thoughts-and-sources").await;

    // A locked conversation says why, and takes nothing.
    window.say("/lock Closed for the winter").await;
    window.until("why it is locked", "[data-testid=composer-input][placeholder*='Closed for the winter']").await;
    window.until("it takes nothing", "[data-testid=composer-input]:disabled").await;
    look(&mut window, "locked").await;
    window.close().await;
}
