//! The server's answer.

use model::Finding;

use super::About;
use crate::view::Whose;

/// What can be wrong there.
pub const ALL: &[About] = &[
    About {
        finding: Finding::SilentBeforeHeaders,
        title: "The server does not begin to answer",
        whose: Whose::Server,
        cause: "The server took the request, and not even the head of an answer came within the limit of a minute. It is \
                overloaded, waits for a model that is still loading, or works out all of its answer before it sends any of it.",
        remedy: "Try again in a few minutes, above all if a model was just started. If it stays so, whoever runs the server \
                 should look at its log, and send headers as soon as a request is taken.",
        also: &["timeout", "time-out", "first byte", "no headers", "hangs", "stuck", "no response", "loading"],
        ask: &["Why does the server take my message and not begin to answer?"],
    },
    About {
        finding: Finding::SilentAfterHeaders,
        title: "The answer begins, and nothing follows",
        whose: Whose::Server,
        cause: "The head of an answer came, perhaps some of its words, and then nothing until the time limit. The program behind \
                the server hangs, waits for something else such as a tool, or a proxy keeps back what was sent.",
        remedy: "Try again. If it stays so, whoever runs the server should look at what it waits for, send a comment line every \
                 few seconds while it works, and switch off buffers in proxies before it.",
        also: &["timeout", "idle", "stalls", "hangs", "silent", "heartbeat", "keep-alive", "mid-answer"],
        ask: &["Why does an answer begin and then nothing follows?"],
    },
    About {
        finding: Finding::AllAtOnce,
        title: "The answer comes all at once",
        whose: Whose::Server,
        cause: "The events of the answer came in one go, long after the message was sent, although they were made one by one. A \
                proxy before the server gathers them, or the server writes all of them before it sends any.",
        remedy: "For nginx, set “proxy_buffering off” or send the header “X-Accel-Buffering: no”; switch compression off for \
                 streams. If there is no proxy, whoever wrote the server should send each event as it is made, with a generator \
                 that gives them out singly.",
        also: &["buffering", "buffered", "not streaming", "proxy_buffering", "nginx", "gzip", "collected", "flush"],
        ask: &["Why does the whole answer appear at once instead of word by word?"],
    },
    About {
        finding: Finding::WrongContentType,
        title: "The answer has the wrong content type",
        whose: Whose::Server,
        cause: "The header “Content-Type” says what an answer is, and it says something else here than what was asked for: a \
                stream must be “text/event-stream”, an answer in one piece “application/json”.",
        remedy: "Whoever runs the server should set that header; in FastAPI by “media_type” of the StreamingResponse. If it is \
                 right already, something else answers at this address: check it down to its path.",
        also: &["content-type", "mime type", "text/html", "text/plain", "media_type", "octet-stream", "header"],
        ask: &["What does it mean that an answer has the wrong content type?"],
    },
    About {
        finding: Finding::NoDataLines,
        title: "The stream has no data lines",
        whose: Whose::Server,
        cause: "The server sent a stream and ended it as it should, but no line of it begins with “data:”, and only such lines \
                count. Either there was nothing to say, or bare text or JSON was written into the stream.",
        remedy: "Whoever wrote the server should send each event as “data: ”, its text, and an empty line after it. If the \
                 stream is quite empty, its own log says why the model gave nothing.",
        also: &["data:", "sse", "server-sent events", "empty stream", "no events", "ndjson", "format of the stream"],
        ask: &["What does it mean that a stream has no data lines?"],
    },
    About {
        finding: Finding::NotUtf8,
        title: "The answer is not UTF-8",
        whose: Whose::Server,
        cause: "Some bytes of the answer are no UTF-8. The server writes another encoding, such as Latin-1, or cuts its text into \
                pieces in the middle of a letter, which breaks umlauts and emoji.",
        remedy: "Whoever runs the server should encode its answers as UTF-8 and cut text by characters, never by bytes. In a \
                 stream Kittiwake shows “\u{fffd}” for what it cannot read; another answer it cannot show.",
        also: &["encoding", "latin-1", "iso-8859-1", "umlauts", "mojibake", "question marks", "utf8", "charset"],
        ask: &["What does it mean that the answer is not UTF-8?"],
    },
    About {
        finding: Finding::ModelNotSent,
        title: "The server wants to be told a model",
        whose: Whose::Settings,
        cause: "The server refuses a message that names no model, or looks for the name in another field than the one in which \
                it was sent. Most servers have a model of their own for that case; this one has none.",
        remedy: "Choose a model above the message field, or write one into “Model” in Settings → Connections. If one stands \
                 there, open “More settings” and see how the server calls the field of the model.",
        also: &["model required", "missing model", "field required", "422", "no model", "model parameter"],
        ask: &["What do I do when the server says that a model is required?"],
    },
    About {
        finding: Finding::ModelIgnored,
        title: "Another model answered",
        whose: Whose::Server,
        cause: "The answer names another model than the one that was asked for. Some servers have loaded one model and answer \
                with that whatever is asked for; gateways put another one in its place when it is gone or too busy.",
        remedy: "Choose a model that the server has: its list shows them. If it should have the other one, whoever runs it can \
                 load it, or tell the name that it goes by.",
        also: &["wrong model", "different model", "substituted", "fallback model", "ignored model", "alias"],
        ask: &["Why did another model answer than the one I chose?"],
    },
    About {
        finding: Finding::ModelUnknown,
        title: "The server does not know the model",
        whose: Whose::Settings,
        cause: "There is no model by that name on the server, or you may not use it. It was renamed or taken away, is not \
                loaded, or was misspelt: names differ by a letter, a date or a prefix.",
        remedy: "Choose one from the server's list, or correct the name under “Model” in Settings → Connections. With Ollama, \
                 fetch it first by “ollama pull”. Otherwise ask whoever runs the server.",
        also: &[
            "model_not_found",
            "model not found",
            "does not exist",
            "404",
            "pull",
            "no such model",
            "vanished model",
        ],
        ask: &["What do I do when the server does not know the model?"],
    },
    About {
        finding: Finding::FormatMismatch,
        title: "The text is somewhere else in the answer",
        whose: Whose::Settings,
        cause: "The server answered, and in the place where the text was looked for there is none: each program names its fields \
                as it likes. The details show the form of what came, without its contents.",
        remedy: "Take one of the places that are offered, such as /reply/body: press it at the message, or write it into “Place \
                 of the text” under “More settings” of the connection. Then try again.",
        also: &["format mismatch", "json pointer", "mapping", "field", "place of the text", "empty answer", "shape"],
        ask: &["How do I say where in an answer the text stands?"],
    },
    About {
        finding: Finding::RateLimited,
        title: "Too many requests",
        whose: Whose::Nobody,
        cause: "The server takes only so many requests, or tokens, in a certain time, and refused this one without looking at it \
                (status 429). Others with the same key count as well.",
        remedy: "Wait as long as the server says; short waits Kittiwake does by itself. If it happens often, set “Messages per \
                 minute” for the connection, or ask whoever runs the server for a higher limit.",
        also: &["429", "rate limit", "too many requests", "slow down", "retry-after", "throttled", "tokens per minute"],
        ask: &["What do I do when there are too many requests?"],
    },
    About {
        finding: Finding::QuotaUsedUp,
        title: "There is nothing left to spend",
        whose: Whose::Settings,
        cause: "The account to which the key belongs has used up its quota or has no credit left. A short wait changes nothing: \
                it comes back with the next period, or when somebody pays.",
        remedy: "Look at plan, credit and limits on the provider's website, or ask whoever gave you the key. Where the server \
                 says when there is more, the message tells it. Meanwhile choose another connection.",
        also: &["insufficient_quota", "quota", "billing", "credit", "402", "payment required", "budget", "exceeded"],
        ask: &["What do I do when my quota is used up?"],
    },
    About {
        finding: Finding::SocketRefused,
        title: "The server opens no WebSocket",
        whose: Whose::Server,
        cause: "A WebSocket begins as a request that the server agrees to, and this one did not: there is none at the path, it \
                lets nobody in without permission, or a proxy does not pass on the wish for one.",
        remedy: "Check “WebSocket path” under “More settings” of the connection, or choose another way for “How it answers”. For \
                 nginx, whoever runs it has to pass on the headers “Upgrade” and “Connection”.",
        also: &["websocket", "handshake", "upgrade", "101", "426", "ws://", "wss://", "refused socket"],
        ask: &["Why does the server open no WebSocket?"],
    },
    About {
        finding: Finding::SocketDropped,
        title: "The WebSocket was dropped",
        whose: Whose::Server,
        cause: "The WebSocket was open, and was closed or cut before the answer was whole. The server's own program failed, it \
                was started anew, or a proxy ended a connection that seemed idle.",
        remedy: "Try again; Kittiwake opens a new one. If it stays so, whoever runs the server finds the reason in its log at \
                 that time; proxies before it should leave WebSockets open for an hour at least.",
        also: &["websocket", "closed", "disconnected", "1006", "1011", "1001", "dropped", "connection lost", "cut"],
        ask: &["Why was the WebSocket dropped in mid-answer?"],
    },
    About {
        finding: Finding::SocketSilent,
        title: "Nothing comes over the WebSocket",
        whose: Whose::Server,
        cause: "The WebSocket is open and the message went out, and no answer came within the time limit, or it stopped halfway. \
                Most often the server waits for a message of another form, or its program hangs.",
        remedy: "Compare what the server reads with what is sent: “Template” under “More settings” writes the message in any \
                 form. Whoever runs the server sees in its log whether the message arrived.",
        also: &["websocket", "silent", "timeout", "no message", "hangs", "template", "waits", "stalls"],
        ask: &["Why does nothing come over the WebSocket?"],
    },
    About {
        finding: Finding::UploadTooLarge,
        title: "The file is too large for the server",
        whose: Whose::Server,
        cause: "The server, or a proxy before it, takes no files of this size (status 413). nginx takes 1 MB unless somebody says \
                more; many servers have a limit of their own besides.",
        remedy: "Send a smaller file, or only the part of it that matters. To allow more, whoever runs the server raises its \
                 limit, and that of the proxy: “client_max_body_size” for nginx.",
        also: &["413", "payload too large", "upload", "attachment", "client_max_body_size", "size limit", "big file"],
        ask: &["What do I do when a file is too large for the server?"],
    },
    About {
        finding: Finding::UploadWrongType,
        title: "The server does not take such files",
        whose: Whose::Server,
        cause: "The server looks at what kind of file comes, by its type or the end of its name, and does not take this kind \
                (status 415). Many take pictures and PDF alone.",
        remedy: "Save the file in another format, such as PDF, PNG or plain text, and send that; check that the end of its name \
                 is right. Which kinds are taken, whoever runs the server knows and can change.",
        also: &["415", "unsupported media type", "upload", "attachment", "file type", "extension", "mime"],
        ask: &["Why does the server not take my kind of file?"],
    },
    About {
        finding: Finding::UploadUnsupported,
        title: "The server takes no files",
        whose: Whose::Server,
        cause: "There is nothing on this server that takes files: it says so (status 501), or has nothing at the address where \
                they are sent. Conversations work without.",
        remedy: "Put what matters of the file into the message as text. If the server should take files, whoever runs it has to \
                 add that; for your own backend, check “Upload path” under “More settings” of the connection.",
        also: &["501", "not implemented", "upload", "upload path", "takes no"],
        ask: &["Why does the server take no files?"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_enough_for_a_section_of_the_manual_and_not_more() {
        for About { finding, title, cause, remedy, also, ask, .. } in ALL {
            let words = [cause, remedy].iter().map(|text| text.split_whitespace().count()).sum::<usize>();
            assert!((40..=90).contains(&words), "{finding}: {words} words");
            assert!(title.split_whitespace().count() <= 9 && !title.ends_with('.'), "{title}");
            assert!(cause.ends_with('.') && remedy.ends_with('.') && also.len() >= 5 && !ask.is_empty(), "{finding}");
            assert!(ask.iter().all(|ask| ask.ends_with('?')), "{ask:?}");
            assert_eq!(ALL.iter().filter(|about| about.finding == *finding).count(), 1, "{finding}");
        }
    }
}
