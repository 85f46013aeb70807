//! infra-lang
