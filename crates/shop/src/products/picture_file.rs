//! Checks whether the file of a picture is complete, without decoding the picture.

/// Whether the file of a PNG, JPEG or WebP has its end. Browsers show a truncated file as half a picture.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    match bytes {
        [0x89, b'P', b'N', b'G', _, _, _, _, chunks @ ..] => png_ends(chunks),
        [0xff, 0xd8, segments @ ..] => jpeg_ends(segments),
        [b'R', b'I', b'F', b'F', a, b, c, d, rest @ ..] => {
            usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).is_ok_and(|size| size <= rest.len())
        }
        _ => false,
    }
}

/// Whether the chunk IEND is there. A chunk of PNG is length, type, data and checksum.
fn png_ends(mut rest: &[u8]) -> bool {
    while let Some(([a, b, c, d, kind @ ..], more)) = rest.split_first_chunk::<8>() {
        let Ok(length) = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])) else { return false };
        let Some(next) = length.checked_add(4).and_then(|length| more.get(length..)) else { return false };
        if kind == b"IEND" {
            return true;
        }
        rest = next;
    }
    false
}

/// Whether the marker EOI is there. A JPEG has segments with a length; picture data follows an SOS segment up to the
/// next marker. A thumbnail in a segment has its own EOI, so segments are skipped by their length.
fn jpeg_ends(mut rest: &[u8]) -> bool {
    const FILL: u8 = 0xff;
    const EOI: u8 = 0xd9;
    const SOS: u8 = 0xda;
    loop {
        let [0xff, marker, more @ ..] = rest else { return false };
        match *marker {
            FILL => {
                rest = &rest[1..];
                continue;
            }
            EOI => return true,
            _ => {}
        }
        let Some(([high, low], _)) = more.split_first_chunk::<2>() else { return false };
        let Some(next) = more.get(usize::from(u16::from_be_bytes([*high, *low]))..) else { return false };
        rest = if *marker == SOS { after_data(next) } else { next };
    }
}

/// The rest of the file after the data of a scan. In the data 0xff begins a marker, unless a zero or a restart marker
/// follows.
fn after_data(data: &[u8]) -> &[u8] {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    data.windows(2).position(ends).map_or(&[], |at| &data[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> Vec<u8> {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\0\0\0\0";
        [&head[..], b"\0\0\0\x05IDATIEND!\0\0\0\0", b"\0\0\0\0IEND\xae\x42\x60\x82"].concat()
    }

    /// A JPEG with a thumbnail that has its own EOI, two scans, a restart marker, and an 0xff in the data.
    fn jpeg() -> Vec<u8> {
        let thumbnail = b"\xff\xd8\xff\xe1\0\x08\xff\xd8\xff\xd9..";
        let scan = b"\xff\xda\0\x04\x01\0ab\xff\0c\xff\xd0d";
        [&thumbnail[..], scan, b"\xff\xc4\0\x03x", scan, b"\xff\xd9"].concat()
    }

    #[test]
    fn a_picture_that_is_cut_anywhere_is_not_complete() {
        let webp = b"RIFF\x08\0\0\0WEBPVP8 ".to_vec();
        for whole in [png(), jpeg(), webp] {
            assert!(is_complete(&whole), "{whole:?}");
            assert!(is_complete(&[&whole[..], b"\0what a camera adds"].concat()));
            for length in 0..whole.len() {
                assert!(!is_complete(&whole[..length]), "{length} of {whole:?}");
            }
        }
    }

    #[test]
    fn the_pictures_of_this_repository_are_complete() {
        for whole in [
            &include_bytes!("../../../../docs/shop.png")[..],
            include_bytes!("../../../../docs/console.png"),
            include_bytes!("../../../../docs/payment.webp"),
        ] {
            assert!(is_complete(whole) && !is_complete(&whole[..whole.len() / 2]));
        }
    }
}
