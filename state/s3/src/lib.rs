//! infra-state-s3
