//! Protocols that turn to TLS in mid-stream, on the client's word: RFC 3207 (SMTP), RFC 2595 (IMAP,
//! POP3), RFC 4217 (FTP), RFC 4642 (NNTP), RFC 5804 (Sieve), RFC 6120 (XMPP), RFC 4511 (LDAP), and
//! PostgreSQL, MySQL, RDP, AMQP and ADB by their own documents.
//!
//! Only the client is listened to: TLS follows where, after the word, TLS follows.

mod adb;
mod ber;
mod database;
mod dialog;
mod rdp;
mod xmpp;

pub(in crate::name) use adb::read as read_adb;
pub(in crate::name) use ber::read as read_ldap;
pub(in crate::name) use database::{read_mysql, read_postgres};
pub(in crate::name) use dialog::{Dialog, Spoken, starts_dialog};
pub(in crate::name) use rdp::read as read_rdp;
pub(in crate::name) use xmpp::read as read_xmpp;
