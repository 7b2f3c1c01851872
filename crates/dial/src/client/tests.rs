//! The way out against servers that misbehave: resets, silence, endless answers, redirects, bad certificates, lying names.

use super::*;
use crate::{NamedBy, install_crypto};
use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SOON: Duration = Duration::from_secs(5);

/// Serves every connection with `serve`; gives the port.
async fn server<F>(serve: impl Fn(TcpStream) -> F + Send + Sync + 'static) -> u16
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    port
}

/// Reads a request: an answer before it would be a broken connection.
async fn hear(stream: &mut (impl AsyncReadExt + Unpin)) -> io::Result<usize> {
    stream.read(&mut [0; 4096]).await
}

/// Hears a request, then says exactly this and closes.
async fn says(text: &'static [u8]) -> u16 {
    server(move |mut stream| async move {
        hear(&mut stream).await?;
        stream.write_all(text).await
    })
    .await
}

fn dial_to(address: &str) -> (Dial, Url) {
    let mut egress = Egress::none();
    let url = egress.name(address, NamedBy::Configuration).unwrap();
    (Dial::open(egress, &Settings::default()).unwrap(), url)
}

fn get(url: &Url) -> Request {
    Request { method: Method::GET, url: url.clone(), headers: HeaderMap::new(), body: None }
}

async fn asking(port: u16, limit: usize) -> Result<Answer, DialFailure> {
    let (dial, url) = dial_to(&format!("http://127.0.0.1:{port}/"));
    dial.send(get(&url), SOON, limit).await
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let port = says(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nx-a: b\r\n\r\n{}").await;
    let answer = asking(port, 100).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.unwrap().as_slice()), (404, b"{}".as_slice()));
    assert_eq!(answer.headers["x-a"], "b");
}

#[tokio::test]
async fn a_closed_port_is_refused_and_surely_not_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(asking(port, 100).await.unwrap_err(), DialFailure::before(Word::Refused));
}

