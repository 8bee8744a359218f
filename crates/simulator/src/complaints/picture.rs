//! The pictures of the shoppers of this WeChat.

/// The width and the height, in pixels. A row of 24-bit pixels then needs no padding.
const SIDE: u32 = 64;

const HEADER: u32 = 54;

/// A bitmap of one colour. The colour depends on the id, so that two pictures differ.
pub(crate) fn bitmap(media_id: &str) -> Vec<u8> {
    let sum = media_id.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let colour = [sum, 255 - sum, 160];
    let pixels = SIDE * SIDE * 3;
    let mut file = Vec::new();
    file.extend(b"BM");
    for number in [HEADER + pixels, 0, HEADER, 40, SIDE, SIDE] {
        file.extend(number.to_le_bytes());
    }
    // one plane, 24 bits for each pixel
    file.extend(1_u16.to_le_bytes());
    file.extend(24_u16.to_le_bytes());
    for number in [0, pixels, 2835, 2835, 0, 0] {
        file.extend(u32::to_le_bytes(number));
    }
    for _ in 0..SIDE * SIDE {
        file.extend(colour);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_has_the_length_of_the_file() {
        let file = bitmap("a");
        let length = u32::from_le_bytes(file[2..6].try_into().unwrap());
        assert_eq!((file.len(), &file[..2]), (length as usize, &b"BM"[..]));
        assert_ne!(file, bitmap("b"));
    }
}
