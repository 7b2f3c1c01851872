//! Files in both directions: what is taken, what is refused and why, who sees a file, and for how long a link to it is good.

use super::client::{Answer, Request};
use super::house::{House, Orders, SHOP, host_token};
use super::staff::Agent;
use patchbay_core::declare::{Company, Files};
use patchbay_core::log::Subject;
use patchbay_core::words::Role;
use patchbay_views::{Filter, Views};
use patchbay_web::{Limits, Pace};
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const BOUNDARY: &str = "a-line-that-is-in-no-file";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// A form with one file, as browsers write it.
fn form(name: &str, media: &str, bytes: &[u8]) -> Vec<u8> {
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media}\r\n\r\n");
    [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

fn sending(request: Request, name: &str, media: &str, bytes: &[u8]) -> Request {
    request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}")).body(form(name, media, bytes))
}

/// Mika's browser in a conversation of hers.
struct Mika {
    house: House,
    pass: String,
    conversation: String,
}

impl Mika {
    async fn new() -> Self {
        Self::at(House::new().await).await
    }

    async fn at(house: House) -> Self {
        let pass = house.visitor().await;
        let conversation = house.conversation(&pass).await;
        Self { house, pass, conversation }
    }

    async fn sends(&self, name: &str, media: &str, bytes: &[u8]) -> Answer {
        let request = self.house.post(&format!("{}/files", self.conversation)).visitor(&self.pass);
        sending(request, name, media, bytes).send().await
    }

    /// Sends a file that is taken, and gives its id.
    async fn has(&self, name: &str, media: &str, bytes: &[u8]) -> String {
        let answer = self.sends(name, media, bytes).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["file"].as_str().unwrap().to_owned()
    }

    async fn says(&self, message: &Value) -> Answer {
        let request = self.house.post(&format!("{}/messages", self.conversation)).visitor(&self.pass);
        request.header("Prefer", "wait=30").json(message).send().await
    }

    async fn reads(&self, path: &str) -> Answer {
        self.house.get(path).visitor(&self.pass).send().await
    }

    /// The address of a file's bytes, fresh.
    async fn link(&self, file: &str) -> String {
        let answer = self.reads(&format!("{}/files/{file}", self.conversation)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["url"].as_str().unwrap().to_owned()
    }

    /// The conversation's id.
    fn id(&self) -> &str {
        self.conversation.trim_start_matches("/v1/conversations/")
    }

    /// Every file below a folder of the data directory.
    fn on_disk(&self, folder: &str) -> Vec<PathBuf> {
        fn below(path: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
                if entry.path().is_dir() { below(&entry.path(), found) } else { found.push(entry.path()) }
            }
        }
        let mut found = Vec::new();
        below(&self.house.data.path().join("data/files").join(folder), &mut found);
        found
    }

    /// Waits until a folder of the data directory holds this many files.
    async fn until_on_disk(&self, folder: &str, files: usize) {
        for _ in 0..3_000 {
            if self.on_disk(folder).len() == files {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{folder}: {:?}", self.on_disk(folder));
    }
}

/// A conversation at the desk, as soon as it is shown there: its row is a view and follows the log a moment later.
async fn until_shown(house: &House, agent: &Agent, address: &str) -> Value {
    for _ in 0..3_000 {
        let answer = agent.get(house, address).send().await;
        if answer.status == 200 {
            return answer.json();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} is not shown at the desk");
}

/// The head of a PNG that says it is this large.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &size, &[8, 6, 0, 0, 0, 0, 0, 0, 0], b"\0\0\0\0IEND\xaeB`\x82"].concat()
}

fn packed() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

fn archive(fill: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut archive);
    archive.finish().unwrap().into_inner()
}

/// An archive of these files.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive(|archive| {
        for (name, bytes) in files {
            archive.start_file(*name, packed()).unwrap();
            archive.write_all(bytes).unwrap();
        }
    })
}

