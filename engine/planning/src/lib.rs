//! infra-planning
