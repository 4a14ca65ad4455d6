//! What became of personal data, and how all this can be checked without vigie.

use super::Report;
use super::markup::Page;
use super::table::{Cell, Group, Head, Table, observed};

const CAPTURES: [Head; 6] = [
    observed("report-th-capture"),
    observed("report-th-frames-tagged"),
    observed("report-th-octets"),
    observed("report-th-answers"),
    observed("report-th-kept"),
    observed("report-th-overwritten"),
];

impl Report<'_> {
    pub(super) fn protection(&self, page: &mut Page) {
        page.within("ul", &[], |page| {
            let mut item = |text: String| page.element("li", &[], text);
            item(self.say("report-protection-payload"));
            item(self.say("report-protection-capture"));
            if !self.screens.is_empty() {
                let masked = self.screens.iter().all(|screen| screen.hides_clients);
                item(self.say(if masked {
                    "report-protection-mask"
                } else {
                    "report-protection-mask-none"
                }));
            }
            let privacy = self.material.privacy;
            item(self.say(if privacy.pseudonymized {
                "report-protection-pseudonyms"
            } else {
                "report-protection-pseudonyms-none"
            }));
            if privacy.tenants_masked {
                item(self.say("report-protection-tenants"));
            }
            if privacy.domains_masked {
                item(self.say("report-protection-domains"));
            }
            let clients = (self.sums.clients as u64).into();
            item(self.say_with("report-protection-clients", &[("clients", clients)]));
            item(self.say("report-protection-retention"));
            item(self.say("report-protection-context"));
        });
    }

    pub(super) fn check(&self, page: &mut Page) {
        page.paragraph(self.say("report-check-lead"));
        self.step(
            page,
            "report-check-hashes",
            "sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt",
        );
        self.step(
            page,
            "report-check-seal",
            "ssh-keygen -Y verify -f allowed_signers -I IDENTITY -n vigie-evidence \\\n    \
             -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt",
        );
        if let Some(capture) = self.material.captures.first() {
            let command = format!("capinfos -c data/capture/{}", capture.file_name);
            self.step(page, "report-check-recount", &command);
            self.tagged_captures(page);
        }
        self.step(page, "report-check-original", "sha256sum CAPTURE");
        page.paragraph(self.say("report-check-tables"));
        page.paragraph(self.say("report-check-recountable"));
    }

    fn step(&self, page: &mut Page, key: &'static str, command: &str) {
        page.paragraph(self.say(key));
        page.within("pre", &[], |page| page.element("code", &[], command));
    }

    /// The captures in the bundle, with the numbers to expect.
    fn tagged_captures(&self, page: &mut Page) {
        let count = |number| Cell::Number(self.language.count(number));
        let rows = self
            .material
            .captures
            .iter()
            .map(|capture| {
                vec![
                    Cell::Head(capture.file_name.clone()),
                    count(capture.frames),
                    count(capture.octets),
                    count(capture.answers),
                    count(capture.kept),
                    count(capture.overwritten),
                ]
            })
            .collect();
        let groups = vec![Group { rows, ..Group::default() }];
        let caption = self.say("report-caption-tagged-captures");
        Table { caption, heads: &CAPTURES, tells_apart: false, groups }.write(page, self.language);
        self.behind(page, "tagged_captures.csv", "report-behind-tagged");
    }
}
