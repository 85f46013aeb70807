//! `#[function]`: a Rust `fn` becomes a function of the configuration language.
//!
//! The doc comment is the manual, its `console` example a test. The parameters are the parameters of the language, in
//! order; their Rust types say what the language converts arguments to:
//!
//! | Rust | language |
//! | --- | --- |
//! | `&str`, `&Number`, `i64`, `bool` | a known string, number, whole number, bool |
//! | `&Value` | `any`, or the type in `#[arg(...)]` |
//! | `&[Value]`, `Vec<T>` under `#[arg(variadic)]` | any number of further arguments |
//! | `&Environment` | not a parameter: what the function sees of the world |
//! | `&Type` | not a parameter: the type that the result will have |
//!
//! `#[arg(...)]` takes a type such as `list(string)`, a name as in `name = "inputMap"`, `variadic`, and what the
//! function wants to handle itself: `null`, `unknown`, `dynamic` (of a type that is not known), `marked`.
//!
//! `#[function(...)]` takes `returns = list(string)` where the Rust type does not say it, `typed = f` where the type
//! of the result depends on the arguments, `nullable` where the result may be null, `environment = T`,
//! `name = "..."`, and `deprecated = "what to write instead"`.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, FnArg, ItemFn, Lit, Meta, Pat, ReturnType, Token, Type};

/// See the crate.
#[proc_macro_attribute]
pub fn function(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = syn::parse_macro_input!(item as ItemFn);
    let arguments = syn::parse_macro_input!(
        arguments with Punctuated::<Meta, Token![,]>::parse_terminated
    );
    expand(&arguments, &mut function).unwrap_or_else(syn::Error::into_compile_error).into()
}