#[tokio::test]
async fn a_customer_sends_files_and_the_bot_says_honestly_that_it_cannot_read_them() {
    let mika = Mika::new().await;
    let receipt = mika.sends("receipt.pdf", "application/pdf", PDF).await.json();
    assert_eq!(
        (&receipt["name"], &receipt["type"], &receipt["size"]),
        (&json!("receipt.pdf"), &json!("application/pdf"), &json!(PDF.len()))
    );
    let photo = mika.sends("photo.png", "image/png", &png(640, 480)).await.json();
    assert_eq!((&photo["width"], &photo["height"], &photo["shown"]), (&json!(640), &json!(480), &json!(true)));
    // Nobody has sent them yet: they are nowhere to be seen.
    let path = format!("{}/files/{}", mika.conversation, receipt["file"].as_str().unwrap());
    mika.reads(&path).await.problem(404, "not_found");

    let said = mika.says(&json!({ "files": [receipt["file"], photo["file"]] })).await;
    let text = said.json()["parts"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("I have your 2 files (receipt.pdf, photo.png), but I can't read files myself. Tell me"), "{text}");
    let shown = mika.reads(&mika.conversation).await.json();
    assert_eq!((&shown["lines"][0]["text"], &shown["lines"][0]["files"]), (&json!(""), &json!([receipt, photo])));

    // Beside words, the words are answered too.
    let more = mika.has("second.pdf", "application/pdf", PDF).await;
    let said = mika.says(&json!({ "text": "here is another", "files": [more] })).await.json();
    let parts: Vec<&str> = said["parts"].as_array().unwrap().iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert_eq!(
        parts,
        ["I have your file (second.pdf), but I can't read files myself. A person who takes over will see what you sent.", "Hello."]
    );

    let bytes = mika.reads(&mika.link(receipt["file"].as_str().unwrap()).await).await;
    assert_eq!((bytes.status, bytes.body.as_slice()), (200, PDF));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "inline; filename=\"receipt.pdf\"; filename*=UTF-8''receipt.pdf"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(bytes.header(name), Some(value), "{name}");
    }
    assert!(bytes.header("set-cookie").is_none());
    let photo = mika.reads(&mika.link(photo["file"].as_str().unwrap()).await).await;
    assert!(photo.header("content-security-policy").unwrap().contains("sandbox"));
}

#[tokio::test]
async fn an_agent_sees_what_was_sent_and_sends_something_back() {
    let mika = Mika::new().await;
    let aiko = Agent::new(&mika.house, "Aiko", &[Role::Agent]).await;
    let photo = mika.has("photo.png", "image/png", &png(3, 2)).await;
    mika.says(&json!({ "text": "it is broken", "files": [photo] })).await;
    let desk = format!("/v1/desk/conversations/{}", mika.id());
    let whole = until_shown(&mika.house, &aiko, &desk).await;
    let line = whole["lines"].as_array().unwrap().iter().find(|line| line["text"] == "it is broken").unwrap();
    assert_eq!((&line["data"]["files"][0]["name"], &line["data"]["files"][0]["width"]), (&json!("photo.png"), &json!(3)));
    assert!(whole["brief"]["issue"].as_str().unwrap().ends_with("“it is broken” · sent 1 file: photo.png"), "{}", whole["brief"]);
    let link = aiko.get(&mika.house, &format!("{desk}/files/{photo}")).send().await.json()["url"].as_str().unwrap().to_owned();
    assert_eq!(aiko.get(&mika.house, &link).send().await.body, png(3, 2));
    // The link is Aiko's, and no colleague's.
    let jun = Agent::new(&mika.house, "Jun", &[Role::Agent]).await;
    jun.get(&mika.house, &link).send().await.problem(404, "not_found");

    let label = sending(aiko.post(&mika.house, &format!("{desk}/files")), "label.pdf", "application/pdf", PDF).send().await;
    assert_eq!(label.status, 201, "{}", label.text());
    let label = label.json()["file"].as_str().unwrap().to_owned();
    // What an agent sent in is no customer's to name.
    mika.says(&json!({ "files": [label] })).await.problem(422, "file_unknown");
    let replied = aiko.post(&mika.house, &format!("{desk}/reply")).json(&json!({ "files": [label] })).send().await;
    assert_eq!(replied.status, 201, "{}", replied.text());
    let shown = mika.reads(&mika.conversation).await.json();
    let line = shown["lines"].as_array().unwrap().last().unwrap();
    assert_eq!((&line["who"], &line["files"][0]["name"]), (&json!("agent"), &json!("label.pdf")));
    assert_eq!(mika.reads(&mika.link(&label).await).await.body, PDF);
    // Once is enough, for either.
    let again = aiko.post(&mika.house, &format!("{desk}/reply")).json(&json!({ "text": "again", "files": [label] })).send().await;
    again.problem(422, "file_unknown");
}

