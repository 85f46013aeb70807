//! infra-provider-builtin
