//! The recordings of `tests/fixtures/frames`, frame by frame.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image_webp::WebPDecoder;
use serde::Deserialize;

const TILE: usize = 64;

/// A recording of a program's screen.
#[derive(Deserialize)]
pub struct Recording {
    pub width: u32,
    pub height: u32,
    /// Tiles in a row of the picture that holds them.
    across: usize,
    frames: Vec<Change>,
    #[serde(skip)]
    tiles: Vec<u8>,
}

#[derive(Deserialize)]
struct Change {
    ms: u64,
    /// A place, and the tile that is seen there from now on.
    tiles: Vec<(usize, usize)>,
}

impl Recording {
    pub fn read_in(folder: &Path, name: &str) -> Self {
        let path = folder.join(name);
        let text = fs::read_to_string(path.with_extension("json")).expect("the recording");
        let recording: Self = serde_json::from_str(&text).expect("a recording");
        let (width, _, tiles) = decode(&fs::read(path.with_extension("webp")).expect("its tiles"));
        assert_eq!(width, recording.across * TILE);
        Self { tiles, ..recording }
    }

    /// Bytes of a frame: three a pixel.
    pub fn bytes(&self) -> usize {
        self.width as usize * self.height as usize * 3
    }

    /// Hands over each frame, red, green and blue, with its time.
    pub fn play(&self, mut give: impl FnMut(u64, &[u8])) {
        let mut shown = vec![0; self.bytes()];
        for change in &self.frames {
            for (place, tile) in &change.tiles {
                self.show(*place, *tile, &mut shown);
            }
            give(change.ms, &shown);
        }
    }

    fn show(&self, place: usize, tile: usize, shown: &mut [u8]) {
        let (width, height) = (self.width as usize, self.height as usize);
        let columns = width / TILE;
        let (left, top) = (place % columns * TILE, place / columns * TILE);
        let (from_left, from_top) = (tile % self.across * TILE, tile / self.across * TILE);
        for row in 0..TILE.min(height - top) {
            let from = ((from_top + row) * self.across * TILE + from_left) * 3;
            let to = ((top + row) * width + left) * 3;
            shown[to..to + TILE * 3].copy_from_slice(&self.tiles[from..from + TILE * 3]);
        }
    }
}

/// Width, height, and three bytes a pixel, of a WebP file without transparency.
pub fn decode(file: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).expect("a WebP file");
    let (width, height) = decoder.dimensions();
    let mut pixels = vec![0; decoder.output_buffer_size().expect("a size")];
    decoder.read_image(&mut pixels).expect("pixels");
    if decoder.has_alpha() {
        pixels = pixels.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    }
    (width as usize, height as usize, pixels)
}
