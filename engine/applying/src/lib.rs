//! infra-applying
