//! The diagnostics of this folder, all texts on one page.

use infra_diag::Diagnostic;
use infra_value::{Type, print};

const UNSUPPORTED_ATTRIBUTE: &str = "Unsupported attribute";
const INVALID_INDEX: &str = "Invalid index";
const INVALID_JSON_KEY: &str = "Invalid object key expression";
const CONSTRAINT: &str = "Invalid type specification";

pub(super) fn no_local(name: &str) -> Diagnostic {
    Diagnostic::error("Unknown variable").detail(format!("There is no variable named \"{name}\"."))
}

pub(super) fn null_key(json: bool) -> Diagnostic {
    let summary = if json { INVALID_JSON_KEY } else { "Null value as key" };
    Diagnostic::error(summary).detail("Can't use a null value as a key.")
}

pub(super) fn wrong_key(json: bool, problem: &str) -> Diagnostic {
    let summary = if json { INVALID_JSON_KEY } else { "Incorrect key type" };
    Diagnostic::error(summary)
        .detail(format!("This cannot be the name of an attribute: {problem}."))
}

pub(crate) fn json_attribute_twice(name: &str) -> Diagnostic {
    Diagnostic::error("Duplicate object attribute")
        .detail(format!("The attribute \"{name}\" was set before in this object."))
}

pub(super) fn null_condition() -> Diagnostic {
    Diagnostic::error("Null condition")
        .detail("The condition value is null. Conditions must either be true or false.")
}

pub(super) fn wrong_condition(problem: &str) -> Diagnostic {
    Diagnostic::error("Incorrect condition type")
        .detail(format!("The condition must be true or false: {problem}."))
}

pub(super) fn different_results(yes: &Type, no: &Type) -> Diagnostic {
    Diagnostic::error("Inconsistent conditional result types").detail(format!(
        "Both results of a condition must have a type in common. The result if it is true is {}, the one if it is false \
         is {}.",
        print::type_name(yes),
        print::type_name(no)
    ))
}

pub(super) fn wrong_result(problem: &str) -> Diagnostic {
    Diagnostic::error("Inconsistent conditional result types").detail(format!(
        "Both results of a condition must have a type in common. This one cannot be converted to it: {problem}."
    ))
}

pub(super) fn no_attribute<'a>(name: &str, there: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(UNSUPPORTED_ATTRIBUTE)
        .detail(format!("This object does not have an attribute named \"{name}\"."))
        .suggest(name, there)
}

pub(super) fn no_element(name: &str) -> Diagnostic {
    Diagnostic::error("Missing map element")
        .detail(format!("This map does not have an element with the key \"{name}\"."))
}

pub(super) fn attribute_of_null() -> Diagnostic {
    Diagnostic::error("Attempt to get attribute from null value")
        .detail("This value is null, so it does not have any attributes.")
}

pub(super) fn no_attributes_at_all(ty: &Type, name: &str) -> Diagnostic {
    let hint = match ty {
        Type::List(_) | Type::Tuple(_) => {
            format!(
                " It is a {}: read the attribute of one element, [0].{name}, or of all, [*].{name}.",
                print::type_name(ty)
            )
        }
        _ => String::new(),
    };
    Diagnostic::error(UNSUPPORTED_ATTRIBUTE).detail(format!(
        "Can't access attributes on a value of type {}.{hint}",
        print::type_name(ty)
    ))
}

pub(super) fn index_of_null() -> Diagnostic {
    Diagnostic::error("Attempt to index null value")
        .detail("This value is null, so it does not have any indices.")
}

pub(super) fn null_index() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX).detail("Can't use a null value as an indexing key.")
}

pub(super) fn index_needs_number() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX)
        .detail("The given key does not identify an element in this collection value: a number is required.")
}

pub(super) fn index_needs_string() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX).detail(
        "The given key does not identify an element in this collection value: string required.",
    )
}

