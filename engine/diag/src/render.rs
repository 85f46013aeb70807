//! How a diagnostic reads: for people at a width with or without colour, and as Terraform's JSON.
