//! A replay's id as folders, in which it can be found again.

use crate::replay_id::{DeviceId, ReplayId};

/// Longest part of an id in its path form; file systems take names of 255 bytes.
const MAX_FOLDER_NAME: usize = 240;

/// `<device>/<session>` in path form.
pub(super) fn to_folders(id: &ReplayId) -> String {
    format!("{}/{}", folders(id.device.as_str()), folders(id.session.as_str()))
}

/// `<device>` in path form.
pub(super) fn device_folders(device: &DeviceId) -> String {
    folders(device.as_str())
}

/// The replay whose path form ends these folders.
pub(super) fn from_folders<S: AsRef<str>>(folders: &[S]) -> Option<ReplayId> {
    let mut rest = folders;
    let session = id_at_end(&mut rest)?;
    let device = id_at_end(&mut rest)?;
    ReplayId::new(&device, &session).ok()
}

/// An id as the name of a folder: letters, digits, `_` and `-` stay, any other byte becomes `=` and two hex digits.
/// So `..` can't climb, and `:` and `|` are no trouble on any file system.
fn path_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("={byte:02X}"));
        }
    }
    name
}

/// The id as a path: one folder, or several where its name is too long for one. All but the last then end in `=`,
/// which no name does.
fn folders(id: &str) -> String {
    let name = path_name(id);
    let mut path = String::with_capacity(name.len() + 8);
    let mut rest = name.as_str();
    while rest.len() > MAX_FOLDER_NAME {
        let (part, tail) = rest.split_at(MAX_FOLDER_NAME);
        path.push_str(part);
        path.push_str("=/");
        rest = tail;
    }
    path + rest
}

/// Takes the folders of one id off the end.
fn id_at_end<S: AsRef<str>>(folders: &mut &[S]) -> Option<String> {
    let (last, mut rest) = folders.split_last()?;
    let mut name = last.as_ref().to_owned();
    while let Some((part, before)) =
        rest.split_last().and_then(|(part, before)| Some((part.as_ref().strip_suffix('=')?, before)))
    {
        name.insert_str(0, part);
        rest = before;
    }
    *folders = rest;
    from_path_name(&name)
}

fn from_path_name(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'=' {
            let hex = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_names_are_plain_and_reversible() {
        for id in ["device-1", "..", ".", "a|b@c:d=e.f", "=2E", "A_b-9"] {
            let name = path_name(id);
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-=".contains(&b)), "{name}");
            assert_eq!(from_path_name(&name).as_deref(), Some(id));
        }
    }

    #[test]
    fn paths_of_ids_of_any_length_fit_file_systems_and_are_reversible() {
        for length in [1, 79, 80, 81, 159, 160, 161, 239, 240, 241, 480, 481, 512] {
            for letter in ["a", "@", "="] {
                let id = ReplayId::new(&letter.repeat(length), "1").unwrap();
                let path = format!("v1/sequences/{}", to_folders(&id));
                let folders: Vec<&str> = path.split('/').collect();
                assert!(folders.iter().all(|folder| folder.len() < 255));
                assert_eq!(from_folders(&folders), Some(id), "{length} {letter}");
            }
        }
        assert_eq!(from_folders(&["only"]), None);
        assert_eq!(from_folders::<&str>(&[]), None);
    }
}
