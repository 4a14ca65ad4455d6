//! Tunnels: packets inside packets.
//!
//! A tunnel is followed only where its own header is well-formed; where it leads to nothing
//! readable the packet that carries it counts. What is quoted in ICMP errors, or carried in
//! TCP, is payload.

mod capwap;
mod geneve;
mod gre;
mod gtp;
mod inside;
mod l2tp;
mod teredo;
mod vxlan;

pub(super) use inside::{Inside, inside, is_tunnel};
