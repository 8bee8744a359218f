//! The configuration of the places of pictures.

use std::path::PathBuf;

use picture_store::{Bucket, PicturePlace, SecretKey};

use super::{environment::Environment, is_local};

const PLACE: &str = "SHOP_PICTURES";
const FROM: &str = "SHOP_PICTURES_FROM";
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
const REGION: &str = "AWS_REGION";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const VIRTUAL_HOSTED: &str = "AWS_VIRTUAL_HOSTED_STYLE_REQUEST";
const ALLOW_HTTP: &str = "AWS_ALLOW_HTTP";

/// The form of a place, for the error.
const FORM: &str =
    "database, file:///FOLDER with an absolute folder, or s3://BUCKET/PREFIX (the prefix may be left out)";

/// The places of pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureConfig {
    /// `SHOP_PICTURES`: the place of new pictures.
    pub place: PicturePlace,
    /// `SHOP_PICTURES_FROM`: the place of older pictures, until `server pictures move` has moved them.
    pub from: PicturePlace,
}

/// The settings of the storage. If both places are buckets, they have the same ones.
struct Storage {
    endpoint: Option<String>,
    region: String,
    key_id: String,
    secret: SecretKey,
    is_virtual_hosted: bool,
}

impl PictureConfig {
    pub(super) fn read(env: &mut Environment) -> Self {
        let texts = [PLACE, FROM].map(|name| env.text_or(name, "database"));
        // read them only for a bucket: other programs of the machine may use the same names
        let storage = texts.iter().any(|text| text.starts_with("s3://")).then(|| storage(env));
        let [place, from] = [(PLACE, &texts[0]), (FROM, &texts[1])].map(|(name, text)| {
            place_of(text, storage.as_ref()).unwrap_or_else(|| {
                env.wrong(name, FORM);
                PicturePlace::Database
            })
        });
        if place == from && place != PicturePlace::Database {
            env.wrong(FROM, "another place than SHOP_PICTURES; after `server pictures move` leave it empty");
        }
        Self { place, from }
    }

    /// The settings as the console shows them to the owner, without secrets.
    pub(super) fn redacted(&self) -> Vec<(&'static str, String)> {
        let bucket = [&self.place, &self.from].into_iter().find_map(|place| match place {
            PicturePlace::Bucket(bucket) => Some(bucket),
            PicturePlace::Database | PicturePlace::Folder(_) => None,
        });
        let of = |text: fn(&Bucket) -> String| bucket.map(text).unwrap_or_default();
        vec![
            (PLACE, self.place.to_string()),
            (FROM, if self.from == PicturePlace::Database { String::new() } else { self.from.to_string() }),
            (ENDPOINT, of(|bucket| bucket.endpoint.clone().unwrap_or_default())),
            (REGION, of(|bucket| bucket.region.clone())),
            (KEY_ID, of(|bucket| bucket.key_id.clone())),
            (SECRET, of(|_| app::console::SECRET.to_owned())),
        ]
    }
}

fn storage(env: &mut Environment) -> Storage {
    let endpoint = env.text(ENDPOINT).map(|text| text.trim_end_matches('/').to_owned());
    let is_http_allowed: bool = env.parse_or(ALLOW_HTTP, "false", "true or false");
    if let Some(text) = &endpoint {
        let url = url::Url::parse(text).ok();
        let is_whole = url.as_ref().is_some_and(|url| {
            ["http", "https"].contains(&url.scheme())
                && url.host().is_some()
                && url.path() == "/"
                && url.query().is_none()
        });
        if !is_whole {
            env.wrong(
                ENDPOINT,
                "scheme and host without the bucket, such as https://oss-cn-shanghai.aliyuncs.com",
            );
        } else if text.starts_with("http://") && !is_http_allowed && !is_local(text) {
            env.wrong(
                ENDPOINT,
                "https://…: with http:// strangers on the way can read the pictures. In a network of your own set AWS_ALLOW_HTTP=true",
            );
        }
    }
    let region = if endpoint.is_some() {
        env.text_or(REGION, "us-east-1")
    } else {
        env.required(REGION, "the region of the bucket, such as ap-northeast-1")
    };
    Storage {
        region,
        key_id: env.required(KEY_ID, "the id of the key that may use the bucket of SHOP_PICTURES"),
        secret: SecretKey::new(env.required(SECRET, "the secret of this key")),
        is_virtual_hosted: env.parse_or(VIRTUAL_HOSTED, "false", "true or false"),
        endpoint,
    }
}

