//! Colours and lengths as CSS has them.

/// 0xAARRGGBB in CSS.
pub(in crate::views) fn colour(value: u32) -> String {
    let rgb = value & 0xff_ffff;
    match value >> 24 {
        _ if is_transparent(value) => "#0000".to_owned(),
        // Both digits of each part are the same: one of each is enough.
        0xff if rgb == (rgb & 0x0f_0f0f) * 0x11 => {
            format!("#{:x}{:x}{:x}", rgb >> 16 & 15, rgb >> 8 & 15, rgb & 15)
        }
        0xff => format!("#{rgb:06x}"),
        alpha => format!("#{rgb:06x}{alpha:02x}"),
    }
}

/// Whether nothing is seen of it: 0 means the usual colour, so hosts write one of 255 for none.
pub(super) fn is_transparent(colour: u32) -> bool {
    colour >> 24 <= 1
}

/// A number of pixels, to a hundredth.
pub(in crate::views) fn number(value: f64) -> f64 {
    // + 0.0 makes 0 of -0.
    (value * 100.0).round() / 100.0 + 0.0
}

/// As a length of CSS.
pub(super) fn pixels(value: impl Into<f64>) -> String {
    match number(value.into()) {
        0.0 => "0".to_owned(),
        value => format!("{value}px"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_short_as_they_can_be() {
        for (value, expected) in [
            (0xffaa_bbcc, "#abc"),
            (0xffab_bbcc, "#abbbcc"),
            (0xff00_0001, "#000001"),
            (0x80aa_bbcc, "#aabbcc80"),
            (0x0100_0000, "#0000"),
            (0x00ff_ffff, "#0000"),
            (0x0200_0000, "#00000002"),
        ] {
            assert_eq!(colour(value), expected, "{value:#x}");
        }
    }
}
