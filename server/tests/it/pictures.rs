//! Pictures in the database, in a folder and in a bucket: uploads, failures of the storage, moves, erasure.

use axum::http::Method;
use shop::{JobKind, Role};
use test_support::Database;

use crate::{
    after_sales::{self, PNG, bought_and_sent},
    app::TestApp,
    console::{png, signed, upload},
    on_both,
    program::Program,
    shopper::Shopper,
    storage::{Fault, SECRET, Storage},
};

on_both!(
    a_picture_in_a_bucket_is_served_as_before,
    a_picture_in_a_folder_is_served_as_before,
    a_failing_storage_takes_nothing_and_says_so,
    pictures_move_to_a_bucket_a_folder_and_back,
    a_move_that_was_killed_is_repeated,
    a_private_picture_is_erased_when_the_storage_works_again,
    a_private_picture_without_a_row_is_deleted,
    the_doctor_names_what_is_wrong_with_the_place,
);

const PRODUCT: &str = "/console/catalogue/mug-celadon";

async fn with_bucket(database: Database, storage: &Storage) -> TestApp {
    let variables = [&[("SHOP_PICTURES", "s3://pictures/shop")][..], &storage.variables()].concat();
    TestApp::start_with(database, &variables).await
}

/// The path of the product's picture.
fn path(app: &TestApp) -> String {
    app.shop.products().catalogue().product("mug-celadon").unwrap().picture.clone()
}

/// The status of an address, and its bytes.
async fn get(app: &TestApp, path: &str) -> (u16, Vec<u8>) {
    let answer = app.http.get(format!("{}{path}", app.url)).send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().into())
}

/// Uploads a picture of the product with this mark; its path and its bytes.
async fn uploaded(app: &TestApp, clerk: &Shopper, mark: &str) -> (String, Vec<u8>) {
    let bytes = png(1, 1, mark.as_bytes());
    assert_eq!(upload(clerk, bytes.clone(), "a.png").await.0, 303);
    (path(app), bytes)
}

/// The number of pictures that are in the database.
async fn inside(app: &TestApp) -> i64 {
    app.shop.store().pictures_inside().await.unwrap()
}

