//! What servers say that an answer used, under the names that are common for it.

use model::Usage;
use serde_json::Value;

/// Where each count stands, in either of OpenAI's protocols or as others have it.
const INPUT: [&str; 2] = ["/input_tokens", "/prompt_tokens"];
const OUTPUT: [&str; 2] = ["/output_tokens", "/completion_tokens"];
const REASONING: [&str; 3] =
    ["/output_tokens_details/reasoning_tokens", "/completion_tokens_details/reasoning_tokens", "/reasoning_tokens"];
const CACHED: [&str; 3] =
    ["/input_tokens_details/cached_tokens", "/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens"];

/// The counts in a `usage` object; none if it has none that are known.
pub(crate) fn usage(fields: &Value) -> Option<Usage> {
    let count = |names: &[&str]| names.iter().find_map(|name| fields.pointer(name)?.as_u64());
    let usage = Usage {
        input_tokens: count(&INPUT),
        output_tokens: count(&OUTPUT),
        reasoning_tokens: count(&REASONING),
        cached_tokens: count(&CACHED),
    };
    (!usage.is_empty()).then_some(usage)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_are_found_under_the_names_of_both_protocols() {
        let chat = json!({"prompt_tokens": 8, "completion_tokens": 14, "total_tokens": 22,
            "completion_tokens_details": {"reasoning_tokens": 3}, "prompt_tokens_details": {"cached_tokens": 4}});
        let responses = json!({"input_tokens": 8, "output_tokens": 14, "total_tokens": 22,
            "output_tokens_details": {"reasoning_tokens": 3}, "input_tokens_details": {"cached_tokens": 4}});
        let expected =
            Usage { input_tokens: Some(8), output_tokens: Some(14), reasoning_tokens: Some(3), cached_tokens: Some(4) };
        assert_eq!((usage(&chat), usage(&responses)), (Some(expected), Some(expected)));
        let deepseek = usage(&json!({"prompt_tokens": 8, "prompt_cache_hit_tokens": 6})).unwrap();
        assert_eq!((deepseek.input_tokens, deepseek.cached_tokens), (Some(8), Some(6)));
    }

    #[test]
    fn what_is_no_count_is_not_taken_for_one() {
        for fields in [json!({}), json!(null), json!({"prompt_tokens": "8"}), json!({"prompt_tokens": -1, "cost": 2})] {
            assert_eq!(usage(&fields), None, "{fields}");
        }
    }
}
