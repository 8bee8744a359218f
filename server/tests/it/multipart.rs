//! A form with files, as a browser sends it.

/// The media type of [`body`].
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=edge";

/// A file of a form: the name of its field, its own name, and its bytes.
pub(crate) type FormFile<'a> = (&'a str, &'a str, &'a [u8]);

/// The texts of a form by the names of their fields, then its files.
pub(crate) fn body(texts: &[(&str, &str)], files: &[FormFile<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, text) in texts {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    for (field, name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(b"--edge--\r\n");
    body
}
