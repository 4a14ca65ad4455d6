//! Tests of the whole room: laws, and every kind of header on frames made here.

mod fragments;
pub(super) mod frames;
mod laws;
mod links;
mod transports;
mod tunnels;