async fn a_picture_in_a_bucket_is_served_as_before(database: Database) {
    let storage = Storage::start().await;
    let mut app = with_bucket(database, &storage).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let (path, bytes) = uploaded(&app, &clerk, "a").await;
    let id = path.strip_prefix("/pictures/u/").unwrap();
    let key = format!("shop/pictures/{id}");
    assert_eq!(storage.keys(), std::slice::from_ref(&key));
    assert_eq!(storage.object(&key).unwrap(), bytes);
    assert_eq!((inside(&app).await, app.database.count("pictures", &[]).await), (0, 1));
    let shown = app.http.get(format!("{}{path}", app.url)).send().await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert_eq!(shown.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(shown.bytes().await.unwrap(), bytes);
    // the same picture again is the same object
    uploaded(&app, &clerk, "a").await;
    assert_eq!((storage.keys().len(), app.database.count("pictures", &[]).await), (1, 1));
    app.restart_with(&[]).await;
    assert_eq!(get(&app, &path).await, (200, bytes.clone()));
    // another secret reads nothing
    app.restart_with(&[("AWS_SECRET_ACCESS_KEY", "another-secret")]).await;
    assert_eq!(get(&app, &path).await.0, 503);
    let (status, said) = upload(&clerk, png(1, 1, b"b"), "b.png").await;
    assert!(status == 503 && said.contains("图片没有保存成功，请稍后再试"), "{status} {said}");
    app.restart_with(&[("AWS_SECRET_ACCESS_KEY", SECRET)]).await;
    assert_eq!(get(&app, &path).await, (200, bytes.clone()));
    // bytes that somebody else wrote are not served
    storage.replace(&key, b"<svg onload='alert(1)'/>");
    assert_eq!(get(&app, &path).await.0, 404);
    // pictures are kept in the database again: an upload brings its picture back
    app.restart_with(&[("SHOP_PICTURES", "database")]).await;
    assert_eq!(get(&app, &path).await.0, 404);
    uploaded(&app, &clerk, "a").await;
    assert_eq!((inside(&app).await, get(&app, &path).await), (1, (200, bytes)));
    app.stop().await;
}

async fn a_picture_in_a_folder_is_served_as_before(database: Database) {
    let disk = tempfile::tempdir().unwrap();
    let folder = disk.path().join("pictures-of-the-shop");
    let place = format!("file://{}", folder.display());
    let mut app = TestApp::start_with(database, &[("SHOP_PICTURES", &place)]).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let (path, bytes) = uploaded(&app, &clerk, "a").await;
    let file = folder.join("pictures").join(path.strip_prefix("/pictures/u/").unwrap());
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    assert_eq!((inside(&app).await, get(&app, &path).await), (0, (200, bytes.clone())));
    app.restart_with(&[]).await;
    assert_eq!(get(&app, &path).await, (200, bytes));
    // the disk is gone
    std::fs::rename(&folder, disk.path().join("elsewhere")).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    assert!([404, 503].contains(&get(&app, &path).await.0));
    let (status, said) = upload(&clerk, png(1, 1, b"b"), "b.png").await;
    assert!(status == 503 && said.contains("图片没有保存成功"), "{status} {said}");
    assert_eq!(self::path(&app), path);
    app.stop().await;
}

async fn a_failing_storage_takes_nothing_and_says_so(database: Database) {
    let storage = Storage::start().await;
    let app = with_bucket(database, &storage).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let (path, bytes) = uploaded(&app, &clerk, "a").await;
    let audited = app.database.count("audit", &[]).await;
    for fault in [Fault::SlowDown, Fault::AccessDenied, Fault::NoSuchBucket, Fault::Cut, Fault::Hang] {
        storage.fail(Some(fault));
        assert_eq!(get(&app, &path).await.0, 503, "{fault:?}");
        let (status, said) = upload(&clerk, png(1, 1, b"b"), "b.png").await;
        assert!(status == 503 && said.contains("图片没有保存成功，请稍后再试"), "{fault:?}: {status} {said}");
        assert!(said.contains(PRODUCT), "a link leads back to the form");
        assert_eq!(self::path(&app), path, "{fault:?}");
    }
    storage.fail(None);
    assert_eq!(app.database.count("audit", &[]).await, audited);
    assert_eq!(app.database.count("pictures", &[]).await, 1);
    assert_eq!(get(&app, &path).await, (200, bytes));
    // a shopper's form keeps what was typed
    let (shopper, order) = bought_and_sent(&app, 1).await;
    let fields = [("kind", "refund"), ("pieces-1", "1"), ("reason", "杯口有裂纹")];
    storage.fail(Some(Fault::AccessDenied));
    let (status, page) = after_sales::send(&shopper, &order, &fields, &[PNG]).await;
    assert!(
        status == 503 && page.contains("图片没有保存成功") && page.contains("杯口有裂纹"),
        "{status} {page}"
    );
    assert_eq!(app.database.count("after_sales", &[]).await, 0);
    storage.fail(None);
    assert_eq!(after_sales::send(&shopper, &order, &fields, &[PNG]).await.0, 303);
    let seen = clerk.get(&format!("/console/after-sales/{order}S1/pictures/1")).await;
    assert_eq!(seen.bytes().await.unwrap(), PNG);
    app.stop().await;
}

/// The output of `server pictures move` with these places.
async fn moved(app: &TestApp, program: &Program) -> String {
    let ended = program.run(&["pictures", "move"], app.variables()).await;
    assert!(ended.ok, "{}\n{}", ended.stdout, ended.stderr);
    assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET));
    ended.stdout
}

