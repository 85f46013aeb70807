//! infra-plan
