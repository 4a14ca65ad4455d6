//! Tokens into an expression.
//!
//! ```text
//! or    = and { "or" and }
//! and   = not { "and" not }
//! not   = "not" not | "(" or ")" | test
//! test  = FIELD OPERATOR VALUE | FIELD ["not"] "in" ( VALUE | "(" VALUE { "," VALUE } ")" )
//! ```

use super::FilterError;
use super::expression::{Expression, Filter, Test};
use super::field::{Field, Kind};
use super::glob::is_keyword;
use super::suggest::nearest;
use super::token::{Token, TokenKind, tokens};
use super::value::{Operand, Relation, is_unit, shown};

/// The expression that `text` spells.
pub(super) fn expression(text: &str) -> Result<Expression, FilterError> {
    if text.len() > Filter::LONGEST {
        let message = format!("the expression is longer than {} octets", Filter::LONGEST);
        return Err(FilterError { at: 0, message });
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, depth: 0 };
    if tokens.is_empty() {
        return parser.refuse("the expression is empty; write for example `category = telemetry`");
    }
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => parser.refuse(leftover(token)),
    }
}

/// What is wrong with a token after a complete expression.
fn leftover(token: Token<'_>) -> String {
    match token.kind {
        TokenKind::Close => "this parenthesis was never opened".to_owned(),
        TokenKind::Word(word) if !is_keyword(word) => match nearest(word, ["and", "or"]) {
            Some(near) => format!("unknown word {}; did you mean `{near}`?", shown(word)),
            None => format!("`and` or `or` is missing before {}", shown(word)),
        },
        _ => format!("`and` or `or` is missing before {}", shown(token.text())),
    }
}

/// What is left to be read.
struct Parser<'a, 't> {
    text: &'a str,
    tokens: &'t [Token<'a>],
    depth: usize,
}

impl<'a> Parser<'a, '_> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.first().copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    /// Takes the next token if it is the keyword.
    fn keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|token| is_word(token, keyword));
        if found {
            self.next();
        }
        found
    }

    /// Takes the next token if it is of this kind.
    fn take(&mut self, kind: TokenKind<'_>) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == kind);
        if found {
            self.next();
        }
        found
    }

    /// An error at the next token.
    fn refuse<T>(&self, message: impl Into<String>) -> Result<T, FilterError> {
        let at = self.peek().map_or(self.text.len(), |token| token.at);
        Err(FilterError::new(self.text, at, message.into()))
    }

    /// An error at `token`.
    fn refuse_at<T>(&self, token: Token<'_>, message: impl Into<String>) -> Result<T, FilterError> {
        Err(FilterError::new(self.text, token.at, message.into()))
    }

    fn or(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.and()?];
        while self.keyword("or") {
            parts.push(self.and()?);
        }
        Ok(single_or(parts, Expression::Or))
    }

    fn and(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.not()?];
        while self.keyword("and") {
            parts.push(self.not()?);
        }
        Ok(single_or(parts, Expression::And))
    }

    fn not(&mut self) -> Result<Expression, FilterError> {
        let Some(token) = self.peek() else {
            return self.refuse("a comparison is missing here");
        };
        if self.keyword("not") {
            return self.deeper(token, Self::not).map(|inner| Expression::Not(Box::new(inner)));
        }
        if !self.take(TokenKind::Open) {
            return self.test().map(Expression::Test);
        }
        let inner = self.deeper(token, Self::or)?;
        if self.take(TokenKind::Close) {
            return Ok(inner);
        }
        match self.peek() {
            Some(other) => self.refuse(leftover(other)),
            None => self.refuse_at(token, "this parenthesis is not closed"),
        }
    }

    /// One level of nesting, opened by `token`.
    fn deeper(
        &mut self,
        token: Token<'_>,
        part: fn(&mut Self) -> Result<Expression, FilterError>,
    ) -> Result<Expression, FilterError> {
        if self.depth == Filter::DEEPEST {
            let message = format!("more than {} levels of parentheses and `not`", Filter::DEEPEST);
            return self.refuse_at(token, message);
        }
        self.depth += 1;
        let inner = part(self);
        self.depth -= 1;
        inner
    }

    fn test(&mut self) -> Result<Test, FilterError> {
        let field = self.field()?;
        let relation = self.relation(field)?;
        let operands = self.operands(field, relation)?;
        Ok(Test { field, relation, operands })
    }

    fn field(&mut self) -> Result<Field, FilterError> {
        match self.peek() {
            Some(Token { kind: TokenKind::Word(word), .. }) if !is_keyword(word) => {
                let Some(field) = Field::from_word(word) else {
                    return self.refuse(unknown_field(word));
                };
                self.next();
                Ok(field)
            }
            Some(token) => self.refuse(format!(
                "a comparison is missing before {}; write for example `up > 10MB`",
                shown(token.text())
            )),
            None => self.refuse("a comparison is missing here"),
        }
    }

    fn relation(&mut self, field: Field) -> Result<Relation, FilterError> {
        let place = self.tokens;
        let found = match self.next().map(|token| token.kind) {
            Some(TokenKind::Operator(operator)) => Relation::from_operator(operator),
            Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("in") => Some(Relation::In),
            Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("not") => {
                self.keyword("in").then_some(Relation::NotIn)
            }
            _ => None,
        };
        match found {
            Some(relation) if relation.suits(field.kind()) => Ok(relation),
            Some(relation) => {
                self.tokens = place;
                self.refuse(unsuited(field, relation))
            }
            None => {
                self.tokens = place;
                self.refuse(missing_operator(field, self.peek()))
            }
        }
    }

    fn operands(&mut self, field: Field, relation: Relation) -> Result<Vec<Operand>, FilterError> {
        let Some(open) = self.peek().filter(|token| token.kind == TokenKind::Open) else {
            return Ok(vec![self.operand(field, relation)?]);
        };
        if !relation.takes_list() {
            return self.refuse(match relation {
                Relation::Equal => "a list needs `in` before it, in place of `=`",
                Relation::NotEqual => "a list needs `not in` before it, in place of `!=`",
                _ => "one value is needed here, not a list; join comparisons with `or`",
            });
        }
        self.next();
        let mut operands = vec![self.operand(field, relation)?];
        while self.take(TokenKind::Comma) {
            operands.push(self.operand(field, relation)?);
        }
        if self.take(TokenKind::Close) {
            return Ok(operands);
        }
        match self.peek() {
            Some(token) => {
                self.refuse(format!("`,` or `)` is missing before {}", shown(token.text())))
            }
            None => self.refuse_at(open, "this list is not closed"),
        }
    }

    fn operand(&mut self, field: Field, relation: Relation) -> Result<Operand, FilterError> {
        let token = match self.peek() {
            Some(token) if is_value(token) => token,
            Some(token) if matches!(token.kind, TokenKind::Word(_)) => {
                return self.refuse(format!(
                    "a value is missing before {0}; if the word itself is meant, quote it: \"{1}\"",
                    shown(token.text()),
                    token.text()
                ));
            }
            Some(token) => {
                return self.refuse(format!("a value is missing before {}", shown(token.text())));
            }
            None => {
                let asked = format!("{} {}", field.word(), relation.symbol());
                return self.refuse(format!("a value is missing after `{asked}`"));
            }
        };
        self.next();
        let joined = self.with_unit(field, token);
        let read = match &joined {
            Some(text) => {
                Operand::read(field, relation, Token { kind: TokenKind::Word(text), ..token })
            }
            None => Operand::read(field, relation, token),
        };
        read.or_else(|message| self.refuse_at(token, message))
    }

    /// A number of octets with the unit that follows it after a space.
    fn with_unit(&mut self, field: Field, token: Token<'_>) -> Option<String> {
        let unit = self.peek().filter(|_| field.kind() == Kind::Octets)?;
        let TokenKind::Word(word) = unit.kind else { return None };
        if !is_unit(word) || !token.text().ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.next();
        Some(format!("{}{word}", token.text()))
    }
}

