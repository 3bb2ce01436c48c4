//! What the engine and the browser SDK make of configurations of every kind.

use super::*;

#[test]
fn a_rule_decides() {
    let flag = r#"{"key":"sr_targeting_config","variants":{"on":{"key":"on"},"off":{"key":"off"}},"segments":[
        {"metadata":{"segmentName":"buyers"},"conditions":[[{"selector":["context","event","event_type"],"op":"is","values":["Buy"]}]],"variant":"on"},
        {"variant":"off"}]}"#;
    let targeting = Targeting::parse(flag).unwrap();
    let buys = targeting.evaluate_json(r#"{"event":{"event_type":"Buy"}}"#);
    let expected =
        Evaluation { is_match: true, variant: Some("on".to_owned()), segment: Some("buyers".to_owned()) };
    assert_eq!(buys, expected);
    let looks = targeting.evaluate(&serde_json::json!({"event": {"event_type": "Look"}}));
    let expected = Evaluation {
        is_match: false,
        variant: Some("off".to_owned()),
        segment: Some("segment 2".to_owned()),
    };
    assert_eq!(looks, expected);
}

#[derive(serde::Deserialize)]
struct Situation {
    situation: String,
    config: String,
    context: String,
    decision: String,
}

/// `tests/targeting` holds the browser SDK to the same file.
#[test]
fn what_is_wrong_is_decided_as_by_the_browser_sdk() {
    let file = include_str!("../../../tests/fixtures/targeting/situations.json");
    let situations: Vec<Situation> = serde_json::from_str(file).unwrap();
    assert!(situations.len() > 40);
    for Situation { situation, config, context, decision } in situations {
        let decided = match Targeting::parse(&config) {
            None => "sampled",
            Some(targeting) if targeting.evaluate_json(&context).is_match => "captured",
            Some(_) => "not captured",
        };
        assert_eq!(decided, decision, "{situation}");
    }
}

/// A rule that gives `on` to everybody whom this condition holds for, and `off` to others.
fn targeting(condition: &str) -> Targeting {
    let flag = format!(
        r#"{{"key":"sr_targeting_config","variants":{{"on":{{"key":"on"}},"off":{{"key":"off"}}}},
            "segments":[{{"conditions":[[{condition}]],"variant":"on"}},{{"variant":"off"}}]}}"#
    );
    Targeting::parse(&flag).unwrap()
}

const GIVEN_UP: Evaluation = Evaluation { is_match: false, variant: None, segment: None };

#[test]
fn what_takes_long_is_given_up() {
    let plan = |op: &str, values: &str| {
        targeting(&format!(r#"{{"selector":["context","user","plan"],"op":"{op}","values":{values}}}"#))
    };
    let of = |plan: &str| format!(r#"{{"user":{{"plan":"{plan}"}}}}"#);
    let (long, pattern) = (of(&format!("{}!", "a".repeat(30_000))), r#"["^(a+)+\\1$"]"#);
    assert_eq!(plan("regex match", pattern).evaluate_json(&long), GIVEN_UP);
    assert_eq!(
        plan("regex match", &format!("[\"{}\"]", "a".repeat(5_000))).evaluate_json(&of("a")),
        GIVEN_UP
    );

    // Each value is looked for in the whole of a property.
    let many = format!("[{}]", vec!["\"b\""; 100_000].join(","));
    let megabyte = of(&"a".repeat(1_000_000));
    for operator in ["contains", "version greater", "does not contain"] {
        assert_eq!(plan(operator, &many).evaluate_json(&megabyte), GIVEN_UP, "{operator}");
    }
    let tags = format!(r#"{{"user":{{"plan":[{}"x"]}}}}"#, r#""a","#.repeat(200_000));
    assert_eq!(plan("set contains any", &many).evaluate_json(&tags), GIVEN_UP);
    assert_eq!(
        plan("set contains any", r#"{"length":1e999}"#).evaluate_json(r#"{"user":{"plan":["a"]}}"#),
        GIVEN_UP
    );
}

#[test]
fn patterns_that_are_compiled_in_an_evaluation_count() {
    // No text, but something that becomes one.
    let pattern = format!(r#"["(?:{}){{20}}x"]"#, "(?:)".repeat(1_000));
    let values = vec![pattern; 12].join(",");
    let rule = targeting(&format!(
        r#"{{"selector":["context","user","plan"],"op":"regex match","values":[{values}]}}"#
    ));
    assert_eq!(rule.evaluate_json(r#"{"user":{"plan":"c"}}"#), GIVEN_UP);
}

#[test]
fn what_is_too_large_or_too_deep_is_given_up() {
    let everybody =
        r#"{"key":"sr_targeting_config","variants":{"on":{"key":"on"}},"segments":[{"variant":"on"}]"#;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let large = format!("\"{}\"", "a".repeat(MAX_BYTES));
    for much in [&deep, &large] {
        let config = Targeting::parse(&format!(r#"{everybody},"x":{much}}}"#)).unwrap();
        assert_eq!(config.evaluate_json("{}"), GIVEN_UP);
        let config = Targeting::parse(&format!("{everybody}}}")).unwrap();
        assert_eq!(config.evaluate_json(&format!(r#"{{"user":{much}}}"#)), GIVEN_UP);
    }
    let config = Targeting::parse(&format!("{everybody}}}")).unwrap();
    for no_json in ["", "{", "undefined"] {
        assert_eq!(config.evaluate_json(no_json), GIVEN_UP);
        assert_eq!(Targeting::parse(no_json), None);
    }
}

#[test]
fn a_value_is_evaluated_as_its_json_is() {
    let rule = targeting(
        r#"{"selector":["context","user","plan"],"op":"is","values":["[0.1,\"é\",{\"a\":null},true]"]}"#,
    );
    let context = serde_json::json!({ "user": { "plan": [0.1, "é", { "a": null }, true] } });
    assert!(rule.evaluate(&context).is_match && rule.evaluate_json(&context.to_string()).is_match);
    assert!(!rule.evaluate(&serde_json::json!({})).is_match);
}
