//! JSON of somebody else's as a value, without what no value can hold: a number out of bounds, half a surrogate pair, what is
//! nested too deep. It takes no other member with it.

use serde_json::{Map, Value};

use super::cursor::{Cursor, JsonKind};

/// Deeper than any configuration is.
const MAX_DEPTH: usize = 16;

/// The value; null where there is none. `json` is known to be well-formed.
pub(crate) fn value(json: &str) -> Value {
    at_depth(json, 0).unwrap_or_default()
}

fn at_depth(json: &str, depth: usize) -> Option<Value> {
    match Cursor::new(json).kind() {
        JsonKind::Object | JsonKind::Array if depth == MAX_DEPTH => None,
        JsonKind::Object => {
            let members = Cursor::new(json).members().filter_map(|(key, value)| {
                Some((String::from_utf8(key.into_owned()).ok()?, at_depth(value, depth + 1)?))
            });
            Some(Value::Object(members.collect::<Map<_, _>>()))
        }
        JsonKind::Array => {
            Some(Cursor::new(json).elements().filter_map(|element| at_depth(element, depth + 1)).collect())
        }
        _ => serde_json::from_str(json).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_no_value_can_hold_takes_nothing_with_it() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let given =
            format!(r#"{{"a":1e999,"b":[1,"\ud800",2,{deep}],"c":{{"\ud800":1,"d":"x","d":"y"}},"e":null}}"#);
        let mut read = value(&given);
        // Of the deepest only the first levels are left.
        read["b"].as_array_mut().unwrap().pop();
        assert_eq!(read["b"], json!([1, 2]));
        assert_eq!((&read["c"]["d"], &read["e"]), (&json!("y"), &Value::Null));
        assert!(read.get("a").is_none() && value("") == Value::Null);
    }
}
