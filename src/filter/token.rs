//! Text into tokens, each with its place.

use winnow::Parser;
use winnow::Result;
use winnow::ascii::multispace0;
use winnow::combinator::{alt, delimited, repeat};
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, none_of, one_of, take_while};

use super::FilterError;

/// A token and the octet offset at which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) at: usize,
    pub(super) kind: TokenKind<'a>,
}

/// What stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'a> {
    /// A run of characters that need no quotes: a field, a keyword or a value.
    Word(&'a str),
    /// What stands between quotes, escapes not yet resolved.
    Quoted(&'a str),
    /// `=` (or `==`), `!=`, `~`, `<`, `<=`, `>`, `>=`.
    Operator(&'a str),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
}

impl<'a> Token<'a> {
    /// What was written, without quotes.
    pub(super) fn text(self) -> &'a str {
        match self.kind {
            TokenKind::Word(text) | TokenKind::Quoted(text) | TokenKind::Operator(text) => text,
            TokenKind::Open => "(",
            TokenKind::Close => ")",
            TokenKind::Comma => ",",
        }
    }
}

/// All tokens of `text`.
pub(super) fn tokens(text: &str) -> std::result::Result<Vec<Token<'_>>, FilterError> {
    let mut input = LocatingSlice::new(text);
    let mut tokens = Vec::new();
    loop {
        let _: Result<&str> = multispace0.parse_next(&mut input);
        let at = input.current_token_start();
        let rest = text.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(tokens);
        }
        let kind = token.parse_next(&mut input).map_err(|_| refusal(text, at, rest))?;
        tokens.push(Token { at, kind });
    }
}

/// The token that the input starts with.
fn token<'a>(input: &mut LocatingSlice<&'a str>) -> Result<TokenKind<'a>> {
    alt((
        '('.value(TokenKind::Open),
        ')'.value(TokenKind::Close),
        ','.value(TokenKind::Comma),
        alt((
            alt(("!=", "!~", "<=", ">=", "<>", "==", "&&", "||")),
            alt(("=", "~", "<", ">", "!")),
        ))
        .map(synonym),
        quoted('"'),
        quoted('\''),
        (one_of(starts_word), take_while(0.., continues_word)).take().map(TokenKind::Word),
    ))
    .parse_next(input)
}

/// What other filter languages write stands for the same here.
fn synonym(text: &str) -> TokenKind<'_> {
    match text {
        "==" => TokenKind::Operator("="),
        "&&" => TokenKind::Word("and"),
        "||" => TokenKind::Word("or"),
        "!" => TokenKind::Word("not"),
        operator => TokenKind::Operator(operator),
    }
}

/// A string between two `quote`s, in which `\` makes the next character plain.
fn quoted<'a>(quote: char) -> impl FnMut(&mut LocatingSlice<&'a str>) -> Result<TokenKind<'a>> {
    move |input| {
        let escaped = ('\\', any).void();
        let plain = none_of([quote, '\\']).void();
        delimited(quote, repeat::<_, _, (), _, _>(0.., alt((escaped, plain))).take(), quote)
            .map(TokenKind::Quoted)
            .parse_next(input)
    }
}

/// Whether a word may start with this character.
fn starts_word(c: char) -> bool {
    continues_word(c) && c != '\''
}

/// Whether a word may go on with this character.
fn continues_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !r#"()=!~<>,"&|"#.contains(c)
}

/// Why nothing can be read at `at`, where `rest` begins.
fn refusal(text: &str, at: usize, rest: &str) -> FilterError {
    let message = match rest.chars().next() {
        Some('"' | '\'') => "this quote is not closed".to_owned(),
        Some('&') => "write `and`".to_owned(),
        Some('|') => "write `or`".to_owned(),
        Some(c) => format!("`{}` means nothing here; put text in quotes", c.escape_debug()),
        None => "the expression ends too early".to_owned(),
    };
    FilterError::new(text, at, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        tokens(text).unwrap().into_iter().map(|t| t.kind).collect()
    }

    #[test]
    fn words_end_at_operators_and_parentheses() {
        use TokenKind::{Close, Comma, Open, Operator, Word};
        assert_eq!(
            kinds("port in(80,443)"),
            [Word("port"), Word("in"), Open, Word("80"), Comma, Word("443"), Close]
        );
        assert_eq!(kinds("up>=10MB"), [Word("up"), Operator(">="), Word("10MB")]);
        assert_eq!(
            kinds("server=2001:db8::/32"),
            [Word("server"), Operator("="), Word("2001:db8::/32")]
        );
    }

    #[test]
    fn quotes_hold_everything_up_to_their_like() {
        use TokenKind::Quoted;
        assert_eq!(kinds(r#""a \" ' b" 'c " d'"#), [Quoted(r#"a \" ' b"#), Quoted(r#"c " d"#)]);
    }

    #[test]
    fn other_languages_operators_are_understood() {
        use TokenKind::{Operator, Word};
        assert_eq!(kinds("== && || !"), [Operator("="), Word("and"), Word("or"), Word("not")]);
    }

    #[test]
    fn an_open_quote_is_refused_where_it_starts() {
        let error = tokens("vendor = \"Acme").unwrap_err();
        assert_eq!((error.at, error.message.as_str()), (9, "this quote is not closed"));
    }
}
