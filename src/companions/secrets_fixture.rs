//! What is masked, here and in pages: `tests/fixtures/secrets.json`, which the recorder of pages is held to, too.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fixture {
    pub secret_names: Vec<String>,
    pub plain_names: Vec<String>,
    /// What is told, and what is shown. `hunter2` and `S` are what was found to leave the process once.
    pub texts: Vec<(String, String)>,
    pub urls: Vec<(String, String)>,
    pub headers: Vec<(String, String, String)>,
    /// What texts at random are made of: signs that begin or end a form, or half of one.
    pub pieces: Vec<String>,
    /// What a text may be made of that holds nothing else, and takes no longer for it.
    pub repeated: Vec<String>,
}

pub(super) fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../tests/fixtures/secrets.json")).unwrap()
}

impl Fixture {
    /// Fewer pieces than so many.
    pub fn random_text(&self, random: &mut fastrand::Rng, pieces: usize) -> String {
        // A number of 64 bits, so that the text is the same where usize is shorter.
        let mut below = |count: usize| random.u64(..count as u64) as usize;
        (0..below(pieces)).map(|_| &*self.pieces[below(self.pieces.len())]).collect()
    }
}
