//! The ledger of several threads is that of one.