#[tokio::test]
async fn the_live_stream_tells_of_files() {
    let mika = Mika::new().await;
    let mut events = mika.house.get(&format!("{}/events", mika.conversation)).visitor(&mika.pass).follow().await.ok().unwrap();
    let file = mika.has("receipt.pdf", "application/pdf", PDF).await;
    mika.says(&json!({ "files": [file] })).await;
    let told = events.until("message").await.pop().unwrap().data;
    assert_eq!((&told["files"][0]["file"], &told["files"][0]["name"]), (&json!(file), &json!("receipt.pdf")));
}

#[tokio::test]
async fn an_empty_file_is_refused() {
    Mika::new().await.sends("empty.txt", "text/plain", b"").await.problem(422, "file_empty");
}

#[tokio::test]
async fn a_file_beyond_20_mib_is_refused_before_it_is_read() {
    let mika = Mika::new().await;
    let rules = mika.house.get("/v1/files").send().await.json();
    assert_eq!(rules["largest"], json!(20 << 20));
    assert!(rules["endings"].as_array().unwrap().contains(&json!("pdf")));
    let request = mika.house.post(&format!("{}/files", mika.conversation)).visitor(&mika.pass);
    let request = request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}")).header("Content-Length", "22020096");
    let answer = request.body(&form("large.txt", "text/plain", b"the beginning of it")[..150]).send().await;
    answer.problem(413, "file_too_large");
    assert_eq!(answer.header("connection"), Some("close"));
}

#[tokio::test]
async fn a_file_that_does_not_say_its_length_is_counted_as_it_comes() {
    let files = Files { largest: 1 << 20, ..Files::default() };
    let company = Company { name: "Example Shop".to_owned(), language: "en".to_owned(), files, ..Company::default() };
    let mika = Mika::at(House::of(company, Arc::new(Orders::default())).await).await;
    let large = vec![b'a'; (1 << 20) + 1];
    mika.sends("large.txt", "text/plain", &large).await.problem(413, "file_too_large");
    let body = form("large.txt", "text/plain", &large);
    let chunks: Vec<u8> =
        body.chunks(1 << 16).flat_map(|part| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat()).collect();
    let request = mika.house.post(&format!("{}/files", mika.conversation)).visitor(&mika.pass).header("Transfer-Encoding", "chunked");
    let request = request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let problem = request.body([chunks, b"0\r\n\r\n".to_vec()].concat()).send().await.problem(413, "file_too_large");
    assert!(problem["detail"].as_str().unwrap().contains("1 MiB"), "{problem}");
    mika.until_on_disk("incoming", 0).await;
    assert_eq!(mika.sends("fits.txt", "text/plain", &large[1..]).await.status, 201);
}

