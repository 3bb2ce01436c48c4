//! The members of the statistics, for TypeScript and for people.

use super::text::{comment, line, word_list};
use crate::stats::{FieldKind, MEMBERS, Member, MemberValue};

/// The members in their order, those of an inner object together under its name.
fn groups() -> Vec<(Option<&'static str>, Vec<&'static Member>)> {
    let mut groups: Vec<(Option<&'static str>, Vec<&'static Member>)> = Vec::new();
    for member in MEMBERS {
        let group = member.path.split_once('.').map(|(group, _)| group);
        match groups.last_mut() {
            Some((last, members)) if group.is_some() && *last == group => members.push(member),
            _ => groups.push((group, vec![member])),
        }
    }
    groups
}

/// The closed lists of words by the name of their type.
fn lists() -> Vec<(&'static str, &'static str, &'static [&'static str])> {
    let named = MEMBERS.iter().filter_map(|member| match member.value {
        MemberValue::Word(words, _) => Some((name_of_words(member.path), member.path, words)),
        _ => None,
    });
    named.collect()
}

fn name_of_words(path: &str) -> &'static str {
    match path {
        "state" => "State",
        "storage.kind" => "StorageKind",
        _ => panic!("{path}: a list of words needs a name in TypeScript"),
    }
}

pub(super) fn typescript() -> String {
    let mut text = "// What happened so far, in numbers: the statistics of the library.\n".to_owned();
    for (name, path, words) in lists() {
        text += &format!("\n/** Every word that `{path}` may be. */\n{}", word_list(name, words));
    }
    text += "\n/** What `sr_stats` returns. Later versions of the library may add members. */\nexport interface LibraryStats {\n";
    for (group, members) in groups() {
        let indent = if group.is_some() { "    " } else { "  " };
        let members: String = members.into_iter().map(|member| declared(member, indent)).collect();
        text += &group.map_or_else(|| members.clone(), |group| format!("  {group}: {{\n{members}  }};\n"));
    }
    text + "}\n"
}

fn declared(member: &Member, indent: &str) -> String {
    let key = member.path.split('.').next_back().unwrap_or_default();
    let typed = match member.value {
        MemberValue::Count(..) | MemberValue::Ratio(_) => "number".to_owned(),
        MemberValue::Word(..) => name_of_words(member.path).to_owned(),
        MemberValue::OptionalText(_) => "string | null".to_owned(),
        MemberValue::OptionalObject(fields, _) => {
            let kind = |kind| match kind {
                FieldKind::Text => "string",
                FieldKind::OptionalText => "string | null",
                FieldKind::Flag => "boolean",
                FieldKind::Integer | FieldKind::Time => "number",
            };
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.key, kind(field.kind))).collect();
            format!("{{ {} }} | null", fields.join("; "))
        }
    };
    format!("{}{indent}{key}: {typed};\n", comment(indent, member.doc))
}

pub(super) fn table() -> String {
    let mut text = "\n| member | meaning |\n| --- | --- |\n".to_owned();
    for member in MEMBERS {
        let words = match member.value {
            MemberValue::Word(words, _) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!(" One of {}.", words.join(", "))
            }
            _ => String::new(),
        };
        let path = match member.value {
            MemberValue::OptionalObject(fields, _) => {
                let paths: Vec<String> =
                    fields.iter().map(|field| format!("`{}.{}`", member.path, field.key)).collect();
                paths.join(", ")
            }
            _ => format!("`{}`", member.path),
        };
        text += &line(&[&path, &format!("{}{words}", member.doc)]);
    }
    text + "\n"
}

#[test]
fn an_inner_object_stands_in_one_place() {
    let mut names: Vec<&str> = groups().into_iter().filter_map(|(group, _)| group).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "the members of an object follow each other: {names:?}");
}
