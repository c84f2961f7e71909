//! Ops of a few milliseconds become messages to the window.

use markdown::{Node, Patch};

use crate::{
    outbox::Op,
    view::{ThreadMessage, ThreadOp},
};

/// Messages below this many bytes of JSON go straight into the page; larger ones take a slower road.
const SHORT: usize = 7 * 1024;

impl Op for ThreadOp {
    fn size(&self) -> usize {
        match self {
            Self::Patch { patches, .. } => 64 + patches.iter().map(patch_size).sum::<usize>(),
            Self::PutItem { .. } => 1024,
            _ => 128,
        }
    }

    /// Growth of one part stays one op; text appended to one node stays one patch.
    fn merge(&mut self, next: Self) -> Result<(), Self> {
        match (self, next) {
            (Self::Patch { id, part, patches }, Self::Patch { id: next_id, part: next_part, patches: next })
                if *id == next_id && *part == next_part =>
            {
                for patch in next {
                    match (patches.last_mut(), patch) {
                        (Some(Patch::Append { id, text }), Patch::Append { id: next_id, text: more })
                            if *id == next_id =>
                        {
                            text.push_str(&more);
                        }
                        (_, patch) => patches.push(patch),
                    }
                }
                Ok(())
            }
            (_, next) => Err(next),
        }
    }
}

/// About how many bytes of JSON a patch takes. Escapes are not counted: the limit leaves room for them.
fn patch_size(patch: &Patch) -> usize {
    48 + match patch {
        Patch::Open { node, .. } => node_size(node),
        Patch::Append { text, .. } => text.len(),
        Patch::Paint { spans, .. } => spans.iter().map(|span| 32 + span.text.len()).sum(),
        Patch::Cut { .. } => 0,
    }
}

fn node_size(node: &Node) -> usize {
    match node {
        Node::Text { text } | Node::Code { text } | Node::Math { tex: text, .. } => 24 + text.len(),
        Node::CodeLine { text, spans } => {
            40 + text.len() + spans.iter().map(|span| 32 + span.text.len()).sum::<usize>()
        }
        Node::Link { href, .. } | Node::Image { href, .. } => 48 + href.len(),
        _ => 32,
    }
}

/// Packs ops into messages, each below [`SHORT`] unless a single patch is larger.
pub fn messages(ops: Vec<ThreadOp>) -> Vec<ThreadMessage> {
    let mut messages = Vec::new();
    let mut batch = Vec::new();
    let mut size = 0;
    for op in ops.into_iter().flat_map(split) {
        let op_size = op.size();
        if size + op_size > SHORT && !batch.is_empty() {
            messages.push(ThreadMessage::Batch { ops: std::mem::take(&mut batch) });
            size = 0;
        }
        size += op_size;
        batch.push(op);
    }
    if !batch.is_empty() {
        messages.push(ThreadMessage::Batch { ops: batch });
    }
    messages
}

/// A long run of patches as several ops.
fn split(op: ThreadOp) -> Vec<ThreadOp> {
    let ThreadOp::Patch { id, part, patches } = op else { return vec![op] };
    let mut runs: Vec<Vec<Patch>> = vec![Vec::new()];
    let mut size = 0;
    for patch in patches {
        let patch_size = patch_size(&patch);
        if size + patch_size > SHORT {
            runs.push(Vec::new());
            size = 0;
        }
        size += patch_size;
        if let Some(run) = runs.last_mut() {
            run.push(patch);
        }
    }
    runs.into_iter()
        .filter(|run| !run.is_empty())
        .map(|patches| ThreadOp::Patch { id: id.clone(), part, patches })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(id: u32, text: &str) -> ThreadOp {
        ThreadOp::Patch { id: "a".into(), part: 0, patches: vec![Patch::Append { id, text: text.into() }] }
    }

    #[test]
    fn text_for_one_node_is_one_patch() {
        let mut op = append(3, "Hel");
        assert!(op.merge(append(3, "lo")).is_ok());
        assert!(op.merge(append(4, "!")).is_ok());
        let ThreadOp::Patch { patches, .. } = op else { panic!("a patch stays a patch") };
        assert_eq!(patches, [Patch::Append { id: 3, text: "Hello".into() }, Patch::Append { id: 4, text: "!".into() }]);
    }

    #[test]
    fn a_long_run_becomes_short_messages_in_order() {
        let ops: Vec<_> = (0..100).map(|id| append(id, &"x".repeat(1_000))).collect();
        let messages = messages(ops);
        let mut seen = Vec::new();
        for message in &messages {
            assert!(serde_json::to_vec(message).unwrap().len() < 8_192);
            let ThreadMessage::Batch { ops } = message else { panic!("only batches") };
            for op in ops {
                let ThreadOp::Patch { patches, .. } = op else { panic!("only patches") };
                seen.extend(patches.iter().map(|patch| match patch {
                    Patch::Append { id, .. } => *id,
                    other => panic!("unexpected {other:?}"),
                }));
            }
        }
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }
}
