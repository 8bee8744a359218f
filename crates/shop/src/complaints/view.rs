//! What the console shows of complaints.

use model::record::{ComplaintAnswerRecord, ComplaintEntryRecord, ComplaintRecord};

use super::Complaints;
use crate::{ShopError, Staff};

/// The maximum number of ended complaints in the list.
const ENDED: u8 = 50;

/// The list of complaints in the console.
#[derive(Clone, Debug, Default)]
pub struct ComplaintList {
    /// The open complaints, sorted by their due time.
    pub open: Vec<ComplaintRecord>,
    /// The newest complaints that have ended.
    pub ended: Vec<ComplaintRecord>,
}

/// A complaint with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct ComplaintDetail {
    /// The complaint.
    pub complaint: ComplaintRecord,
    /// The decrypted telephone number of the shopper; `None` if there is none, or the merchant's private key does not
    /// decrypt it.
    pub phone: Option<String>,
    /// Whether there is a telephone number that the merchant's private key does not decrypt.
    pub is_phone_sealed: bool,
    /// The entries of the negotiation, oldest first.
    pub entries: Vec<ComplaintEntryRecord>,
    /// The answers of staff, oldest first.
    pub answers: Vec<ComplaintAnswerRecord>,
}

impl ComplaintDetail {
    /// The answer that the shop has not sent yet. There is at most one.
    #[must_use]
    pub fn open_answer(&self) -> Option<&ComplaintAnswerRecord> {
        self.answers.iter().find(|answer| answer.state.is_open())
    }

    /// The URLs of all pictures, each once: those of the complaint, then those of the entries.
    #[must_use]
    pub fn pictures(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for url in self.complaint.pictures.iter().chain(self.entries.iter().flat_map(|entry| &entry.pictures))
        {
            if !all.contains(&url.as_str()) {
                all.push(url);
            }
        }
        all
    }
}

/// A picture of a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintPicture {
    /// `image/jpeg`, `image/png` or `image/bmp`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Complaints {
    /// The open complaints and the newest ended ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn list(&self) -> Result<ComplaintList, ShopError> {
        let mut open = self.store.open_complaints().await?;
        open.sort_by_key(|complaint| complaint.state.due_ms(complaint.complained_ms));
        Ok(ComplaintList { open, ended: self.store.ended_complaints(ENDED).await? })
    }

    /// A complaint with everything that belongs to it. Decrypts the telephone number with the merchant's private key.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn detail(&self, id: &str) -> Result<ComplaintDetail, ShopError> {
        let complaint = self.known(id).await?;
        let opened = match self.accounts.official().v3() {
            Some(client) => client.merchant().credential().decrypt(&complaint.sealed_phone).ok(),
            None => None,
        };
        Ok(ComplaintDetail {
            is_phone_sealed: !complaint.sealed_phone.is_empty() && opened.is_none(),
            phone: opened.map(|phone| phone.to_string()),
            entries: self.store.complaint_entries(id).await?,
            answers: self.store.complaint_answers(id).await?,
            complaint,
        })
    }

    /// Downloads the picture at this position of [`ComplaintDetail::pictures`] from WeChat. Every staff member may see
    /// it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for a file that is not a picture; [`ShopError::NoPayV3`]; [`ShopError::WechatBusy`]
    /// and [`ShopError::WechatRefuses`]; a failing database.
    pub async fn picture(&self, _: &Staff, id: &str, position: usize) -> Result<ComplaintPicture, ShopError> {
        let detail = self.detail(id).await?;
        let url = *detail.pictures().get(position).ok_or(ShopError::NotFound)?;
        let bytes = self.client()?.complaint_picture(url).await?;
        let media_type = media_type(&bytes).ok_or(ShopError::NotFound)?;
        Ok(ComplaintPicture { media_type, bytes })
    }
}

/// The media type of a picture, from its first bytes. WeChat accepts JPEG, PNG and BMP.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'B', b'M', ..] => Some("image/bmp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn only_a_picture_is_shown() {
        assert_eq!(media_type(b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type(b"<html>"), None);
    }
}