pub(super) fn out_of_range(length: usize, negative: bool) -> Diagnostic {
    let why = match (negative, length) {
        (true, _) => "a negative number is not a valid index for a sequence".to_owned(),
        (false, 0) => "the collection has no elements".to_owned(),
        (false, 1) => "the collection has one element, so the only index is 0".to_owned(),
        (false, length) => {
            format!("the collection has {length} elements, so the indices are 0 to {}", length - 1)
        }
    };
    Diagnostic::error(INVALID_INDEX).detail(format!(
        "The given key does not identify an element in this collection value: {why}."
    ))
}

pub(super) fn fractional_index() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX).detail(
        "The given key does not identify an element in this collection value: indexing a sequence requires a whole \
         number.",
    )
}

pub(super) fn no_such_key() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX)
        .detail("The given key does not identify an element in this collection value.")
}

pub(super) fn index_of_set() -> Diagnostic {
    Diagnostic::error(INVALID_INDEX).detail(
        "Elements of a set are identified only by their value, and have no keys or indices. Use a for expression to go \
         through all of them, or tolist(...) if the order does not matter.",
    )
}

pub(super) fn not_indexable(ty: &Type) -> Diagnostic {
    Diagnostic::error(INVALID_INDEX).detail(format!(
        "This value does not have any indices: it is of type {}.",
        print::type_name(ty)
    ))
}

pub(super) fn splat_of_null() -> Diagnostic {
    Diagnostic::error("Splat of null value")
        .detail("Splat expressions (with the * symbol) cannot be applied to null sequences.")
}

pub(super) fn failed_operation(problem: &str) -> Diagnostic {
    Diagnostic::error("Operation failed").detail(format!("Error during operation: {problem}."))
}

pub(super) fn wrong_operand(side: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid operand")
        .detail(format!("Unsuitable value for {side}operand: {problem}."))
}

pub(super) fn null_in_template() -> Diagnostic {
    Diagnostic::error("Invalid template interpolation value")
        .detail("The expression result is null. Cannot include a null value in a string template.")
}

pub(super) fn wrong_in_template(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid template interpolation value")
        .detail(format!("Only a string, number or bool can be part of a string: {problem}."))
}

pub(super) fn duplicate_key(name: &str) -> Diagnostic {
    Diagnostic::error("Duplicate object key").detail(format!(
        "Two elements produce the key \"{name}\" in this for expression. If several values shall share a key, write \
         three dots after the value expression."
    ))
}

pub(super) fn null_for_condition() -> Diagnostic {
    Diagnostic::error("Condition is null")
        .detail("The 'if' clause of a for expression must be true or false, not null.")
}

pub(super) fn wrong_for_condition(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid 'for' condition")
        .detail(format!("The 'if' clause value is invalid: {problem}."))
}

pub(super) fn null_result_key() -> Diagnostic {
    Diagnostic::error("Invalid object key")
        .detail("The key of a for expression that makes an object must not be null.")
}

pub(super) fn wrong_result_key(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid object key")
        .detail(format!("The key expression produced an invalid result: {problem}."))
}

pub(super) fn iteration_over_null() -> Diagnostic {
    Diagnostic::error("Iteration over null value")
        .detail("A null value cannot be used as the collection in a 'for' expression.")
}

pub(super) fn iteration_over(ty: &Type) -> Diagnostic {
    Diagnostic::error("Iteration over non-iterable value").detail(format!(
        "A value of type {} cannot be used as the collection in a 'for' expression.",
        print::type_name(ty)
    ))
}

pub(super) fn unknown_function<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Call to unknown function")
        .detail(format!("There is no function named \"{name}\"."))
        .suggest(name, known)
}

const PROVIDER_FUNCTION: &str = "Unknown provider function";

pub(super) fn unknown_namespace(namespace: &str) -> Diagnostic {
    Diagnostic::error(PROVIDER_FUNCTION).detail(format!(
        "The function namespace \"{namespace}\" is not valid. Provider function calls must use the \"provider::\" \
         namespace prefix."
    ))
}

pub(super) fn no_provider_name() -> Diagnostic {
    Diagnostic::error(PROVIDER_FUNCTION)
        .detail("The function call must include the provider name after the \"provider::\" prefix.")
}

