//! Texts as the provider hashicorp/aws stores them.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use infra_value::json;

/// A JSON document: on one line, its keys in order. What is no JSON stays as it is.
pub(crate) fn document(text: &str) -> String {
    let Ok(mut tree) = serde_json::from_str::<serde_json::Value>(text) else {
        return text.to_owned();
    };
    tree.sort_all_objects();
    json::compact(&tree)
}

/// A moment in whole seconds, such as `2026-01-02T15:04:05Z`.
pub(crate) fn moment(at: DateTime) -> Option<String> {
    DateTime::from_secs(at.secs()).fmt(Format::DateTime).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_one_form() {
        assert_eq!(
            document("{\"b\": [1, {\"d\": 2, \"c\": \"<\"}],\n \"a\": {}}"),
            "{\"a\":{},\"b\":[1,{\"c\":\"\\u003c\",\"d\":2}]}"
        );
        assert_eq!(document("{"), "{");
        let moment = moment(DateTime::from_secs_f64(1_767_366_245.75));
        assert_eq!(moment.as_deref(), Some("2026-01-02T15:04:05Z"));
    }
}
