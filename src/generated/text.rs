//! Pieces of text that several of the generated files are made of.

/// The width of a line of what is generated.
const WIDTH: usize = 120;

/// A list of words and the type of one.
pub(super) fn word_list(name: &str, words: &[&str]) -> String {
    let list = plural(name);
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let line = format!("export const {list} = [{}] as const;\n", quoted.join(", "));
    let lines = || format!("export const {list} = [\n  {},\n] as const;\n", quoted.join(",\n  "));
    let declared = if line.len() <= WIDTH { line } else { lines() };
    format!("{declared}export type {name} = (typeof {list})[number];\n")
}

/// `LOG_LEVELS` for `LogLevel`.
fn plural(name: &str) -> String {
    let mut text = String::new();
    for (at, letter) in name.chars().enumerate() {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text + "S"
}

/// A comment of one line, or of as many as it needs.
pub(super) fn comment(indent: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let one = format!("{indent}/** {text} */\n");
    if one.chars().count() <= WIDTH + 1 {
        return one;
    }
    let lines = wrap(text, WIDTH - indent.len() - 3);
    let lines: String = lines.iter().map(|line| format!("{indent} * {line}\n")).collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

/// A line of a table.
pub(super) fn line(columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| column.replace('|', "\\|")).collect();
    format!("| {} |\n", columns.join(" | ")).replace("|  |", "| |")
}

/// The text in lines of at most so many characters, where its words allow it.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