pub(super) fn unknown_provider_of_function(provider: &str, function: &str) -> Diagnostic {
    Diagnostic::error(PROVIDER_FUNCTION).detail(format!(
        "There is no function named \"provider::{provider}::{function}\". Ensure that provider name \"{provider}\" is \
         declared in this module's required_providers block, and that this provider offers a function named \
         \"{function}\"."
    ))
}

pub(super) fn unknown_provider_function(provider: &str, function: &str) -> Diagnostic {
    Diagnostic::error(PROVIDER_FUNCTION).detail(format!(
        "The function \"{function}\" is not available from the provider \"{provider}\"."
    ))
}

pub(super) fn deprecated_function(name: &str, instead: &str) -> Diagnostic {
    Diagnostic::warning("Deprecated function")
        .detail(format!("The function \"{name}\" is deprecated: {instead}."))
}

pub(super) fn wrong_expansion() -> Diagnostic {
    Diagnostic::error("Invalid expanding argument value")
        .detail("The expanding argument (indicated by ...) must be of a tuple, list, or set type.")
}

pub(super) fn null_expansion() -> Diagnostic {
    Diagnostic::error("Invalid expanding argument value")
        .detail("The expanding argument (indicated by ...) must not be null.")
}

pub(super) fn wrong_argument(parameter: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid function argument")
        .detail(format!("Invalid value for \"{parameter}\" parameter: {problem}."))
}

pub(super) fn wrong_count(message: &str, too_few: bool) -> Diagnostic {
    let summary =
        if too_few { "Not enough function arguments" } else { "Too many function arguments" };
    Diagnostic::error(summary).detail(message)
}

pub(super) fn failed_call(name: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Error in function call")
        .detail(format!("Call to function \"{name}\" failed: {problem}."))
}

pub(super) fn nothing_succeeded(problems: &[String]) -> Diagnostic {
    Diagnostic::error("Error in function call").detail(format!(
        "Call to function \"try\" failed: no expression succeeded:\n{}\n\nAt least one expression must produce a \
         successful result.",
        problems.join("\n")
    ))
}

pub(super) fn constraint_needs_element(word: &str) -> Diagnostic {
    Diagnostic::error(CONSTRAINT).detail(format!(
        "The {word} type constructor requires one argument specifying the element type, such as {word}(string)."
    ))
}

pub(super) fn constraint_needs_parts(word: &str) -> Diagnostic {
    let form =
        if word == "object" { "object({ name = string })" } else { "tuple([string, number])" };
    Diagnostic::error(CONSTRAINT).detail(format!(
        "The {word} type constructor requires one argument with its parts, such as {form}."
    ))
}

pub(super) fn constraint_repeats(name: &str) -> Diagnostic {
    Diagnostic::error(CONSTRAINT).detail(format!(
        "Object constructor map keys must be unique: \"{name}\" was given a type before."
    ))
}

pub(super) fn unknown_constraint(word: &str) -> Diagnostic {
    Diagnostic::error(CONSTRAINT)
        .detail(format!("The keyword \"{word}\" is not a valid type specification."))
        .suggest(word, ["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"])
}

pub(super) fn no_constraint() -> Diagnostic {
    Diagnostic::error(CONSTRAINT).detail(
        "A type specification is either a primitive type keyword (bool, number, string), complex type constructor call, \
         like list(string).",
    )
}

pub(super) fn misplaced_optional() -> Diagnostic {
    Diagnostic::error(CONSTRAINT)
        .detail("The word optional is only for attributes of an object type.")
}

pub(super) fn wrong_default(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid default value for optional attribute").detail(format!(
        "This default value is not compatible with the attribute's type constraint: {problem}."
    ))
}

pub(super) fn not_constant() -> Diagnostic {
    Diagnostic::error("Variables not allowed").detail("Variables may not be used here.")
}

pub(super) fn no_functions_here() -> Diagnostic {
    Diagnostic::error("Function calls not allowed").detail("Functions may not be called here.")
}

pub(super) fn unsupported_argument<'a>(
    name: &str,
    arguments: impl IntoIterator<Item = &'a str>,
    is_block: bool,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("Unsupported argument")
        .detail(format!("An argument named \"{name}\" is not expected here."));
    if is_block {
        let mut diagnostic = diagnostic;
        diagnostic
            .detail
            .push_str(&format!(" It is a block: write {name} {{ ... }} without an equals sign."));
        return diagnostic;
    }
    diagnostic.suggest(name, arguments)
}

