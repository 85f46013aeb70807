//! infra-provider-sdk-derive
