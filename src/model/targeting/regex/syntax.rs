//! Reads patterns as JavaScript does without the flags `u` and `v`: what is wrong in new syntax, and was allowed once, is a
//! character.

use super::Unusable;
use super::class::Class;
use super::escapes::{character, class};
use super::group_names::{Groups, name};
use super::units::Units;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Set(Class),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Capture(usize, Box<Node>),
    Repeat(Box<Repeat>),
    Start,
    End,
    /// `\b`, or with true `\B`.
    Boundary(bool),
    Look(Box<Look>),
    BackReference(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Repeat {
    pub node: Node,
    pub min: u32,
    pub max: Option<u32>,
    pub is_greedy: bool,
    /// The groups in it: from the first to before the second.
    pub groups: (usize, usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    pub node: Node,
    pub is_ahead: bool,
    pub is_negated: bool,
}

/// Deeper than any pattern is, and no danger to the stack.
const MAX_DEPTH: usize = 64;
/// Longer than any pattern is.
const MAX_UNITS: usize = 4_096;

pub(super) fn parse(pattern: &[u16]) -> Result<Node, Unusable> {
    if pattern.len() > MAX_UNITS {
        return Err(Unusable::TooLarge);
    }
    let groups = Groups::of(pattern)?;
    let units = Units::of(pattern, !groups.names.is_empty());
    let mut parser = Parser { units, groups, opened: 0, depth: 0 };
    let node = parser.choice()?;
    if parser.units.peek().is_none() { Ok(node) } else { Err(Unusable::Invalid) }
}

struct Parser<'a> {
    units: Units<'a>,
    groups: Groups,
    /// How many groups with a number have begun.
    opened: usize,
    depth: usize,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, Unusable> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unusable::TooLarge);
        }
        let mut choices = vec![self.sequence()?];
        while self.units.take(b'|') {
            choices.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(match choices.pop() {
            Some(only) if choices.is_empty() => only,
            last => Node::Choice(choices.into_iter().chain(last).collect()),
        })
    }

    fn sequence(&mut self) -> Result<Node, Unusable> {
        let mut terms = Vec::new();
        while let Some(unit) = self.units.peek()
            && unit != u16::from(b'|')
            && unit != u16::from(b')')
        {
            terms.push(self.term()?);
        }
        Ok(Node::Sequence(terms))
    }

    fn term(&mut self) -> Result<Node, Unusable> {
        let first_group = self.opened + 1;
        let node = self.atom()?;
        let is_repeatable = match &node {
            Node::Start | Node::End | Node::Boundary(_) => false,
            // As old browsers did.
            Node::Look(look) => look.is_ahead,
            _ => true,
        };
        let Some((min, max)) = self.quantifier()? else { return Ok(node) };
        if !is_repeatable || max.is_some_and(|max| max < min) {
            return Err(Unusable::Invalid);
        }
        let is_greedy = !self.units.take(b'?');
        let groups = (first_group, self.opened + 1);
        Ok(Node::Repeat(Box::new(Repeat { node, min, max, is_greedy, groups })))
    }

    fn atom(&mut self) -> Result<Node, Unusable> {
        let unit = self.units.next()?;
        match u8::try_from(unit).unwrap_or_default() {
            b'^' => Ok(Node::Start),
            b'$' => Ok(Node::End),
            b'.' => Ok(Node::Set(Class::dot())),
            b'(' => self.group(),
            b'[' => class(&mut self.units).map(Node::Set),
            b'\\' => self.escape(),
            b'*' | b'+' | b'?' => Err(Unusable::Invalid),
            b'{' => {
                self.units.at -= 1;
                if self.quantifier()?.is_some() {
                    return Err(Unusable::Invalid);
                }
                self.units.at += 1;
                Ok(Node::Set(Class::one(unit)))
            }
            _ => Ok(Node::Set(Class::one(unit))),
        }
    }

    /// `*`, `+`, `?` or `{…}`; nothing where there is none.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Unusable> {
        for (byte, times) in [(b'*', (0, None)), (b'+', (1, None)), (b'?', (0, Some(1)))] {
            if self.units.take(byte) {
                return Ok(Some(times));
            }
        }
        let start = self.units.at;
        let times = self.braces();
        if times.is_none() {
            self.units.at = start;
        }
        Ok(times)
    }

    fn braces(&mut self) -> Option<(u32, Option<u32>)> {
        let min = self.units.take(b'{').then(|| self.count())??;
        let max = match self.units.take(b',') {
            true => self.count(),
            false => Some(min),
        };
        self.units.take(b'}').then_some((min, max))
    }

    /// A number, or one that is as good as it.
    fn count(&mut self) -> Option<u32> {
        let mut count = None;
        while let Some(digit) = self.units.peek().and_then(|unit| char::from_u32(unit.into())?.to_digit(10)) {
            self.units.at += 1;
            count = Some(count.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
        }
        count
    }

    fn group(&mut self) -> Result<Node, Unusable> {
        let look = |is_ahead, is_negated| Some((is_ahead, is_negated));
        let (mut looks, mut number) = (None, None);
        if self.units.take(b'?') {
            looks = match u8::try_from(self.units.next()?).unwrap_or_default() {
                b':' => None,
                b'=' => look(true, false),
                b'!' => look(true, true),
                b'<' if self.units.take(b'=') => look(false, false),
                b'<' if self.units.take(b'!') => look(false, true),
                b'<' => {
                    self.units.at += name(self.units.rest())?.1;
                    self.opened += 1;
                    number = Some(self.opened);
                    None
                }
                _ => return Err(Unusable::Invalid),
            };
        } else {
            self.opened += 1;
            number = Some(self.opened);
        }
        let node = self.choice()?;
        if !self.units.take(b')') {
            return Err(Unusable::Invalid);
        }
        Ok(match (looks, number) {
            (Some((is_ahead, is_negated)), _) => Node::Look(Box::new(Look { node, is_ahead, is_negated })),
            (None, Some(number)) => Node::Capture(number, Box::new(node)),
            // A sequence of its own: a quantifier behind it is for all of it.
            (None, None) => Node::Sequence(vec![node]),
        })
    }

    fn escape(&mut self) -> Result<Node, Unusable> {
        let unit = self.units.next()?;
        match u8::try_from(unit).unwrap_or_default() {
            b'b' => return Ok(Node::Boundary(false)),
            b'B' => return Ok(Node::Boundary(true)),
            b'1'..=b'9' => {
                let start = self.units.at;
                self.units.at -= 1;
                let number = self.count().unwrap_or(u32::MAX) as usize;
                if number <= self.groups.count {
                    return Ok(Node::BackReference(number));
                }
                self.units.at = start;
            }
            b'k' if self.units.has_group_names => {
                if !self.units.take(b'<') {
                    return Err(Unusable::Invalid);
                }
                let (name, length) = name(self.units.rest())?;
                self.units.at += length;
                let number =
                    self.groups.names.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
                return number.map(Node::BackReference).ok_or(Unusable::Invalid);
            }
            _ => {}
        }
        Ok(Node::Set(match Class::escape(unit) {
            Some(class) => class,
            None => Class::one(character(&mut self.units, unit, false)?),
        }))
    }
}
