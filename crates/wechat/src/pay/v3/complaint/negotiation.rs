use serde::Deserialize;

use super::{ComplaintMedia, NegotiationKind};

/// An entry of the negotiation about a complaint (协商历史).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NegotiationEntry {
    /// WeChat's number of the entry.
    pub log_id: String,
    /// Who wrote the entry, in words.
    #[serde(default)]
    pub operator: String,
    /// When the entry was written, RFC 3339.
    pub operate_time: String,
    /// What happened.
    #[serde(rename = "operate_type")]
    pub kind: NegotiationKind,
    /// The text of the entry; it may be empty.
    #[serde(rename = "operate_details", default)]
    pub details: String,
    /// The addresses of pictures in the older form (`image_list`).
    #[serde(rename = "image_list", default)]
    pub images: Vec<String>,
    /// Pictures in the newer form (`complaint_media_list`).
    #[serde(rename = "complaint_media_list", default)]
    media: Option<MediaList>,
}

/// The documents show an object for an entry and an array for a complaint. This reads both.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum MediaList {
    /// An array.
    Several(Vec<ComplaintMedia>),
    /// One object.
    One(ComplaintMedia),
}

impl NegotiationEntry {
    /// The addresses of the pictures of both forms, each once.
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
