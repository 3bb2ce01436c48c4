//! The operators of conditions, by their names.

use super::javascript::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsNot,
    Contains,
    DoesNotContain,
    Number(Order),
    Version(Order),
    Set(SetOperator),
    RegexMatch,
    RegexDoesNotMatch,
    /// Nothing satisfies it.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SetOperator {
    Is,
    IsNot,
    Contains,
    DoesNotContain,
    ContainsAny,
    DoesNotContainAny,
}

const NAMES: &[(&str, Operator)] = &[
    ("is", Operator::Is),
    ("is not", Operator::IsNot),
    ("contains", Operator::Contains),
    ("does not contain", Operator::DoesNotContain),
    ("less", Operator::Number(Order::Less)),
    ("less or equal", Operator::Number(Order::LessOrEqual)),
    ("greater", Operator::Number(Order::Greater)),
    ("greater or equal", Operator::Number(Order::GreaterOrEqual)),
    ("version less", Operator::Version(Order::Less)),
    ("version less or equal", Operator::Version(Order::LessOrEqual)),
    ("version greater", Operator::Version(Order::Greater)),
    ("version greater or equal", Operator::Version(Order::GreaterOrEqual)),
    ("set is", Operator::Set(SetOperator::Is)),
    ("set is not", Operator::Set(SetOperator::IsNot)),
    ("set contains", Operator::Set(SetOperator::Contains)),
    ("set does not contain", Operator::Set(SetOperator::DoesNotContain)),
    ("set contains any", Operator::Set(SetOperator::ContainsAny)),
    ("set does not contain any", Operator::Set(SetOperator::DoesNotContainAny)),
    ("regex match", Operator::RegexMatch),
    ("regex does not match", Operator::RegexDoesNotMatch),
];

impl Operator {
    /// The operator of this name; [`Operator::Unknown`] where the value is no name of one.
    pub fn of(value: Option<&Value>) -> Self {
        let Some(Value::Text(name)) = value else { return Self::Unknown };
        NAMES.iter().find(|(known, _)| name.is(known)).map_or(Self::Unknown, |(_, operator)| *operator)
    }

    /// What it makes of a property that is not there, or that JavaScript takes for false: `has_none` says whether `(none)` is
    /// among its values.
    pub fn matches_nothing(self, has_none: bool) -> bool {
        match self {
            Self::Is | Self::Contains | Self::Number(_) | Self::Version(_) => has_none,
            Self::IsNot | Self::DoesNotContain => !has_none,
            Self::Set(SetOperator::Is | SetOperator::Contains | SetOperator::ContainsAny) => has_none,
            Self::Set(SetOperator::DoesNotContain | SetOperator::DoesNotContainAny) => !has_none,
            // The engine has these three not in its list.
            Self::Set(SetOperator::IsNot) | Self::RegexMatch | Self::RegexDoesNotMatch | Self::Unknown => {
                false
            }
        }
    }
}

impl Order {
    /// Whether values that compare so are in this order. Those that can't be compared are in none.
    pub fn holds(self, compared: Option<std::cmp::Ordering>) -> bool {
        compared.is_some_and(|compared| match self {
            Self::Less => compared.is_lt(),
            Self::LessOrEqual => compared.is_le(),
            Self::Greater => compared.is_gt(),
            Self::GreaterOrEqual => compared.is_ge(),
        })
    }
}
