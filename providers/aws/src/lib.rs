//! infra-provider-aws