/// The files below a folder.
fn files(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

async fn pictures_move_to_a_bucket_a_folder_and_back(database: Database) {
    let storage = Storage::start().await;
    let program = Program::install();
    let disk = tempfile::tempdir().unwrap();
    let folder = format!("file://{}", disk.path().join("pictures").display());
    let mut app = TestApp::start_with(database, &storage.variables()).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let mut all = Vec::new();
    for mark in ["a", "b", "c"] {
        all.push(uploaded(&app, &clerk, mark).await);
    }
    let (mut shopper, order) = bought_and_sent(&app, 1).await;
    let fields = [("kind", "refund"), ("pieces-1", "1"), ("reason", "坏了")];
    let (_, place) = after_sales::send(&shopper, &order, &fields, &[PNG, PNG]).await;
    let mut are_served = async |app: &TestApp, what: &str| {
        for (path, bytes) in &all {
            assert_eq!(get(app, path).await, (200, bytes.clone()), "{what}");
        }
        for number in [1, 2] {
            let private = shopper.get(&format!("{place}/pictures/{number}")).await;
            assert_eq!(private.headers()["cache-control"], "private, no-store");
            assert_eq!(private.bytes().await.unwrap(), PNG, "{what}");
        }
    };
    let (bucket, database_is) = (("SHOP_PICTURES", "s3://pictures"), ("SHOP_PICTURES", "database"));
    // the setting alone loses nothing
    app.restart_with(&[bucket]).await;
    are_served(&app, "before the move to the bucket").await;
    // the same private picture twice is one object
    let said = moved(&app, &program).await;
    assert!(said.contains("s3://pictures: 5 pictures moved, 0 were there"), "{said}");
    assert_eq!((storage.keys().len(), inside(&app).await), (4, 0));
    are_served(&app, "in the bucket").await;
    let said = moved(&app, &program).await;
    assert!(said.contains("0 pictures moved, 5 were there"), "{said}");
    if app.database.is_sqlite() {
        let copy = disk.path().join("copy.db");
        let ended = program.run(&["backup", copy.to_str().unwrap()], app.variables()).await;
        assert!(ended.stdout.contains("pictures that are not in it: 5, in s3://pictures"), "{ended:?}");
    }
    // from the bucket to a folder, and from there to the database
    app.restart_with(&[("SHOP_PICTURES", &folder), ("SHOP_PICTURES_FROM", "s3://pictures")]).await;
    are_served(&app, "before the move to the folder").await;
    let said = moved(&app, &program).await;
    assert!(said.contains("SHOP_PICTURES_FROM can be removed"), "{said}");
    assert_eq!((storage.keys().len(), files(disk.path()) - usize::from(app.database.is_sqlite())), (0, 4));
    are_served(&app, "in the folder").await;
    app.restart_with(&[("SHOP_PICTURES_FROM", "")]).await;
    are_served(&app, "in the folder alone").await;
    app.restart_with(&[database_is, ("SHOP_PICTURES_FROM", &folder)]).await;
    are_served(&app, "before the move to the database").await;
    moved(&app, &program).await;
    assert_eq!((files(&disk.path().join("pictures")), inside(&app).await), (0, 5));
    assert_eq!(app.database.count("after_sale_pictures", &[("object", "")]).await, 2);
    app.restart_with(&[("SHOP_PICTURES_FROM", "")]).await;
    are_served(&app, "in the database").await;
    // what is in no place is named
    app.restart_with(&[bucket]).await;
    moved(&app, &program).await;
    app.restart_with(&[database_is]).await;
    let ended = program.run(&["pictures", "move"], app.variables()).await;
    assert!(!ended.ok && ended.stderr.contains("SHOP_PICTURES_FROM"), "{ended:?}");
    assert_eq!(ended.stdout.matches("missing: ").count(), 5, "{ended:?}");
    assert_eq!(storage.keys().len(), 4, "nothing was removed");
    app.stop().await;
}

async fn a_move_that_was_killed_is_repeated(database: Database) {
    let storage = Storage::start().await;
    let program = Program::install();
    let mut app = TestApp::start_with(database, &storage.variables()).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let mut all = Vec::new();
    for mark in ["a", "b", "c", "d"] {
        all.push(uploaded(&app, &clerk, mark).await);
    }
    let are_served = async |app: &TestApp, what: &str| {
        for (path, bytes) in &all {
            assert_eq!(get(app, path).await, (200, bytes.clone()), "{what}");
        }
    };
    app.restart_with(&[("SHOP_PICTURES", "s3://pictures")]).await;
    let second = ("SHOP_PICTURES", "s3://pictures/second");
    let kill_at = async |app: &TestApp, method: Method| {
        let before = storage.hanging();
        storage.fail_later(Fault::Hang, method, 2);
        let running = program.start_with(&["pictures", "move"], app.variables());
        app.until("the move waits", async || storage.hanging() > before).await;
        drop(running);
        storage.fail(None);
    };
    // while it writes, and before the database knows it
    kill_at(&app, Method::PUT).await;
    are_served(&app, "after the kill").await;
    kill_at(&app, Method::GET).await;
    are_served(&app, "after the second kill").await;
    moved(&app, &program).await;
    assert_eq!((storage.keys().len(), inside(&app).await), (4, 0));
    // before the old place has deleted it
    app.restart_with(&[second, ("SHOP_PICTURES_FROM", "s3://pictures")]).await;
    kill_at(&app, Method::DELETE).await;
    are_served(&app, "after the kill between places").await;
    moved(&app, &program).await;
    are_served(&app, "in the second place").await;
    let keys = storage.keys();
    assert!(keys.len() == 4 && keys.iter().all(|key| key.starts_with("second/")), "{keys:?}");
    // and on the way to the database
    app.restart_with(&[("SHOP_PICTURES", "database"), ("SHOP_PICTURES_FROM", "s3://pictures/second")]).await;
    kill_at(&app, Method::DELETE).await;
    are_served(&app, "after the kill on the way to the database").await;
    moved(&app, &program).await;
    assert_eq!((storage.keys(), inside(&app).await), (Vec::new(), 4));
    assert_eq!(app.database.count("pictures", &[("object", "")]).await, 4);
    are_served(&app, "in the database").await;
    app.stop().await;
}

/// Asks for money with a picture, and takes it back; the shopper, the order and the path.
async fn withdrawn(app: &TestApp) -> (Shopper, String, String) {
    let (mut shopper, order) = bought_and_sent(app, 1).await;
    let fields = [("kind", "refund"), ("pieces-1", "1"), ("reason", "坏了")];
    let (status, place) = after_sales::send(&shopper, &order, &fields, &[PNG]).await;
    assert_eq!(status, 303, "{place}");
    shopper.post(&format!("{place}/withdraw"), &[]).await;
    assert_eq!(shopper.post(&format!("/orders/{order}/received"), &[]).await.status(), 303);
    (shopper, order, place)
}

async fn unused_jobs(app: &TestApp) -> i64 {
    app.database.count("jobs", &[("kind", JobKind::UnusedPictures.as_str())]).await
}

async fn a_private_picture_is_erased_when_the_storage_works_again(database: Database) {
    let storage = Storage::start().await;
    let app = with_bucket(database, &storage).await;
    let (mut shopper, order, place) = withdrawn(&app).await;
    assert_eq!(shopper.get(&format!("{place}/pictures/1")).await.bytes().await.unwrap(), PNG);
    let keys = storage.keys();
    assert!(keys.len() == 1 && keys[0].starts_with(&format!("shop/after-sales/{order}/")), "{keys:?}");
    // a picture whose row was committed stays
    app.wait(3600).await;
    app.until("the job has ended", async || unused_jobs(&app).await == 0).await;
    assert_eq!(storage.keys().len(), 1);
    storage.fail_later(Fault::SlowDown, Method::DELETE, 0);
    app.shop.privacy().erase(&shopper.openid.parse().unwrap()).await.unwrap();
    assert_eq!(app.database.count("after_sale_pictures", &[]).await, 0);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let seen = clerk.get(&format!("/console/after-sales/{order}S1/pictures/1")).await;
    assert_eq!(seen.status(), 404);
    app.until("the job has failed", async || {
        app.shop.jobs().run_due_of(JobKind::UnusedPictures).await.unwrap();
        app.database.count("jobs", &[("kind", "unused_pictures"), ("last_error", "")]).await == 0
    })
    .await;
    assert_eq!((storage.keys().len(), unused_jobs(&app).await), (1, 1));
    // nor is it lost if nothing can be listed
    storage.fail(Some(Fault::AccessDenied));
    app.wait(3600).await;
    assert_eq!(unused_jobs(&app).await, 1);
    storage.fail(None);
    app.wait(2 * 3600).await;
    app.until("the job has ended", async || unused_jobs(&app).await == 0).await;
    assert!(storage.keys().is_empty());
    app.stop().await;
}

async fn a_private_picture_without_a_row_is_deleted(database: Database) {
    let storage = Storage::start().await;
    let app = with_bucket(database, &storage).await;
    let (shopper, order, _) = withdrawn(&app).await;
    // this form is refused after its picture was written: the pieces are more than the order has
    let fields = [("kind", "refund"), ("pieces-1", "9"), ("reason", "坏了")];
    let other = png(1, 1, b"another");
    let (status, _) = after_sales::send(&shopper, &order, &fields, &[&other]).await;
    assert_ne!(status, 303);
    assert_eq!(storage.keys().len(), 2);
    // its row may still come: the job waits
    app.shop.store().run_job_now(JobKind::UnusedPictures, &order, 0).await.unwrap();
    app.until("the job has run", async || {
        app.shop.jobs().run_due_of(JobKind::UnusedPictures).await.unwrap();
        app.database.number("jobs", "run_ms", &[("kind", "unused_pictures")]).await > 0
    })
    .await;
    assert_eq!(storage.keys().len(), 2);
    app.wait(3600).await;
    app.until("the job has ended", async || unused_jobs(&app).await == 0).await;
    let keys = storage.keys();
    assert!(keys.len() == 1 && storage.object(&keys[0]).unwrap() == PNG, "{keys:?}");
    app.stop().await;
}

async fn the_doctor_names_what_is_wrong_with_the_place(database: Database) {
    let storage = Storage::start().await;
    let program = Program::install();
    let mut app = with_bucket(database, &storage).await;
    app.stop_server().await;
    let finds = async |more: &[(&str, &str)], line: &str, words: &str| {
        let mut variables = app.variables().to_vec();
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let ended = program.run(&["doctor"], &variables).await;
        let found = ended.stdout.lines().find(|found| found.starts_with(line));
        assert!(
            found.is_some_and(|found| found.contains(words)),
            "no {words:?} in {:?}\n{}",
            found,
            ended.stdout
        );
        assert!(!ended.stdout.contains(SECRET), "{}", ended.stdout);
    };
    let wrong = "wrong   pictures: ";
    finds(&[], "ok      pictures: ", "s3://pictures/shop takes, gives and deletes pictures").await;
    assert!(storage.keys().is_empty(), "the trial is deleted");
    let port = "http://127.0.0.1:1";
    for (more, words) in [
        (("AWS_ACCESS_KEY_ID", "AKIDOTHER"), "AWS_ACCESS_KEY_ID is not a key of this storage"),
        (("AWS_SECRET_ACCESS_KEY", "another"), "AWS_SECRET_ACCESS_KEY does not belong to"),
        (("AWS_REGION", "cn-north-9"), "correct AWS_REGION"),
        (("SHOP_PICTURES", "s3://another-bucket"), "Create the bucket"),
        (("AWS_ENDPOINT_URL", port), "AWS_ENDPOINT_URL, DNS"),
        (("SHOP_PICTURES", "/nowhere/pictures"), "Create the folder, or mount its disk"),
        (("SHOP_PICTURES", "/sys/pictures"), "the right to write (a folder)"),
    ] {
        finds(&[more], wrong, words).await;
    }
    storage.set_ahead_s(3600);
    finds(&[], wrong, "set this machine's clock").await;
    storage.set_ahead_s(0);
    for (fault, words) in [
        (Fault::AccessDenied, "the rights to put, get, delete and list"),
        (Fault::SlowDown, "is busy or has failed"),
        (Fault::Hang, "AWS_ENDPOINT_URL, DNS"),
    ] {
        storage.fail(Some(fault));
        finds(&[], wrong, words).await;
    }
    storage.fail_later(Fault::AccessDenied, Method::DELETE, 0);
    finds(&[], wrong, "deleting: AccessDenied").await;
    // the key may read objects, and not list them
    storage.fail_later(Fault::AccessDenied, Method::GET, 1);
    finds(&[], wrong, "listing: AccessDenied").await;
    storage.fail(None);
    // a picture that was uploaded before the change of the setting
    let row = [
        ("id", "0123456789abcdef0123456789abcdef".into()),
        ("media_type", "image/png".into()),
        ("bytes", PNG.into()),
        ("at_ms", 1.into()),
    ];
    app.database.insert("pictures", &row).await;
    finds(&[], "warning older pictures: ", "read where they are: 1 → run `server pictures move`").await;
    let disk = tempfile::tempdir().unwrap();
    let folder = disk.path().join("pictures");
    finds(&[("SHOP_PICTURES", folder.to_str().unwrap())], "ok      pictures: ", "a disk that they share")
        .await;
    assert_eq!(files(disk.path()), 0);
    app.stop().await;
}
