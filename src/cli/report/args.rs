//! What was typed after `vigie report`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::cli::args::{CountingArguments, EXIT_STATUS};
use crate::cli::screen;
use crate::evidence::pseudonym::own_domain;
use crate::evidence::screens::ScreenView;
use crate::language::Language;
use crate::ledger::Mask;
use crate::name::HostName;

/// The heading of options that say what the bundle is about.
const ABOUT: &str = "About the bundle";
/// The heading of options about people.
const PRIVACY: &str = "Personal data";

/// `vigie report`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(in crate::cli) struct ReportArguments {
    /// Captures (pcap or pcapng; plain, gzip, zstd or lz4), or folders of them; they are read
    /// twice, so that standard input (-) must be written to a file first
    #[arg(value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    /// The folder to make; there must be none yet
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Make DIR.zip as well
    #[arg(long)]
    pub(super) zip: bool,
    /// Seal it with this SSH key (ssh-ed25519): a private key, or a public one (FILE.pub) whose
    /// private one the agent holds
    #[arg(long, value_name = "KEY")]
    pub(super) sign: Option<PathBuf>,
    /// Read the key's passphrase from the first line of this file instead of asking on the
    /// terminal
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub(super) passphrase_file: Option<PathBuf>,
    /// In whose name it is sealed [default: the key's comment]
    #[arg(long, value_name = "NAME", requires = "sign")]
    pub(super) identity: Option<String>,
    /// Language of all that people read in it: en, fr or de [default: that of the locale]
    #[arg(long, help_heading = ABOUT, value_name = "LANG", value_parser = screen::language)]
    pub(super) lang: Option<Language>,
    /// Title of the report
    #[arg(long, help_heading = ABOUT, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Who made it
    #[arg(long, help_heading = ABOUT, value_name = "TEXT")]
    pub(super) author: Option<String>,
    /// File number or the like
    #[arg(long, help_heading = ABOUT, value_name = "TEXT")]
    pub(super) case: Option<String>,
    /// The question that it is to answer
    #[arg(long, help_heading = ABOUT, value_name = "TEXT")]
    pub(super) question: Option<String>,
    /// The bundle's date: the same input, options and date give the same octets [default: today]
    #[arg(long, help_heading = ABOUT, value_name = "DATE")]
    pub(super) date: Option<Date>,
    /// Until when it may be kept
    #[arg(long, help_heading = ABOUT, value_name = "DATE")]
    pub(super) retention: Option<Date>,
    /// Screens of the terminal to put into it: overview, flows, hosts and the other views, and
    /// detail:HOST, in this order, or none; flows are kept one by one for them, up to 131,072,
    /// which takes memory
    #[arg(long, help_heading = ABOUT, value_name = "VIEW[,VIEW…]", default_value = "none", value_parser = screens)]
    pub(super) screens: Screens,
    /// What is hidden on screens: none, clients, hosts or all [default: clients]
    #[arg(long, help_heading = ABOUT, value_name = "WHAT", value_parser = screen::mask)]
    pub(super) mask: Option<Mask>,
    /// Record this machine's name, kernel and what it knows of its clock
    #[arg(long, help_heading = ABOUT)]
    pub(super) record_host: bool,
    /// Give clients pseudonyms by the key in this file (64 hexadecimal digits): addresses, MACs,
    /// names of devices, in the capture too; the key stays outside, vigie reveal undoes it
    #[arg(long, help_heading = PRIVACY, value_name = "KEYFILE")]
    pub(super) pseudonymize: Option<PathBuf>,
    /// With --pseudonymize: give tenants in host names (contoso.sharepoint.com) pseudonyms of the
    /// same length, in the capture too; vigie reveal undoes them
    #[arg(long, help_heading = PRIVACY)]
    pub(super) mask_tenants: bool,
    /// With --pseudonymize: give all labels of a domain of your own (contoso.com) and of names
    /// below it pseudonyms of the same length, in the capture too; may be given several times
    #[arg(long, help_heading = PRIVACY, value_name = "DOMAIN", value_parser = own_domain)]
    pub(super) mask_domain: Vec<HostName>,
    #[command(flatten)]
    pub(super) counting: CountingArguments,
}

/// A list of screens.
#[derive(Clone, Debug)]
pub(super) struct Screens(pub(super) Vec<ScreenView>);

/// `none` stands for no screen.
fn screens(list: &str) -> Result<Screens, String> {
    if list == "none" {
        return Ok(Screens(Vec::new()));
    }
    ScreenView::parse_list(list).map(Screens).map_err(|unknown| unknown.to_string())
}
