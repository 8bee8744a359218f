use std::{borrow::Cow, io::Read};

use flate2::read::GzDecoder;

use super::BillError;

/// The longest bill, in bytes after decompression.
///
/// ```
/// assert_eq!(wechat::bill::MAX_LENGTH, 256 * 1024 * 1024);
/// ```
pub const MAX_LENGTH: usize = 256 << 20;

/// Returns the file, decompressed if it is gzip.
///
/// # Errors
/// [`BillError::Gzip`] if it is damaged; [`BillError::TooLong`] if it is longer than [`MAX_LENGTH`].
///
/// ```
/// assert_eq!(&*wechat::bill::unpack("`交易时间".as_bytes())?, "`交易时间".as_bytes());
/// # Ok::<(), wechat::bill::BillError>(())
/// ```
pub fn unpack(file: &[u8]) -> Result<Cow<'_, [u8]>, BillError> {
    if !file.starts_with(&[0x1f, 0x8b]) {
        return if file.len() > MAX_LENGTH { Err(BillError::TooLong) } else { Ok(Cow::Borrowed(file)) };
    }
    let mut decompressed = Vec::new();
    let longest = u64::try_from(MAX_LENGTH).unwrap_or(u64::MAX);
    GzDecoder::new(file).take(longest + 1).read_to_end(&mut decompressed).map_err(|_| BillError::Gzip)?;
    if decompressed.len() > MAX_LENGTH {
        return Err(BillError::TooLong);
    }
    Ok(Cow::Owned(decompressed))
}
