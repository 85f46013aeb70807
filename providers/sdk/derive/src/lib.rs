//! `derive(Resource)` and `derive(Block)`: the types of the fields are the schema, doc comments are the manual.
//!
//! | field | means |
//! | --- | --- |
//! | `T` | required |
//! | `Option<T>` | optional |
//! | `#[attr(default = v)] T` | optional with a default |
//! | `Computed<T>` | decided by the provider |
//! | `#[attr(computed)] Option<T>` | optional; the provider decides if it is absent |
//! | `#[attr(force_new)]`, `sensitive`, `write_only`, `unreadable`, `deprecated = "..."` | as they say |
//! | `#[attr(stored = f)]` | the state holds `f(text)`: a hash, or a normal form; the verbs see the text itself |
//! | `#[block] Vec<B>`, `#[block(set)]`, `#[block(single)]`, `min = n`, `max = n`, `computed`, `force_new`, `deprecated = "..."` | nested blocks |
//! | `#[block(kept)]`, `#[block(set, key = "name")]` | what there is stays if there is none; what tells them apart |
//! | `#[timeouts(create = 600, delete)] Timeouts` | the block `timeouts`; the seconds that Terraform waits if nobody says more |

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Expr, Field, Fields, Lit, LitStr, Meta, parse_macro_input};

/// A resource type, with the function that `upgrade = f` names for what older versions stored, and the checks of its
/// arguments that `checks = CHECKS` names; a data source with `#[resource(data, ...)]`, an ephemeral one with `#[resource(ephemeral, ...)]`, an
/// action with `#[resource(action, ...)]`.
#[proc_macro_derive(Resource, attributes(resource, attr, block, timeouts))]
pub fn resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, true).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A nested block, or the objects of an attribute.
#[proc_macro_derive(Block, attributes(attr, block))]
pub fn block(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, false).unwrap_or_else(syn::Error::into_compile_error).into()
}

