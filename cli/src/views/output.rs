//! Output values.

use infra_engine::state::State;
use infra_engine::value::{Data, Value, print};

use super::paint::Paint;

/// All output values under a heading, if there are any.
pub(crate) fn all(state: &State, paint: Paint) -> String {
    if state.outputs.is_empty() {
        return String::new();
    }
    format!("\n{}\n\n{}", paint.bold(&paint.green("Outputs:")), lines(state, paint))
}

/// A line or block for each output value.
pub(crate) fn lines(state: &State, paint: Paint) -> String {
    let line = |(name, output): (&infra_engine::value::Str, &infra_engine::state::OutputValue)| {
        let value = if output.sensitive && !paint.sensitive {
            "<sensitive>".to_owned()
        } else {
            print::console(&output.value)
        };
        format!("{name} = {value}\n")
    };
    state.outputs.iter().map(line).collect()
}

/// A string, number or bool as it is.
pub(crate) fn raw(value: &Value) -> Option<String> {
    match value.data() {
        Data::String(text) => Some(text.to_string()),
        Data::Number(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