fn expand(arguments: &Punctuated<Meta, Token![,]>, function: &mut ItemFn) -> syn::Result<Tokens> {
    let ident = function.sig.ident.clone();
    let constant = format_ident!("{}", ident.to_string().trim_start_matches("r#").to_uppercase());
    let mut name = ident.to_string().trim_start_matches("r#").to_owned();
    let mut returns = match &function.sig.output {
        ReturnType::Type(_, ty) => {
            quote!(Returns::Always(<#ty as ::infra_value::function::Outcome>::ty))
        }
        ReturnType::Default => return Err(syn::Error::new_spanned(&ident, "needs a result")),
    };
    let (mut nullable, mut deprecated, mut environment) = (false, quote!(None), quote!(()));
    for argument in arguments {
        let value = argument.require_name_value().map(|pair| &pair.value);
        match argument.path().require_ident()?.to_string().as_str() {
            "nullable" => nullable = true,
            "name" => name = string(value?)?,
            "deprecated" => {
                let text = string(value?)?;
                deprecated = quote!(Some(#text));
            }
            "environment" => {
                let ty = value?;
                environment = quote!(#ty);
            }
            "typed" => {
                let typed = value?;
                returns = quote!(Returns::Depends(#typed));
            }
            "returns" => {
                let ty = language_type(value?)?;
                returns = quote!(Returns::Always(|| #ty));
            }
            _ => return Err(syn::Error::new_spanned(argument, "not a word of #[function]")),
        }
    }
    let mut params = Vec::new();
    let mut variadic = quote!(None);
    let mut passed = Vec::new();
    for input in &mut function.sig.inputs {
        let FnArg::Typed(input) = input else {
            return Err(syn::Error::new_spanned(input, "self is no parameter"));
        };
        let ty = &*input.ty;
        match world(ty) {
            Some(field) => passed.push(field),
            None => {
                let at = params.len();
                let param = Param::read(&input.pat, &mut input.attrs)?;
                let made = param.tokens(ty);
                if param.variadic {
                    variadic = quote!(Some(#made));
                    passed.push(quote!(::infra_value::function::Rest::read(call.arguments, #at)?));
                } else {
                    params.push(made);
                    passed.push(
                        quote!(::infra_value::function::Argument::read(&call.arguments[#at], #at)?),
                    );
                }
            }
        }
    }
    let doc = documentation(&function.attrs);
    let summary = format!(" `{name}` of the language.");
    Ok(quote! {
        #function

        #[doc = #summary]
        pub(super) static #constant: ::infra_value::function::Function<#environment> = {
            use ::infra_value::function::{Function, Outcome, Param, Returns};
            Function {
                name: #name,
                doc: #doc,
                params: &[#(#params),*],
                variadic: #variadic,
                returns: #returns,
                nullable: #nullable,
                deprecated: #deprecated,
                body: |call| Outcome::value(#ident(#(#passed),*)),
            }
        };
    })
}

/// How to pass what is no parameter of the language.
fn world(ty: &Type) -> Option<Tokens> {
    let Type::Reference(reference) = ty else { return None };
    let Type::Path(path) = &*reference.elem else { return None };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "Environment" => Some(quote!(call.environment)),
        "Type" => Some(quote!(call.ty)),
        _ => None,
    }
}

struct Param {
    name: String,
    ty: Option<Tokens>,
    variadic: bool,
    null: bool,
    unknown: bool,
    dynamic: bool,
    marked: bool,
}

impl Param {
    /// Takes `#[arg(...)]` out of the attributes.
    fn read(pattern: &Pat, attributes: &mut Vec<Attribute>) -> syn::Result<Self> {
        let Pat::Ident(name) = pattern else {
            return Err(syn::Error::new_spanned(pattern, "a parameter needs a name"));
        };
        let mut param = Self {
            name: name.ident.to_string().trim_start_matches("r#").to_owned(),
            ty: None,
            variadic: false,
            null: false,
            unknown: false,
            dynamic: false,
            marked: false,
        };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("arg")) {
            for word in
                attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?
            {
                match &word {
                    Expr::Assign(assign) => param.name = string(&assign.right)?,
                    Expr::Path(path) if path.path.is_ident("variadic") => param.variadic = true,
                    Expr::Path(path) if path.path.is_ident("null") => param.null = true,
                    Expr::Path(path) if path.path.is_ident("unknown") => param.unknown = true,
                    Expr::Path(path) if path.path.is_ident("dynamic") => param.dynamic = true,
                    Expr::Path(path) if path.path.is_ident("marked") => param.marked = true,
                    ty => param.ty = Some(language_type(ty)?),
                }
            }
        }
        attributes.retain(|attribute| !attribute.path().is_ident("arg"));
        Ok(param)
    }

    fn tokens(&self, rust: &Type) -> Tokens {
        let Self { name, ty, variadic, null, unknown, dynamic, marked } = self;
        let ty = match (ty, variadic) {
            (Some(ty), _) => quote!(|| #ty),
            (None, true) => quote!(<#rust as ::infra_value::function::Rest>::ty),
            (None, false) => quote!(<#rust as ::infra_value::function::Argument>::ty),
        };
        quote! {
            Param {
                name: #name,
                ty: #ty,
                null: #null,
                unknown: #unknown,
                dynamic: #dynamic,
                marked: #marked,
            }
        }
    }
}

/// `list(string)` and the like.
fn language_type(written: &Expr) -> syn::Result<Tokens> {
    let wrong = || syn::Error::new_spanned(written, "not a type of the language");
    match written {
        Expr::Path(path) => match path.path.get_ident().ok_or_else(wrong)?.to_string().as_str() {
            "any" => Ok(quote!(::infra_value::Type::Any)),
            "bool" => Ok(quote!(::infra_value::Type::Bool)),
            "number" => Ok(quote!(::infra_value::Type::Number)),
            "string" => Ok(quote!(::infra_value::Type::String)),
            _ => Err(wrong()),
        },
        Expr::Call(call) => {
            let (Expr::Path(kind), Some(element)) = (&*call.func, call.args.first()) else {
                return Err(wrong());
            };
            let element = language_type(element)?;
            match kind.path.get_ident().ok_or_else(wrong)?.to_string().as_str() {
                "list" => Ok(quote!(::infra_value::Type::list(#element))),
                "set" => Ok(quote!(::infra_value::Type::set(#element))),
                "map" => Ok(quote!(::infra_value::Type::map(#element))),
                _ => Err(wrong()),
            }
        }
        _ => Err(wrong()),
    }
}

fn string(value: &Expr) -> syn::Result<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Ok(text.value()),
            _ => Err(syn::Error::new_spanned(value, "a string is required")),
        },
        _ => Err(syn::Error::new_spanned(value, "a string is required")),
    }
}

/// The doc comment, without the space that begins each line.
fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines = lines.filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) => string(&pair.value).ok(),
        _ => None,
    });
    lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}