fn expand(input: &DeriveInput, resource: bool) -> syn::Result<Tokens> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(
            name,
            "only a struct can be a resource type or a block",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new_spanned(name, "the fields must have names"));
    };
    let mut schema = Vec::new();
    let mut read = Vec::new();
    let mut write = Vec::new();
    for field in &fields.named {
        let parts = part(field)?;
        schema.push(parts.schema);
        read.push(parts.read);
        write.push(parts.write);
    }
    let mut defaults = Vec::new();
    for attribute in fields.named.iter().flat_map(|field| &field.attrs) {
        if attribute.path().is_ident("timeouts") {
            let given = timeouts(attribute)?.into_iter();
            let given = given.filter_map(|(name, seconds)| Some((name, seconds?)));
            defaults.extend(given.map(|(name, seconds)| quote!((#name, #seconds))));
        }
    }
    let common = quote! {
        impl ::infra_provider_sdk::Fields for #name {
            fn fields(schema: &mut ::infra_provider_sdk::schema::Builder) {
                #(#schema)*
            }
            fn from_object(object: &::infra_provider_sdk::value::Value) -> Self {
                Self { #(#read),* }
            }
            fn write_fields(&self, object: &mut ::infra_provider_sdk::field::Object) {
                #(#write)*
            }
            fn default_timeouts() -> &'static [(&'static str, u64)] {
                &[#(#defaults),*]
            }
        }
    };
    if !resource {
        return Ok(common);
    }
    let description = doc(&input.attrs);
    let mut type_name = None;
    let mut version = quote!(0);
    let mut kind = quote!(Managed);
    let mut upgrade = quote!(None);
    let mut checks = quote!(&[]);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("resource")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                type_name = Some(meta.value()?.parse::<LitStr>()?);
            } else if meta.path.is_ident("version") {
                let value: Expr = meta.value()?.parse()?;
                version = quote!(#value);
            } else if meta.path.is_ident("upgrade") {
                let function: Expr = meta.value()?.parse()?;
                upgrade = quote!(Some(#function));
            } else if meta.path.is_ident("checks") {
                let value: Expr = meta.value()?.parse()?;
                checks = quote!(#value);
            } else if meta.path.is_ident("data") {
                kind = quote!(Data);
            } else if meta.path.is_ident("ephemeral") {
                kind = quote!(Ephemeral);
            } else if meta.path.is_ident("action") {
                kind = quote!(Action);
            } else {
                return Err(meta
                    .error("expected name, version, upgrade, checks, data, ephemeral or action"));
            }
            Ok(())
        })?;
    }
    let Some(type_name) = type_name else {
        return Err(syn::Error::new_spanned(name, "#[resource(name = \"...\")] is missing"));
    };
    Ok(quote! {
        #common
        impl ::infra_provider_sdk::Resource for #name {
            const NAME: &'static str = #type_name;
            const VERSION: u64 = #version;
            const KIND: ::infra_provider_sdk::Kind = ::infra_provider_sdk::Kind::#kind;
            const DESCRIPTION: &'static str = #description;
            const UPGRADE: Option<::infra_provider_sdk::Upgrade> = #upgrade;
            const CHECKS: &'static [::infra_provider_sdk::check::Check] = #checks;
        }
    })
}

struct Part {
    schema: Tokens,
    read: Tokens,
    write: Tokens,
}

fn part(field: &Field) -> syn::Result<Part> {
    let Some(ident) = &field.ident else {
        return Err(syn::Error::new_spanned(field, "the field must have a name"));
    };
    let name = ident.to_string();
    // `self` can be no identifier, not even a raw one: it is written `self_`.
    let name = name.strip_prefix("r#").or(name.strip_suffix('_')).unwrap_or(&name);
    let ty = &field.ty;
    let description = doc(&field.attrs);
    let mut flags = Vec::new();
    let mut nested = None;
    for attribute in &field.attrs {
        if attribute.path().is_ident("attr") {
            attribute.parse_nested_meta(|meta| {
                let flag = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                match flag.as_str() {
                    "default" => {
                        let value: Expr = meta.value()?.parse()?;
                        flags.push(quote!(.default(#value)));
                    }
                    "stored" => {
                        let form: Expr = meta.value()?.parse()?;
                        flags.push(quote!(.stored(#form)));
                    }
                    "deprecated" => {
                        let value: LitStr = meta.value()?.parse()?;
                        flags.push(quote!(.deprecated(#value)));
                    }
                    "force_new" | "computed" | "sensitive" | "write_only" | "unreadable"
                    | "required" | "optional" => {
                        let method = syn::Ident::new(&flag, proc_macro2::Span::call_site());
                        flags.push(quote!(.#method()));
                    }
                    _ => return Err(meta.error("this is no flag of an attribute")),
                }
                Ok(())
            })?;
        } else if attribute.path().is_ident("block") {
            let mut nesting = quote!(List);
            let mut settings = Vec::new();
            if !matches!(attribute.meta, Meta::Path(_)) {
                attribute.parse_nested_meta(|meta| {
                    if meta.path.is_ident("set") {
                        nesting = quote!(Set);
                    } else if meta.path.is_ident("single") {
                        nesting = quote!(Single);
                    } else if meta.path.is_ident("min") {
                        let value: Lit = meta.value()?.parse()?;
                        settings.push(quote!(.min(#value)));
                    } else if meta.path.is_ident("max") {
                        let value: Lit = meta.value()?.parse()?;
                        settings.push(quote!(.max(#value)));
                    } else if meta.path.is_ident("computed") {
                        settings.push(quote!(.computed()));
                    } else if meta.path.is_ident("force_new") {
                        settings.push(quote!(.force_new()));
                    } else if meta.path.is_ident("kept") {
                        settings.push(quote!(.kept()));
                    } else if meta.path.is_ident("deprecated") {
                        let value: LitStr = meta.value()?.parse()?;
                        settings.push(quote!(.deprecated(#value)));
                    } else if meta.path.is_ident("key") {
                        let value: LitStr = meta.value()?.parse()?;
                        settings.push(quote!(.key(&[#value])));
                    } else {
                        return Err(meta.error(
                            "expected set, single, min, max, computed, deprecated, kept, key or force_new",
                        ));
                    }
                    Ok(())
                })?;
            }
            nested = Some((nesting, settings));
        } else if attribute.path().is_ident("timeouts") {
            let names = timeouts(attribute)?.into_iter().map(|(name, _)| name);
            return Ok(Part {
                schema: quote!(schema.timeouts(&[#(#names),*]);),
                read: quote!(#ident: <#ty>::read(object)),
                write: quote!(self.#ident.write(object);),
            });
        }
    }
    if let Some((nesting, settings)) = nested {
        return Ok(Part {
            schema: quote! {
                schema.block(
                    #name,
                    <#ty as ::infra_provider_sdk::field::Nested>::nested(::infra_provider_sdk::schema::Nesting::#nesting)
                    #(#settings)*
                );
            },
            read: quote!(#ident: <#ty as ::infra_provider_sdk::field::Nested>::read(object.get(#name))),
            write: quote! {
                object.insert(
                    #name,
                    ::infra_provider_sdk::field::Nested::write(
                        &self.#ident,
                        ::infra_provider_sdk::schema::Nesting::#nesting,
                    ),
                );
            },
        });
    }
    Ok(Part {
        schema: quote! {
            <#ty as ::infra_provider_sdk::field::Attribute>::declare(schema, #name, |attribute| {
                attribute.description(#description) #(#flags)*
            });
        },
        read: quote!(#ident: <#ty as ::infra_provider_sdk::field::Attribute>::read_from(object, #name)),
        write: quote!(::infra_provider_sdk::field::Attribute::write_to(&self.#ident, object, #name);),
    })
}

/// The first paragraph of a doc comment.
fn doc(attributes: &[syn::Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(literal) = &meta.value else { continue };
        let Lit::Str(text) = &literal.lit else { continue };
        let line = text.value().trim().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    lines.join(" ")
}

/// What `#[timeouts(create = 600, delete)]` names, with the seconds.
fn timeouts(attribute: &syn::Attribute) -> syn::Result<Vec<(String, Option<u64>)>> {
    let mut found = Vec::new();
    attribute.parse_nested_meta(|meta| {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let seconds = match meta.input.peek(syn::Token![=]) {
            true => Some(meta.value()?.parse::<syn::LitInt>()?.base10_parse()?),
            false => None,
        };
        found.push((name, seconds));
        Ok(())
    })?;
    Ok(found)
}
