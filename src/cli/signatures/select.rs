//! Which of the signatures in force are meant.

use clap::Args;

use crate::cli::suggestion::hint;
use crate::signature::{Category, Confidence, Database, Signature};

/// Conditions that a signature must fulfil, all of them.
#[derive(Debug, Default, Args)]
pub(super) struct Selection {
    /// Only these categories
    #[arg(long, value_name = "WORD[,WORD…]", value_delimiter = ',', value_parser = category)]
    category: Vec<Category>,
    /// Only categories that accuse: telemetry, workplace-analytics and the like
    #[arg(long)]
    accusing: bool,
    /// Only these vendors, by their whole name in any case
    #[arg(long, value_name = "NAME[,NAME…]", value_delimiter = ',')]
    vendor: Vec<String>,
    /// Only claims that are supported at least so well: documented, measured or community
    #[arg(long, value_name = "WORD", value_parser = confidence)]
    confidence: Option<Confidence>,
}

impl Selection {
    /// The signatures that fulfil all conditions, by id.
    pub(super) fn of<'d>(&self, database: &'d Database) -> Vec<&'d Signature> {
        database.signatures().iter().filter(|signature| self.takes(signature)).collect()
    }

    fn takes(&self, signature: &Signature) -> bool {
        let vendor = signature.vendor.to_lowercase();
        let rank = |confidence| Confidence::ALL.iter().position(|c| *c == confidence);
        (self.category.is_empty() || self.category.contains(&signature.category))
            && (!self.accusing || signature.category.accuses())
            && (self.vendor.is_empty() || self.vendor.iter().any(|v| v.to_lowercase() == vendor))
            && self.confidence.is_none_or(|least| rank(signature.confidence) <= rank(least))
    }
}

/// The category that a word stands for.
pub(super) fn category(word: &str) -> Result<Category, String> {
    Category::from_word(word).ok_or_else(|| {
        let all = Category::ALL.map(Category::word);
        format!("`{word}` is no category{}; there are: {}", hint(word, all), all.join(", "))
    })
}

fn confidence(word: &str) -> Result<Confidence, String> {
    Confidence::ALL.into_iter().find(|c| c.word() == word).ok_or_else(|| {
        let all = Confidence::ALL.map(Confidence::word);
        format!("`{word}` is none of {}", all.join(", "))
    })
}
