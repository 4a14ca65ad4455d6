//! The configuration file: defaults for the options of the command line, which wins.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::DeValue;

use super::args::{ColorChoice, CommonArguments};
use super::document::{Document, DocumentError};
use super::screen::ScreenDefaults;
use super::value;
use crate::evidence::pseudonym::{NotADomain, own_domain};
use crate::name::HostName;
use crate::pipeline::IdleLimits;

/// Defaults for options; the names in the file are those of the options.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, Default)]
pub(super) struct Defaults {
    pub(super) asn: Option<PathBuf>,
    pub(super) by: Vec<String>,
    pub(super) color: Option<ColorChoice>,
    pub(super) dedup: bool,
    pub(super) devices: Option<PathBuf>,
    pub(super) duties_notice: Option<bool>,
    pub(super) exact: bool,
    pub(super) filter: Option<String>,
    pub(super) geoip: Option<PathBuf>,
    pub(super) hash: bool,
    pub(super) home_net: Vec<IpNet>,
    pub(super) idle: Option<IdleLimits>,
    pub(super) ignore_vlan: bool,
    pub(super) jobs: Option<NonZeroUsize>,
    pub(super) join: bool,
    pub(super) mask_domain: Vec<HostName>,
    pub(super) max_flows: Option<NonZeroUsize>,
    pub(super) max_rows: Option<NonZeroUsize>,
    pub(super) only_signatures: bool,
    pub(super) oui: Option<PathBuf>,
    pub(super) signatures: Vec<PathBuf>,
    pub(super) tz: Option<TimeZone>,
    pub(super) screen: ScreenDefaults,
}

/// Every field of the file.
const FIELDS: [&str; 27] = [
    "asn",
    "by",
    "color",
    "dedup",
    "devices",
    "duties-notice",
    "exact",
    "filter",
    "geoip",
    "hash",
    "home-net",
    "idle",
    "ignore-vlan",
    "jobs",
    "join",
    "keys",
    "lang",
    "mask",
    "mask-domain",
    "max-flows",
    "max-rows",
    "only-signatures",
    "oui",
    "picture-mask",
    "signatures",
    "theme",
    "tz",
];

impl Defaults {
    /// The defaults of the file that the arguments choose. Without `--config`, a file that is
    /// not there is no fault.
    pub(super) fn load(arguments: &CommonArguments) -> Result<Self, DocumentError> {
        let path = match &arguments.config {
            _ if arguments.no_config => return Ok(Self::default()),
            Some(path) => path.clone(),
            None => match usual_place() {
                Some(path) if path.exists() => path,
                _ => return Ok(Self::default()),
            },
        };
        Self::read(&Document::read(&path)?)
    }

    /// The defaults of a text that is in no file.
    #[cfg(test)]
    pub(super) fn of_text(path: &str, text: &str) -> Result<Self, DocumentError> {
        Self::read(&Document::of(path, text))
    }

    /// The defaults that `document` states.
    fn read(document: &Document) -> Result<Self, DocumentError> {
        let mut defaults = Self::default();
        for (key, value) in &document.table()? {
            let field: &str = key.get_ref();
            if !FIELDS.contains(&field) {
                return Err(document.unknown(key.span(), field, &FIELDS));
            }
            defaults.set(document, field, value)?;
        }
        Ok(defaults)
    }

