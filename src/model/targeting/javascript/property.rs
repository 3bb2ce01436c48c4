//! `value[key]`: a value's own members, and what it inherits.
//!
//! Rules ask for properties by name, and a name such as `constructor` is there in JavaScript though nobody has set it.

use super::text::Text;
use super::value::{Object, Value, array_index};

/// What an expression is: a value of somebody's, or something that comes from JavaScript itself.
#[derive(Debug, Clone)]
pub(in crate::model::targeting) enum Found<'a> {
    Undefined,
    Value(&'a Value),
    /// A length, or the text of a method. To rules a function is what its text is.
    Made(Value),
    /// `Object.prototype`
    ObjectPrototype,
    /// `Array.prototype`
    ArrayPrototype,
}

/// `Object.prototype` as a value: to everything but `[key]` it is empty.
static OBJECT_PROTOTYPE: Value = Value::Object(Object::EMPTY);
static ARRAY_PROTOTYPE: Value = Value::Array(Vec::new());

const OF_OBJECTS: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];
/// As of Node.js 20 and Chromium 110.
const OF_ARRAYS: &[&str] = &[
    "at",
    "concat",
    "copyWithin",
    "entries",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "map",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "toLocaleString",
    "toReversed",
    "toSorted",
    "toSpliced",
    "toString",
    "unshift",
    "values",
    "with",
];

const OF_TEXTS: &[&str] = &[
    "anchor",
    "at",
    "big",
    "blink",
    "bold",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "concat",
    "endsWith",
    "fixed",
    "fontcolor",
    "fontsize",
    "includes",
    "indexOf",
    "isWellFormed",
    "italics",
    "lastIndexOf",
    "link",
    "localeCompare",
    "match",
    "matchAll",
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "replace",
    "replaceAll",
    "search",
    "slice",
    "small",
    "split",
    "startsWith",
    "strike",
    "sub",
    "substr",
    "substring",
    "sup",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "toWellFormed",
    "trim",
    "trimEnd",
    "trimLeft",
    "trimRight",
    "trimStart",
    "valueOf",
];
const OF_NUMBERS: &[&str] =
    &["toExponential", "toFixed", "toLocaleString", "toPrecision", "toString", "valueOf"];

impl<'a> Found<'a> {
    /// The member of any value, not of objects alone. `null` has none, and JavaScript throws.
    pub fn of(value: &'a Value, name: &Text) -> Self {
        let (methods, own): (_, Option<Value>) = match value {
            Value::Array(_) | Value::Object(_) => return Self::Value(value).member(name),
            Value::Text(text) if name.is("length") => {
                (OF_TEXTS, Some(Value::Number(text.units().count() as f64)))
            }
            Value::Text(text) => {
                let unit = array_index(name).and_then(|index| text.units().nth(index as usize));
                (OF_TEXTS, unit.map(|unit| Value::Text(Text::from_units([unit]))))
            }
            Value::Number(_) => (OF_NUMBERS, None),
            Value::Bool(_) | Value::Null => (&[][..], None),
        };
        match (own, method(methods, name)) {
            (Some(own), _) => Self::Made(own),
            (None, Self::Undefined) => of_object(name),
            (None, method) => method,
        }
    }

    /// Its member of this name; nothing where it is no object.
    pub fn member(&self, name: &Text) -> Self {
        match self {
            Self::Value(Value::Object(object)) => match object.get(name) {
                Some(value) => Self::Value(value),
                None => of_object(name),
            },
            Self::Value(Value::Array(elements)) => {
                let element = array_index(name).and_then(|index| elements.get(index as usize));
                element.map_or_else(|| of_array(name, elements.len()), Self::Value)
            }
            Self::ObjectPrototype if name.is("__proto__") => Self::Value(&Value::Null),
            Self::ObjectPrototype => of_object(name),
            Self::ArrayPrototype if name.is("__proto__") => Self::ObjectPrototype,
            Self::ArrayPrototype => of_array(name, 0),
            Self::Undefined | Self::Value(_) | Self::Made(_) => Self::Undefined,
        }
    }

    /// As a value; `None` is `undefined`.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Undefined => None,
            Self::Value(value) => Some(value),
            Self::Made(value) => Some(value),
            Self::ObjectPrototype => Some(&OBJECT_PROTOTYPE),
            Self::ArrayPrototype => Some(&ARRAY_PROTOTYPE),
        }
    }

    pub fn is_truthy(&self) -> bool {
        self.value().is_some_and(Value::is_truthy)
    }

    /// Whether it has members to look for.
    pub fn is_object(&self) -> bool {
        !matches!(self, Self::Made(_)) && matches!(self.value(), Some(Value::Array(_) | Value::Object(_)))
    }
}

fn of_object<'a>(name: &Text) -> Found<'a> {
    match name {
        _ if name.is("__proto__") => Found::ObjectPrototype,
        _ if name.is("constructor") => function("Object"),
        _ => method(OF_OBJECTS, name),
    }
}

fn of_array<'a>(name: &Text, length: usize) -> Found<'a> {
    match name {
        _ if name.is("length") => Found::Made(Value::Number(length as f64)),
        _ if name.is("__proto__") => Found::ArrayPrototype,
        _ if name.is("constructor") => function("Array"),
        _ => match method(OF_ARRAYS, name) {
            Found::Undefined => of_object(name),
            method => method,
        },
    }
}

fn method<'a>(methods: &[&str], name: &Text) -> Found<'a> {
    methods.iter().find(|method| name.is(method)).map_or(Found::Undefined, |method| function(method))
}

/// As V8 writes a function of its own.
fn function<'a>(name: &str) -> Found<'a> {
    Found::Made(format!("function {name}() {{ [native code] }}").as_str().into())
}