/// The only part, or what `several` makes of them.
fn single_or(mut parts: Vec<Expression>, several: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

/// Whether the token is the keyword, unquoted.
fn is_word(token: Token<'_>, keyword: &str) -> bool {
    matches!(token.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
}

/// Whether the token can be a value.
fn is_value(token: Token<'_>) -> bool {
    match token.kind {
        TokenKind::Word(word) => !is_keyword(word),
        TokenKind::Quoted(_) => true,
        _ => false,
    }
}

fn unknown_field(word: &str) -> String {
    let known = Field::ALL.map(Field::word);
    if let Some(near) = nearest(word, known) {
        return format!("unknown field {}; did you mean `{near}`?", shown(word));
    }
    format!("unknown field {}; fields are: {}", shown(word), known.join(", "))
}

fn unsuited(field: Field, relation: Relation) -> String {
    let (field, symbol) = (field.word(), relation.symbol());
    match relation {
        Relation::Contains => {
            format!("`~` looks into text, and `{field}` is none; use `=` or `in`")
        }
        _ => format!("`{symbol}` needs an order, and `{field}` has none; use `=` or `in`"),
    }
}

fn missing_operator(field: Field, found: Option<Token<'_>>) -> String {
    let after = format!("an operator is missing after `{}`", field.word());
    match found.map(|token| token.kind) {
        Some(TokenKind::Operator("<>")) => "write `!=`".to_owned(),
        Some(TokenKind::Operator("!~")) => {
            format!("write `not` before the field: `not {} ~ …`", field.word())
        }
        Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("not") => {
            format!("{after}; write `not in`, or `not` before the field")
        }
        Some(TokenKind::Word(word)) if ["is", "eq"].contains(&word) => {
            format!("{after}; write `=`")
        }
        Some(TokenKind::Word(word)) if ["contains", "like", "matches"].contains(&word) => {
            format!("{after}; write `~`")
        }
        _ => format!("{after}: one of = != ~ < <= > >= in"),
    }
}

#[cfg(test)]
#[path = "parse/tests.rs"]
mod tests;