pub(super) fn unsupported_block<'a>(
    name: &str,
    blocks: impl IntoIterator<Item = &'a str>,
    is_argument: bool,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("Unsupported block type")
        .detail(format!("Blocks of type \"{name}\" are not expected here."));
    if is_argument {
        let mut diagnostic = diagnostic;
        diagnostic
            .detail
            .push_str(&format!(" It is an argument: write {name} = ... with an equals sign."));
        return diagnostic;
    }
    diagnostic.suggest(name, blocks)
}

pub(super) fn ambiguous_key() -> Diagnostic {
    Diagnostic::error("Ambiguous attribute key").detail(
        "Put this in parentheses if it is a reference, or in quotes if it is a name with dots.",
    )
}

pub(super) fn missing_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Missing required argument")
        .detail(format!("The argument \"{name}\" is required, but no definition was found."))
}

pub(super) fn wrong_type(name: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Incorrect attribute value type")
        .detail(format!("Inappropriate value for attribute \"{name}\": {problem}."))
}

pub(super) fn too_few_blocks(name: &str, least: u64) -> Diagnostic {
    Diagnostic::error(format!("Insufficient {name} blocks"))
        .detail(format!("At least {least} \"{name}\" blocks are required."))
}

pub(super) fn missing_block(name: &str) -> Diagnostic {
    Diagnostic::error(format!("Missing {name} block"))
        .detail(format!("A block of type \"{name}\" is required here."))
}

pub(super) fn too_many_blocks(name: &str, most: u64) -> Diagnostic {
    Diagnostic::error(format!("Too many {name} blocks"))
        .detail(format!("No more than {most} \"{name}\" blocks are allowed"))
}

pub(super) fn duplicate_block(name: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate {name} block"))
        .detail(format!("Only one block of type \"{name}\" is allowed here."))
}

pub(super) fn wrong_dynamic(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid dynamic for_each value").detail(problem.to_owned())
}

pub(super) fn extra_label(name: &str) -> Diagnostic {
    Diagnostic::error(format!("Extraneous label for {name}"))
        .detail(format!("No labels are expected for {name} blocks."))
}

pub(super) fn no_content() -> Diagnostic {
    Diagnostic::error("Missing dynamic content block").detail(
        "A dynamic block must have a nested block of type \"content\" to describe the body of each generated block.",
    )
}

pub(super) fn second_content() -> Diagnostic {
    Diagnostic::error("Extraneous dynamic content block")
        .detail("Only one nested content block is allowed for each dynamic block.")
}

pub(super) fn wrong_iterator(several_words: bool) -> Diagnostic {
    let summary = match several_words {
        true => "Invalid dynamic iterator name",
        false => "Invalid expression",
    };
    Diagnostic::error(summary)
        .detail("The iterator is a name, such as iterator = rule, without quotes.")
}

pub(super) fn deprecated_block(name: &str, why: &str) -> Diagnostic {
    Diagnostic::warning("Argument is deprecated").detail(format!("{name} is deprecated. {why}"))
}

pub(super) fn deprecated_argument(why: &str) -> Diagnostic {
    Diagnostic::warning("Argument is deprecated").detail(why.to_owned())
}

pub(super) fn json_extraneous(name: &str) -> Diagnostic {
    Diagnostic::error("Extraneous JSON object property")
        .detail(format!("No argument or block type is named \"{name}\"."))
}

pub(super) fn no_dynamic_label() -> Diagnostic {
    Diagnostic::error("Missing type for dynamic")
        .detail("All dynamic blocks must have 1 labels (type).")
}

pub(super) fn extra_dynamic_label() -> Diagnostic {
    Diagnostic::error("Extraneous label for dynamic")
        .detail("Only 1 labels (type) are expected for dynamic blocks.")
}

pub(super) fn constraint_key() -> Diagnostic {
    Diagnostic::error(CONSTRAINT)
        .detail("The keys of an object constructor are names of attributes, without quotes.")
}