/// The place that a text names; `None` if the text is wrong.
fn place_of(text: &str, storage: Option<&Storage>) -> Option<PicturePlace> {
    if text == "database" {
        return Some(PicturePlace::Database);
    }
    if let (Some(rest), Some(storage)) = (text.strip_prefix("s3://"), storage) {
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        let is_name = (3..=63).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
        let is_prefix = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
            && prefix.split('/').all(|part| part != "." && part != "..")
            && !prefix.contains("//");
        return (is_name && is_prefix).then(|| {
            PicturePlace::Bucket(Bucket {
                name: name.to_owned(),
                prefix: prefix.to_owned(),
                endpoint: storage.endpoint.clone(),
                region: storage.region.clone(),
                key_id: storage.key_id.clone(),
                secret: storage.secret.clone(),
                is_virtual_hosted: storage.is_virtual_hosted,
            })
        });
    }
    let folder = PathBuf::from(text.strip_prefix("file://").unwrap_or(text));
    (folder.is_absolute() && folder.parent().is_some()).then_some(PicturePlace::Folder(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> (PictureConfig, String) {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut env = Environment::new(variables);
        let config = PictureConfig::read(&mut env);
        let problems = env.finish(()).map_err(|error| error.to_string()).err().unwrap_or_default();
        (config, problems)
    }

    const KEY: [(&str, &str); 2] = [(KEY_ID, "AKIDEXAMPLE"), (SECRET, "hidden-secret")];

    #[test]
    fn pictures_are_in_the_database_a_folder_or_a_bucket() {
        assert_eq!(read(&[]), (PictureConfig::default(), String::new()));
        // without a bucket the settings of the storage are not read
        assert_eq!(read(&[(ENDPOINT, "nonsense")]).1, "");
        for text in ["file:///srv/pictures", "/srv/pictures"] {
            let (config, problems) = read(&[(PLACE, text)]);
            assert_eq!((config.place.to_string().as_str(), problems.as_str()), ("file:///srv/pictures", ""));
        }
        let endpoint = [(PLACE, "s3://pictures/shop/"), (ENDPOINT, "https://oss-cn-shanghai.aliyuncs.com/")];
        let (config, problems) = read(&[&endpoint[..], &KEY].concat());
        assert_eq!(problems, "");
        assert_eq!(config.place.to_string(), "s3://pictures/shop");
        assert!(!format!("{config:?} {:?}", config.redacted()).contains("hidden"));
        let PicturePlace::Bucket(bucket) = config.place else { panic!("no bucket") };
        assert_eq!(bucket.endpoint.unwrap(), "https://oss-cn-shanghai.aliyuncs.com");
        assert_eq!(bucket.region, "us-east-1");
    }

    #[test]
    fn each_mistake_is_reported_without_secrets() {
        for (variables, name) in [
            (vec![(PLACE, "pictures")], PLACE),
            (vec![(PLACE, "file://pictures")], PLACE),
            (vec![(PLACE, "/")], PLACE),
            (vec![(PLACE, "ftp://host/pictures")], PLACE),
            (vec![(PLACE, "s3://A_b")], PLACE),
            (vec![(PLACE, "s3://pictures/../other")], PLACE),
            (vec![(PLACE, "/srv/a"), (FROM, "/srv/a")], FROM),
            (vec![(PLACE, "s3://pictures")], REGION),
            (vec![(PLACE, "s3://pictures")], KEY_ID),
            (vec![(PLACE, "s3://pictures")], SECRET),
            (vec![(PLACE, "s3://pictures"), (ENDPOINT, "minio:9000")], ENDPOINT),
            (vec![(PLACE, "s3://pictures"), (ENDPOINT, "https://minio/bucket")], ENDPOINT),
            (vec![(PLACE, "s3://pictures"), (ENDPOINT, "http://minio.example:9000")], ENDPOINT),
        ] {
            let variables =
                if name == KEY_ID || name == SECRET { variables } else { [variables, KEY.to_vec()].concat() };
            let (_, problems) = read(&variables);
            assert!(problems.contains(name), "{name} is not in: {problems}");
            assert!(!problems.contains("hidden"), "{problems}");
        }
        for allowed in [
            vec![(ENDPOINT, "http://127.0.0.1:9000")],
            vec![(ENDPOINT, "http://minio.example:9000"), (ALLOW_HTTP, "true")],
        ] {
            let (_, problems) = read(&[vec![(PLACE, "s3://pictures")], allowed, KEY.to_vec()].concat());
            assert_eq!(problems, "");
        }
    }
}
