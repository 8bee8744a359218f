//! Writes a PNG picture in place of a mini program code.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

/// A picture in shades of grey that depends on the text. A phone cannot read it as a code.
pub(super) fn png(width: u32, text: &str) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend(width.to_be_bytes());
    head.extend(width.to_be_bytes());
    // eight bits for each pixel, grey, deflate, no filter, not interlaced
    head.extend([8, 0, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &head);
    let seed = text.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mut pixels = Vec::new();
    for row in 0..width {
        pixels.push(0);
        for column in 0..width {
            let cell = (row / 16).wrapping_mul(37) ^ (column / 16).wrapping_mul(101) ^ seed;
            pixels.push(if cell.count_ones() % 2 == 0 { 0 } else { 255 });
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    // writing to memory does not fail
    let packed = packed.write_all(&pixels).and_then(|()| packed.finish()).unwrap_or_default();
    chunk(&mut file, *b"IDAT", &packed);
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut crc = Crc::new();
    crc.update(&name);
    crc.update(content);
    file.extend(length.to_be_bytes());
    file.extend(name);
    file.extend(content);
    file.extend(crc.sum().to_be_bytes());
}
