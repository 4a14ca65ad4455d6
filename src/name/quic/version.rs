//! What differs between the versions of QUIC, as far as Initials go.

/// A version whose Initials can be opened.
#[derive(Debug)]
pub(super) struct Version {
    /// Salt of the initial secret (RFC 9001 §5.2, RFC 9369 §3.3.1, and the drafts).
    pub(super) salt: [u8; 20],
    /// Labels of the packet protection keys.
    pub(super) labels: Labels,
    /// The two type bits of an Initial, a 0-RTT packet, a Handshake packet and a Retry.
    pub(super) types: [u8; 4],
    /// Numbers of the frames that differ.
    pub(super) frames: Frames,
    /// What proves a Retry, where it is known.
    pub(super) retry: Option<RetryKey>,
}

/// Numbers of frames.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frames {
    /// The frame that carries the handshake (RFC 9000 §19.6).
    pub(super) crypto: u8,
    /// The frame that says nothing (RFC 9000 §19.2).
    pub(super) ping: u8,
}

/// Key and nonce of the tag at the end of a Retry (RFC 9001 §5.8, RFC 9369 §3.3.3).
#[derive(Debug)]
pub(super) struct RetryKey {
    pub(super) key: [u8; 16],
    pub(super) nonce: [u8; 12],
}

/// HKDF-Expand-Label inputs in full (RFC 8446 §7.1): length, label, empty context.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) key: &'static [u8],
    pub(super) iv: &'static [u8],
    pub(super) header: &'static [u8],
}

/// Label of the client's secret, the same in all versions.
pub(super) const CLIENT_IN: &[u8] = b"\x00\x20\x0ftls13 client in\x00";

/// Label of the server's.
pub(super) const SERVER_IN: &[u8] = b"\x00\x20\x0ftls13 server in\x00";

impl Version {
    /// The version with this number.
    pub(super) fn of(number: u32) -> Option<&'static Self> {
        match number {
            // Drafts 33 and 34 have the salt of version 1.
            1 | 0xff00_0021..=0xff00_0022 | META_V1 => Some(&V1),
            0x6b33_43cf => Some(&V2),
            0xff00_001d..=0xff00_0020 => Some(&DRAFT_29),
            0xff00_0017..=0xff00_001c | MVFST_27 | MVFST_EXPERIMENTAL..=MVFST_LAST => {
                Some(&DRAFT_23)
            }
            0xff00_0016 | MVFST_22 => Some(&DRAFT_22),
            GOOGLE_Q050 => Some(&Q050),
            GOOGLE_T050 => Some(&T050),
            GOOGLE_T051 => Some(&T051),
            _ => None,
        }
    }
}

/// Versions that Meta's implementation numbers by itself, with the salts of the drafts.
const MVFST_22: u32 = 0xface_b001;
const MVFST_27: u32 = 0xface_b002;
const META_V1: u32 = 0xface_b003;
/// The first and the last of its aliases and experiments.
const MVFST_EXPERIMENTAL: u32 = 0xface_b00e;
const MVFST_LAST: u32 = 0xface_b015;

/// Google's headers and keys of the drafts with its own frames: `Q050` with its own handshake,
/// `T050` and `T051` with that of TLS.
const GOOGLE_Q050: u32 = 0x5130_3530;
const GOOGLE_T050: u32 = 0x5430_3530;
const GOOGLE_T051: u32 = 0x5430_3531;

/// Whether the number is reserved to exercise version negotiation (RFC 9000 §15): a client that
/// sends it will start again with another.
pub(super) fn is_reserved(number: u32) -> bool {
    number & 0x0f0f_0f0f == 0x0a0a_0a0a
}

const LABELS: Labels = Labels {
    key: b"\x00\x10\x0etls13 quic key\x00",
    iv: b"\x00\x0c\x0dtls13 quic iv\x00",
    header: b"\x00\x10\x0dtls13 quic hp\x00",
};

const TYPES: [u8; 4] = [0, 1, 2, 3];

const FRAMES: Frames = Frames { crypto: 0x06, ping: 0x01 };
/// Those of Google's versions that keep its own frames.
pub(super) const GOOGLE_FRAMES: Frames = Frames { crypto: 0x08, ping: 0x07 };

static V1: Version = Version {
    salt: [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
        0xad, 0xcc, 0xbb, 0x7f, 0x0a,
    ],
    labels: LABELS,
    types: TYPES,
    frames: FRAMES,
    retry: Some(RetryKey {
        key: [
            0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68,
            0xc8, 0x4e,
        ],
        nonce: [0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb],
    }),
};

static V2: Version = Version {
    salt: [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
        0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
    ],
    labels: Labels {
        key: b"\x00\x10\x10tls13 quicv2 key\x00",
        iv: b"\x00\x0c\x0ftls13 quicv2 iv\x00",
        header: b"\x00\x10\x0ftls13 quicv2 hp\x00",
    },
    types: [1, 2, 3, 0],
    frames: FRAMES,
    retry: Some(RetryKey {
        key: [
            0x8f, 0xb4, 0xb0, 0x1b, 0x56, 0xac, 0x48, 0xe2, 0x60, 0xfb, 0xcb, 0xce, 0xad, 0x7c,
            0xcc, 0x92,
        ],
        nonce: [0xd8, 0x69, 0x69, 0xbc, 0x2d, 0x7c, 0x6d, 0x99, 0x90, 0xef, 0xb0, 0x4a],
    }),
};

static DRAFT_29: Version = Version {
    salt: [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11,
        0xe0, 0x43, 0x90, 0xa8, 0x99,
    ],
    labels: LABELS,
    types: TYPES,
    frames: FRAMES,
    retry: None,
};

static DRAFT_23: Version = Version {
    salt: [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63,
        0x65, 0xbe, 0xf9, 0xf5, 0x02,
    ],
    labels: LABELS,
    types: TYPES,
    frames: FRAMES,
    retry: None,
};

static DRAFT_22: Version = Version {
    salt: [
        0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e,
        0xbd, 0x7a, 0x02, 0x64, 0x4a,
    ],
    labels: LABELS,
    types: TYPES,
    frames: FRAMES,
    retry: None,
};

static Q050: Version = Version {
    salt: [
        0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7,
        0xf0, 0xd3, 0xb5, 0x6b, 0x45,
    ],
    labels: LABELS,
    types: TYPES,
    frames: GOOGLE_FRAMES,
    retry: None,
};

static T050: Version = Version {
    salt: [
        0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36,
        0x7c, 0x60, 0x48, 0x83, 0x10,
    ],
    labels: LABELS,
    types: TYPES,
    frames: GOOGLE_FRAMES,
    retry: None,
};

static T051: Version = Version {
    salt: [
        0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8,
        0xcc, 0xda, 0x6e, 0x03, 0x3d,
    ],
    labels: LABELS,
    types: TYPES,
    frames: GOOGLE_FRAMES,
    retry: None,
};
