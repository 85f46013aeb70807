//! A plan in a file.
