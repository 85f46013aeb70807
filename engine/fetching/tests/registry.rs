//! Modules from a registry that listens on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use infra_lang::config::{LoadOptions, load};
use infra_lang::files::Disk;

use infra_fetching::{Installer, Options};

/// A tar archive with one folder, and a module in it.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let text = b"output \"colour\" {\n  value = \"green\"\n}\n";
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, "paint-1.2.0/main.tf", &text[..]).expect("an entry");
    archive.into_inner().expect("an archive")
}

/// Answers requests as a registry does; gives its host.
fn registry() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            let request = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let (status, header, body): (_, _, Vec<u8>) = match &*path {
                "/.well-known/terraform.json" => {
                    ("200 OK", "", b"{\"modules.v1\": \"/v1/modules/\"}".to_vec())
                }
                "/v1/modules/acme/paint/any/versions" => {
                    let versions = ["1.0.0", "1.2.0", "2.0.0"];
                    let versions =
                        versions.map(|version| format!("{{\"version\": \"{version}\"}}"));
                    let text =
                        format!("{{\"modules\": [{{\"versions\": [{}]}}]}}", versions.join(", "));
                    ("200 OK", "", text.into_bytes())
                }
                "/v1/modules/acme/paint/any/1.2.0/download" => {
                    ("204 No Content", "X-Terraform-Get: /paint.tar//*?archive=tar\r\n", Vec::new())
                }
                "/paint.tar" => ("200 OK", "", archive()),
                _ => ("404 Not Found", "", Vec::new()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&body);
        }
    });
    host
}

#[test]
fn the_newest_version_that_is_wanted_is_fetched() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = registry();
    let text = format!(
        "module \"paint\" {{\n  source  = \"{host}/acme/paint/any\"\n  version = \"~> 1.0\"\n}}\n"
    );
    std::fs::write(folder.path().join("main.tf"), text).expect("a file");
    let files = std::sync::Arc::new(Disk { working_dir: folder.path().to_owned(), home: None });
    let (config, found) = load(files, "", &LoadOptions::default());
    assert_eq!(found.iter().next().expect("a diagnostic").summary, "Module not installed");
    let mut installer = Installer::new(Options {
        root: folder.path().to_owned(),
        modules: ".terraform/modules".to_owned(),
        tokens: Default::default(),
    });
    let installed = installer.install(&config.missing[0]).expect("a module");
    assert_eq!(installed.version.as_deref(), Some("1.2.0"));
    assert_eq!(installed.dir, ".terraform/modules/paint/paint-1.2.0");
    assert!(folder.path().join(&installed.dir).join("main.tf").exists());
}
