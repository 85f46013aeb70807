//! infra-provider-sdk