    /// Takes one field; `field` is one of [`FIELDS`].
    fn set(
        &mut self,
        document: &Document,
        field: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), DocumentError> {
        let parsed = |message: String| document.fault(value.span(), field, message);
        let path = |text: &str| document.folder().join(text);
        match field {
            "asn" => self.asn = Some(path(document.text(field, value)?)),
            "by" => {
                for (span, text) in document.texts(field, value)? {
                    value::dimensions(text).map_err(|m| document.fault(span, field, m))?;
                    self.by.push(text.to_owned());
                }
            }
            "color" => {
                self.color = Some(color(document.text(field, value)?).map_err(parsed)?);
            }
            "dedup" => self.dedup = document.truth(field, value)?,
            "devices" => self.devices = Some(path(document.text(field, value)?)),
            "duties-notice" => self.duties_notice = Some(document.truth(field, value)?),
            "exact" => self.exact = document.truth(field, value)?,
            "filter" => {
                let text = document.text(field, value)?;
                value::filter(text).map_err(parsed)?;
                self.filter = Some(text.to_owned());
            }
            "geoip" => self.geoip = Some(path(document.text(field, value)?)),
            "hash" => self.hash = document.truth(field, value)?,
            "home-net" => {
                for (span, text) in document.texts(field, value)? {
                    let net = value::home_net(text);
                    self.home_net.push(net.map_err(|m| document.fault(span, field, m))?);
                }
            }
            "mask-domain" => {
                for (span, text) in document.texts(field, value)? {
                    let domain = own_domain(text);
                    let fault = |fault: NotADomain| document.fault(span, field, fault.to_string());
                    self.mask_domain.push(domain.map_err(fault)?);
                }
            }
            "idle" => self.idle = Some(value::idle(document.text(field, value)?).map_err(parsed)?),
            "ignore-vlan" => self.ignore_vlan = document.truth(field, value)?,
            "jobs" => self.jobs = Some(document.number(field, value)?),
            "join" => self.join = document.truth(field, value)?,
            "keys" | "lang" | "mask" | "picture-mask" | "theme" => {
                self.screen.set(document, field, value)?;
            }
            "max-flows" => self.max_flows = Some(document.number(field, value)?),
            "max-rows" => self.max_rows = Some(document.number(field, value)?),
            "only-signatures" => self.only_signatures = document.truth(field, value)?,
            "oui" => self.oui = Some(path(document.text(field, value)?)),
            "signatures" => {
                let texts = document.texts(field, value)?;
                self.signatures.extend(texts.into_iter().map(|(_, text)| path(text)));
            }
            "tz" => self.tz = Some(value::zone(document.text(field, value)?).map_err(parsed)?),
            _ => {}
        }
        Ok(())
    }
}

/// Where the platform keeps such files: on Linux `~/.config/vigie/config.toml`.
pub(super) fn usual_place() -> Option<PathBuf> {
    ProjectDirs::from("", "", "vigie").map(|dirs| dirs.config_dir().join(Path::new("config.toml")))
}

/// When colours are used.
fn color(text: &str) -> Result<ColorChoice, String> {
    match text {
        "auto" => Ok(ColorChoice::Auto),
        "always" => Ok(ColorChoice::Always),
        "never" => Ok(ColorChoice::Never),
        _ => Err(format!("`{text}` is not one of auto, always, never")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Defaults, String> {
        Defaults::read(&Document::of("there/config.toml", text)).map_err(|e| e.to_string())
    }

    #[test]
    fn fields_give_defaults_and_paths_are_relative_to_the_file() {
        let defaults = read(
            "jobs = 3\nhome-net = [\"192.0.2.0/24\"]\nsignatures = \"mine\"\n\
             devices = \"/etc/devices.toml\"\nidle = \"tcp=2h\"\nexact = true\ncolor = \"never\"",
        )
        .unwrap();
        assert_eq!(defaults.jobs.unwrap().get(), 3);
        assert_eq!(defaults.home_net, [value::home_net("192.0.2.0/24").unwrap()]);
        assert_eq!(defaults.signatures, [PathBuf::from("there/mine")]);
        assert_eq!(defaults.devices.unwrap(), PathBuf::from("/etc/devices.toml"));
        assert_eq!(defaults.idle.unwrap().tcp.as_secs(), 7200);
        assert!(defaults.exact);
        assert_eq!(defaults.color, Some(ColorChoice::Never));
    }

    #[test]
    fn an_unknown_field_is_refused_with_a_suggestion() {
        assert_eq!(
            read("jobs = 1\nhom-net = \"10.0.0.0/8\"").unwrap_err(),
            "there/config.toml: line 2, field `hom-net`: unknown field; did you mean `home-net`?"
        );
    }

    #[test]
    fn a_wrong_value_names_line_and_field() {
        assert_eq!(
            read("\n\njobs = \"many\"").unwrap_err(),
            "there/config.toml: line 3, field `jobs`: a whole number above 0 is needed, not string"
        );
        assert!(read("jobs = 0").unwrap_err().contains("line 1, field `jobs`"));
        assert_eq!(
            read("home-net = [\n \"10.0.0.0/8\",\n \"office\",\n]").unwrap_err(),
            "there/config.toml: line 3, field `home-net`: not a network; write it as 192.0.2.0/24 \
             or 2001:db8::/32"
        );
    }

    #[test]
    fn text_that_is_not_toml_names_the_line() {
        assert!(read("jobs = 1\n= 2").unwrap_err().starts_with("there/config.toml: line 2: "));
    }
}
