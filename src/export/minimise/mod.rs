//! What may be kept of a frame so that others can recount and check, and nothing more.
//!
//! Takes frames with their flows. Gives frames whose payload is cut off save for what names the
//! flow: TLS, QUIC and DTLS hellos, a server's own certificate where the client named nobody, DNS
//! answers (over TCP those from port 53), and of HTTP requests method and host, with every other
//! octet overwritten with `x`; of datagrams of a SOCKS relay its header; of logins over RADIUS the
//! TLS, with zeros around it; of aggregates each packet in its place. Original lengths are kept. [`Cutter`] does that for every
//! frame; [`Minimiser`] lets only tagged flows through, whose earlier frames wait in bounded room.

mod aggregate;
mod cut;
mod datagram;
mod flight;
mod held;
mod logins;
mod minimiser;
mod request;
mod responses;
mod stream;

pub(in crate::export) use cut::Cutter;
pub(in crate::export) use held::Held;
pub(in crate::export) use minimiser::Minimiser;