#[tokio::test]
async fn broken_answers_have_their_words() {
    let cut = asking(says(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{").await, 100).await.unwrap();
    assert_eq!(cut.body.unwrap_err(), DialFailure::after(Word::Reset));
    assert_eq!(asking(says(b"").await, 100).await.unwrap_err(), DialFailure::after(Word::Reset));
    assert_eq!(asking(says(b"SSH-2.0-OpenSSH\r\n").await, 100).await.unwrap_err(), DialFailure::after(Word::BadHttp));
    let redirect = says(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(asking(redirect, 100).await.unwrap_err(), DialFailure::after(Word::RedirectRefused));
    let garbled = says(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope").await;
    assert_eq!(asking(garbled, 100).await.unwrap().body.unwrap_err(), DialFailure::after(Word::BadHttp));
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let port = server(|stream| async move {
        tokio::time::sleep(Duration::from_secs(30)).await;
        drop(stream);
        Ok(())
    })
    .await;
    let (dial, url) = dial_to(&format!("http://127.0.0.1:{port}/"));
    let started = Instant::now();
    let failure = dial.send(get(&url), Duration::from_millis(80), 100).await.unwrap_err();
    assert_eq!(failure, DialFailure::after(Word::Timeout));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn answers_over_the_limit_are_cut_announced_or_not() {
    let announced = says(b"HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n[").await;
    assert_eq!(asking(announced, 1000).await.unwrap().body.unwrap_err(), DialFailure::after(Word::TooLarge));
    let endless = server(|mut stream| async move {
        hear(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await?;
        loop {
            stream.write_all(&[b' '; 1000]).await?;
        }
    })
    .await;
    assert_eq!(asking(endless, 100_000).await.unwrap().body.unwrap_err(), DialFailure::after(Word::TooLarge));
}

#[tokio::test]
async fn decompression_does_not_get_past_the_limit() {
    // 64 KiB of spaces, compressed to less than 100 bytes.
    const BOMB: &[u8] = include_bytes!("spaces.gz");
    let port = server(|mut stream| async move {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", BOMB.len());
        hear(&mut stream).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(BOMB).await
    })
    .await;
    assert_eq!(asking(port, 1000).await.unwrap().body.unwrap_err(), DialFailure::after(Word::TooLarge));
    assert_eq!(asking(port, 65_536).await.unwrap().body.unwrap().len(), 65_536);
}

#[tokio::test]
async fn a_public_name_that_turns_to_the_house_connects_to_nothing() {
    let port = says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let look_up =
        |ip: &'static str| -> LookUp { Arc::new(move |_| Box::pin(async move { Ok(vec![SocketAddr::new(ip.parse().unwrap(), 0)]) })) };
    let send = async |host: &str| {
        let mut egress = Egress::none();
        let url = egress.name(&format!("http://{host}:{port}/"), NamedBy::Configuration).unwrap();
        let dial = Dial::open_with(egress, &Settings::default(), look_up("127.0.0.1")).unwrap();
        dial.send(get(&url), SOON, 100).await.map(|answer| answer.status.as_u16())
    };
    assert_eq!(send("orders").await, Ok(200));
    assert_eq!(send("orders.localhost").await, Ok(200));
    assert_eq!(send("shop.example.com").await, Err(DialFailure::before(Word::EgressRefused)));
    assert_eq!(send("127.0.0.1.nip.example").await, Err(DialFailure::before(Word::EgressRefused)));
}

#[tokio::test]
async fn an_unknown_name_and_an_unnamed_server_are_told_apart() {
    let mut egress = Egress::none();
    let url = egress.name("http://gone.example/", NamedBy::Configuration).unwrap();
    let nowhere: LookUp = Arc::new(|_| Box::pin(async { Err(io::Error::other("no such host")) }));
    let dial = Dial::open_with(egress, &Settings::default(), nowhere).unwrap();
    assert_eq!(dial.send(get(&url), SOON, 100).await.unwrap_err(), DialFailure::before(Word::Dns));
    let other = "http://127.0.0.1:1/".parse().unwrap();
    assert_eq!(dial.send(get(&other), SOON, 100).await.unwrap_err(), DialFailure::before(Word::EgressRefused));
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy)]
enum Flaw {
    None,
    Expired,
    WrongHost,
    Untrusted,
}

/// A TLS server for `localhost` with this flaw; its port and the root a client should trust.
async fn tls_server(flaw: Flaw) -> (u16, Vec<u8>) {
    install_crypto();
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let trusted = root.self_signed(&root_key).unwrap().der().to_vec();
    let name = if matches!(flaw, Flaw::WrongHost) { "elsewhere.example" } else { "localhost" };
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if matches!(flaw, Flaw::Expired) {
        leaf.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let signed = leaf.signed_by(&key, &Issuer::from_params(&root, &root_key)).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![signed.der().clone()], private).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let port = server(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await?;
            hear(&mut stream).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await?;
            stream.shutdown().await
        }
    })
    .await;
    (port, if matches!(flaw, Flaw::Untrusted) { Vec::new() } else { trusted })
}

#[tokio::test]
async fn failures_of_tls_are_told_apart() {
    let expected = [
        (Flaw::None, None),
        (Flaw::Expired, Some(Word::TlsExpired)),
        (Flaw::WrongHost, Some(Word::TlsWrongHost)),
        (Flaw::Untrusted, Some(Word::TlsUntrusted)),
    ];
    for (flaw, word) in expected {
        let (port, root) = tls_server(flaw).await;
        let mut egress = Egress::none();
        let url = egress.name(&format!("https://localhost:{port}/"), NamedBy::Configuration).unwrap();
        // Without a root of ours the system's must be enough, so another test authority stands in for them here.
        let extra_roots = if root.is_empty() { vec![tls_server_root()] } else { vec![root] };
        let dial = Dial::open(egress, &Settings { extra_roots, ..Settings::default() }).unwrap();
        let outcome = dial.send(get(&url), SOON, 100).await;
        assert_eq!(outcome.as_ref().err().cloned(), word.map(DialFailure::before), "{outcome:?}");
    }
    let plain = says(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let (dial, url) = dial_to(&format!("https://localhost:{plain}/"));
    assert_eq!(dial.send(get(&url), SOON, 100).await.unwrap_err(), DialFailure::before(Word::TlsFailed));
}

/// The root of an authority that signed nothing here.
fn tls_server_root() -> Vec<u8> {
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    root.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}