#[tokio::test]
async fn a_file_that_is_not_what_it_calls_itself_is_refused() {
    let mika = Mika::new().await;
    let program = [&b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@"[..], &[0; 64]].concat();
    for (name, media, bytes) in [
        ("photo.png", "image/png", program.as_slice()),
        ("photo.png", "image/png", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        ("photo.png", "image/png", PDF),
        ("receipt.pdf", "image/png", PDF),
        ("receipt.pdf", "application/pdf", b"<html><script>alert(1)</script>"),
        ("notes.txt", "text/plain", program.as_slice()),
        ("sheet.xlsx", "application/octet-stream", PDF),
        ("letter.docx", "", &zipped(&[("just.txt", b"a file")])),
    ] {
        mika.sends(name, media, bytes).await.problem(415, "file_type_mismatch");
    }
    // What we do not know how to look into is not taken at all.
    for name in ["program.exe", "page.html", "drawing.svg", "macro.docm"] {
        mika.sends(name, "application/octet-stream", &program).await.problem(415, "file_type_refused");
    }
    let letter = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")]);
    assert_eq!(mika.sends("letter.docx", "", &letter).await.status, 201);
    assert_eq!(mika.sends("table.csv", "application/vnd.ms-excel", "größe;1\r\n".as_bytes()).await.status, 201);
    mika.until_on_disk("incoming", 0).await;
}

#[tokio::test]
async fn an_archive_that_is_not_safe_to_open_is_refused() {
    let mika = Mika::new().await;
    let zeros = vec![0; 60 << 20];
    let bomb = zipped(&[("zeros.bin", &zeros)]);
    let many = archive(|archive| (0..100_000).for_each(|n| archive.start_file(format!("{n}"), stored()).unwrap()));
    let linked = archive(|archive| archive.add_symlink("link", "/etc/passwd", stored()).unwrap());
    let nested = zipped(&[("inner.zip", &zipped(&[("a.txt", b"a")]))]);
    let disguised = zipped(&[("inner.txt", &zipped(&[("a.txt", b"a")]))]);
    let outside = zipped(&[("../../outside.txt", b"a")]);
    let damaged = [&zipped(&[("a.txt", &b"abc".repeat(500))])[..60], &[0; 40]].concat();
    for (what, bytes) in [
        ("bomb", bomb),
        ("many", many),
        ("linked", linked),
        ("nested", nested),
        ("disguised", disguised),
        ("outside", outside),
        ("damaged", damaged),
    ] {
        assert!(bytes.len() < 20 << 20, "{what} is refused for what it is, not for its size");
        let problem = mika.sends(&format!("{what}.zip"), "application/zip", &bytes).await.problem(422, "archive_refused");
        assert!(problem["detail"].as_str().unwrap().starts_with("The archive is not taken: "), "{problem}");
    }
    mika.sends("other.7z", "application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c\0\x04").await.problem(422, "archive_refused");
    let letter = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")]);
    let harmless = zipped(&[("photos/one.png", &png(1, 1)), ("letter.docx", &letter), ("notes.txt", b"notes")]);
    assert_eq!(mika.sends("all.zip", "application/x-zip-compressed", &harmless).await.status, 201);
}

#[tokio::test]
async fn a_picture_with_too_many_pixels_is_refused_by_its_head() {
    let mika = Mika::new().await;
    mika.sends("huge.png", "image/png", &png(50_000, 50_000)).await.problem(422, "image_too_large");
    mika.sends("long.png", "image/png", &png(1, 50_000)).await.problem(422, "image_too_large");
    assert_eq!(mika.sends("large.png", "image/png", &png(8_000, 6_000)).await.status, 201);
}

#[tokio::test]
async fn a_name_is_cleaned_and_never_a_path_of_ours() {
    let mika = Mika::new().await;
    let long = format!("{}.pdf", "x".repeat(1_000));
    for (sent, kept) in [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\\\Users\\\\mika\\\\a.pdf", "a.pdf"),
        ("two%0D%0Alines.pdf", "two lines.pdf"),
        ("\u{202e}fdp.receipt.pdf", "fdp.receipt.pdf"),
        (".pdf.pdf", "pdf.pdf"),
        (long.as_str(), &*format!("{}….pdf", "x".repeat(115))),
    ] {
        let answer = mika.sends(sent, "application/pdf", PDF).await.json();
        assert_eq!(answer["name"], json!(kept), "{sent}");
    }
    // A name that holds a card number keeps its last four digits only.
    let card = mika.sends("4242 4242 4242 4242.pdf", "application/pdf", PDF).await.json();
    assert!(!card["name"].as_str().unwrap().contains("4242 4242"), "{card}");
    for path in mika.on_disk("kept") {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("file_") && patchbay_core::id::FileId::parse(name).is_some(), "{name}");
    }
    // Its words go into a header: nothing in them ends it.
    let file = mika.has("ünïcödé \u{2028}'a;b.pdf", "application/pdf", PDF).await;
    mika.says(&json!({ "files": [file] })).await;
    let given = mika.reads(&mika.link(&file).await).await;
    let header = given.header("content-disposition").unwrap();
    assert_eq!(header, "inline; filename=\"_n_c_d_ _a_b.pdf\"; filename*=UTF-8''%C3%BCn%C3%AFc%C3%B6d%C3%A9%20%27a%3Bb.pdf");
}

#[tokio::test]
async fn what_is_cut_off_leaves_nothing_behind() {
    let mika = Mika::new().await;
    let body = form("cut.pdf", "application/pdf", &PDF.repeat(20_000));
    let head = format!(
        "POST {}/files HTTP/1.1\r\nHost: test\r\nPatchbay-Visitor: {}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        mika.conversation,
        mika.pass,
        body.len()
    );
    let mut stream = TcpStream::connect(mika.house.address).await.unwrap();
    stream.write_all(&[head.as_bytes(), &body[..body.len() / 2]].concat()).await.unwrap();
    mika.until_on_disk("incoming", 1).await;
    drop(stream);
    mika.until_on_disk("incoming", 0).await;
    assert!(mika.on_disk("kept").is_empty() && mika.on_disk("unsent").is_empty());
    assert_eq!(mika.reads(&mika.conversation).await.json()["lines"], json!([]));
    // A form that does not end as forms do is cut off too, whatever its length says.
    let cut = &body[..body.len() - 12];
    let request = mika.house.post(&format!("{}/files", mika.conversation)).visitor(&mika.pass);
    let request = request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    request.body(cut).send().await.problem(400, "body_incomplete");
    mika.until_on_disk("incoming", 0).await;
}

#[tokio::test]
async fn a_link_ends_and_is_for_nobody_else() {
    let mika = Mika::new().await;
    let file = mika.has("receipt.pdf", "application/pdf", PDF).await;
    mika.says(&json!({ "files": [file] })).await;
    let link = mika.link(&file).await;
    assert_eq!(mika.reads(&link).await.status, 200);

    let house = &mika.house;
    let bob = house.visitor().await;
    let theirs = house.conversation(&bob).await;
    house.get(&link).visitor(&bob).send().await.problem(404, "not_found");
    house.get(&link).send().await.problem(404, "not_found");
    house.get(&link).visitor("pv_nonsense").send().await.problem(404, "not_found");
    house.get(&link).host(&host_token("bob")).send().await.problem(404, "not_found");
    // Bob can neither ask for a link of his own nor take the file into his conversation.
    house.get(&format!("{}/files/{file}", mika.conversation)).visitor(&bob).send().await.problem(404, "not_found");
    house.get(&format!("{theirs}/files/{file}")).visitor(&bob).send().await.problem(404, "not_found");
    let unsent = mika.has("private.pdf", "application/pdf", PDF).await;
    let stolen = house.post(&format!("{theirs}/messages")).visitor(&bob).json(&json!({ "files": [unsent] })).send().await;
    stolen.problem(422, "file_unknown");
    // Nothing of a link can be changed.
    let (path, query) = link.split_once('?').unwrap();
    for changed in [
        path.to_owned(),
        format!("{path}?{}", query.replace("until=1", "until=2")),
        format!("{path}?{}0", &query[..query.len() - 1]),
        format!("{path}?until=99999999999999&seal=ü"),
    ] {
        if changed != link && changed.is_ascii() {
            mika.reads(&changed).await.problem(404, "not_found");
        }
    }
    house.watch.advance(Duration::from_secs(301));
    mika.reads(&link).await.problem(404, "not_found");
    assert_eq!(mika.reads(&mika.link(&file).await).await.status, 200);
}

#[tokio::test]
async fn a_file_nobody_sends_is_gone_after_a_day_and_one_that_was_sent_stays() {
    let mika = Mika::new().await;
    let sent = mika.has("receipt.pdf", "application/pdf", PDF).await;
    mika.says(&json!({ "files": [sent] })).await;
    mika.until_on_disk("unsent", 0).await;
    mika.has("forgotten.pdf", "application/pdf", PDF).await;
    assert_eq!((mika.on_disk("kept").len(), mika.on_disk("unsent").len()), (2, 1));
    mika.house.watch.advance(Duration::from_secs(25 * 3600));
    mika.until_on_disk("kept", 1).await;
    mika.until_on_disk("unsent", 0).await;
    // The pass has ended as well by then; the sent one is still there under its own id.
    assert!(mika.on_disk("kept")[0].ends_with(&sent));
    assert!(!std::fs::read(&mika.on_disk("kept")[0]).unwrap().windows(8).any(|bytes| bytes == b"%PDF-1.4"), "it is sealed");
}

#[tokio::test]
async fn files_have_a_pace_of_their_own_and_forms_are_read_strictly() {
    let limits = Limits { files: Pace { every: Duration::from_secs(60), burst: 2 }, ..Limits::default() };
    let mika = Mika::at(House::limited(limits).await).await;
    let send = |body: Vec<u8>, kind: String| {
        let request = mika.house.post(&format!("{}/files", mika.conversation)).visitor(&mika.pass);
        request.header("Content-Type", kind).body(body).send()
    };
    send(b"{}".to_vec(), "application/json".to_owned()).await.problem(415, "content_type_unsupported");
    let other = String::from_utf8(form("a.pdf", "application/pdf", PDF)).unwrap().replace("name=\"file\"", "name=\"other\"");
    send(other.into_bytes(), format!("multipart/form-data; boundary={BOUNDARY}")).await.problem(400, "field_unknown");
    let third = mika.sends("a.pdf", "application/pdf", PDF).await;
    third.problem(429, "rate_limited");
    assert!(third.header("retry-after").is_some());
    let many: Vec<String> = (0..11).map(|n| format!("file_{n}")).collect();
    mika.says(&json!({ "files": many })).await.problem(400, "field_invalid");
    mika.says(&json!({ "text": "hello", "files": ["nonsense"] })).await.problem(422, "file_unknown");
    mika.says(&json!({ "files": [] })).await.problem(400, "field_missing");
    // A page of the shop may send one: the browser asks beforehand.
    let preflight = mika.house.request("OPTIONS", &format!("{}/files", mika.conversation)).header("Origin", SHOP);
    let preflight = preflight.header("Access-Control-Request-Method", "POST").send().await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(SHOP)));
}

