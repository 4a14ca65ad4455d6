//! `CHECK.txt`: how to check a bundle with sha256sum, ssh-keygen and tshark alone. It is read by
//! people and run as it is: `sh data/CHECK.txt`.

use super::tables::{Facts, Kind};
use super::{Case, Material};
use crate::export::escape;
use crate::language::Argument;

/// What stands in the text beside the tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checked<'a> {
    pub(super) material: &'a Material<'a>,
    pub(super) case: &'a Case,
    pub(super) facts: &'a Facts<'a>,
    /// In whose name the bundle is sealed, with the key's fingerprint.
    pub(super) sealed: Option<(&'a str, &'a str)>,
}

/// The text.
pub(super) fn text(checked: &Checked<'_>) -> String {
    let mut script = Script { checked, text: String::new() };
    script.say("check-intro");
    script.files();
    script.seal();
    script.captures();
    script.server_names();
    script.originals();
    script.say("check-more");
    script.text
}

struct Script<'a> {
    checked: &'a Checked<'a>,
    text: String,
}

impl Script<'_> {
    /// Lines of a message, as comments.
    fn say(&mut self, key: &'static str) {
        self.say_with(key, &[]);
    }

    fn say_with(&mut self, key: &'static str, arguments: &[(&'static str, Argument<'_>)]) {
        let said = self.checked.case.language.say_with(key, arguments);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in said.lines() {
            self.comment(line);
        }
    }

    fn comment(&mut self, line: &str) {
        self.text.push_str(format!("# {}", escape(line)).trim_end());
        self.text.push('\n');
    }

    /// A command.
    fn run(&mut self, command: &str) {
        self.text.push_str(command.trim_start_matches('\n'));
        self.text.push('\n');
    }

    /// A number to expect.
    fn expect(&mut self, what: &str, frames: &str, octets: &str) {
        self.text.extend(["#   = ", &*escape(what), "\t", frames, "\t", octets, "\n"]);
    }

    fn files(&mut self) {
        self.say("check-files");
        self.run("sha256sum -c --quiet manifest-sha256.txt && echo 'manifest-sha256.txt: OK'");
        self.run(
            "sha256sum -c --quiet tagmanifest-sha256.txt && echo 'tagmanifest-sha256.txt: OK'",
        );
    }

    fn seal(&mut self) {
        let Some((identity, fingerprint)) = self.checked.sealed else {
            self.say("check-unsealed");
            return;
        };
        let arguments = [("identity", identity.into()), ("fingerprint", fingerprint.into())];
        self.say_with("check-seal", &arguments);
        self.run(&format!(
            "ssh-keygen -Y verify -f allowed_signers -I '{identity}' -n vigie-evidence \
             -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"
        ));
    }

    fn captures(&mut self) {
        if self.checked.facts.bundle.is_empty() {
            self.say("check-no-capture");
            return;
        }
        self.say("check-captures");
        for capture in self.checked.facts.bundle {
            let (frames, octets) = (capture.frames, capture.octets);
            let place = format!("data/capture/{}", capture.path);
            self.expect(&place, &frames.to_string(), &octets.to_string());
        }
        self.run(CAPINFOS);
    }

    fn server_names(&mut self) {
        if self.checked.facts.server_names.is_empty() {
            return;
        }
        self.say("check-server-names");
        for line in Kind::ServerNames.lines(self.checked.facts) {
            let [name, _, frames, octets] = &line.cells[..] else { continue };
            self.expect(name, frames, octets);
        }
        self.run(TSHARK);
    }

    fn originals(&mut self) {
        self.say("check-originals");
        for capture in &self.checked.material.snapshot.captures {
            let hash = capture.sha256.map(|hash| super::hash::hex(&hash));
            let name = capture.path.rsplit('/').next().unwrap_or_default();
            self.comment(&format!("  {}  {name}", hash.as_deref().unwrap_or("-")));
        }
    }
}

/// File, frames and octets on the wire of each capture.
const CAPINFOS: &str = "capinfos -T -r -M -c -d data/capture/*.pcapng";

/// Frames and octets by the server name that the client sent: of every TCP or UDP stream in which
/// such a name stands, all frames. Beside each line stands whether `server_names.csv` says the
/// same.
const TSHARK: &str = r#"
for f in data/capture/*.pcapng; do
  tshark -n -r "$f" -o tcp.reassemble_out_of_order:TRUE -T fields -E occurrence=l \
    -e tcp.stream -e udp.stream -e frame.len -e tls.handshake.extensions_server_name 2>/dev/null |
    sed "s|^|$f\t|"
done | awk -F'\t' '
  { k = $1 "/" ($2 != "" ? "tcp" $2 : "udp" $3); frames[k]++; octets[k] += $4 }
  $5 != "" && !(k in name) { name[k] = tolower($5) }
  END { for (k in name) { f[name[k]] += frames[k]; o[name[k]] += octets[k] }
        for (n in f) printf "%s\t%.0f\t%.0f\n", n, f[n], o[n] }' | LC_ALL=C sort | awk -F'\t' '
  NR == FNR { split($0, c, ","); table[c[1]] = c[3] "\t" c[4]; next }
  { print $0 "\t" (table[$1] == $2 "\t" $3 ? "= server_names.csv" : "NOT IN server_names.csv") }' \
  data/tables/server_names.csv -"#;
