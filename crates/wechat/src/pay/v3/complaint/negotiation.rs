use serde::Deserialize;

use super::{ComplaintMedia, NegotiationKind};

/// An entry of the negotiation about a complaint (协商历史).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NegotiationEntry {
    /// The number of the entry.
    pub log_id: String,
    /// Who wrote it, in words.
    #[serde(default)]
    pub operator: String,
    /// When, RFC 3339.
    pub operate_time: String,
    /// What it is.
    #[serde(rename = "operate_type")]
    pub kind: NegotiationKind,
    /// What was written.
    #[serde(rename = "operate_details", default)]
    pub details: String,
    /// Addresses of pictures, in the older form.
    #[serde(rename = "image_list", default)]
    pub images: Vec<String>,
    /// Pictures, in the newer form: one object, or none.
    #[serde(rename = "complaint_media_list", default)]
    media: Option<MediaList>,
}

/// The documents show an object for an entry and an array for a complaint. Both are read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum MediaList {
    /// An array.
    Several(Vec<ComplaintMedia>),
    /// One object.
    One(ComplaintMedia),
}

impl NegotiationEntry {
    /// The addresses of its pictures, each once.
    #[must_use]
    pub fn picture_urls(&self) -> Vec<&str> {
        let media: &[ComplaintMedia] = match &self.media {
            Some(MediaList::Several(several)) => several,
            Some(MediaList::One(one)) => std::slice::from_ref(one),
            None => &[],
        };
        let mut urls: Vec<&str> = Vec::new();
        for url in self.images.iter().chain(media.iter().flat_map(|each| &each.urls)) {
            if !urls.contains(&url.as_str()) {
                urls.push(url);
            }
        }
        urls
    }
}
