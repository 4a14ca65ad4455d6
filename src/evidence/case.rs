//! What people say about a bundle: nothing of it is measured.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::language::Language;

/// What a bundle is about, in the words of whoever made it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Title of the report; none for the language's usual one.
    pub title: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// File number or the like.
    pub case: Option<String>,
    /// The question that it is to answer.
    pub question: Option<String>,
    /// The bundle's date, from `--date`, else the day on which the command ran.
    pub date: Date,
    /// Language of all that people read in it.
    pub language: Language,
    /// Zone of times that people read.
    pub zone: TimeZone,
}
