//! infra-provider-test