#[tokio::test]
async fn names_are_clean_in_trace_and_export_sealed_on_the_disk_and_gone_with_the_key() {
    let mika = Mika::new().await;
    let eni = Agent::new(&mika.house, "Eni", &[Role::Engineer]).await;
    let file = mika.has("../../letzter\u{202e} Wille 4242 4242 4242 4242.pdf", "application/pdf", PDF).await;
    let turn = mika.says(&json!({ "files": [file] })).await.json()["turn"].as_str().unwrap().to_owned();
    let clean = |text: &str| text.contains("letzter Wille") && !text.contains("4242 4242") && !text.contains('\u{202e}');
    let trace = format!("/v1/desk/conversations/{}/turns/{turn}/trace", mika.id());
    let trace = until_shown(&mika.house, &eni, &trace).await.to_string();
    assert!(clean(&trace) && !trace.contains("../"), "{trace}");

    let views = Views::open(&mika.house.data.path().join("data/views.db")).unwrap();
    let exported = async |so: &dyn Fn(&str) -> bool| {
        for _ in 0..3_000 {
            let mut lines = Vec::new();
            patchbay_views::export(&*mika.house.log, &views, Filter::default(), 0, &mut lines).await.unwrap();
            let lines = String::from_utf8(lines).unwrap();
            if so(&lines) {
                return lines;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it is not exported");
    };
    let lines = exported(&|lines| lines.contains(&file)).await;
    assert!(clean(&lines) && !lines.contains("../"), "{lines}");
    let raw = |path: &Path| std::fs::read(path).unwrap_or_default().windows(7).any(|bytes| bytes == b"letzter");
    let mut folders = vec![mika.house.data.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { assert!(!raw(&entry.path()), "{:?}", entry.path()) }
        }
    }
    mika.house.log.forget(Subject(mika.id().to_owned())).await.unwrap();
    let lines = exported(&|lines| lines.contains(&file)).await;
    assert!(!lines.contains("letzter"), "the name is forgotten with the rest: {lines}");
}
