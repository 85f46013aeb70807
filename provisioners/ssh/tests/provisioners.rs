//! `remote-exec` and `file` with a server of the test's own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod server;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use infra_provider::{Provisioner, connection_schema};
use infra_provisioner_ssh::{Surroundings, provisioners};
use infra_value::{Type, Value};
use russh::keys::ssh_key::LineEnding;
use server::Server;

/// A server, its folder, and what a provisioner printed.
struct Place {
    server: Server,
    folder: tempfile::TempDir,
    agent: Option<PathBuf>,
    printed: Mutex<Vec<String>>,
}

/// An object of a type, null where nothing is given.
fn object(ty: &Type, given: &[(&str, Value)]) -> Value {
    let Type::Object(attributes) = ty else { panic!("an object") };
    let value = |name: &str, ty: &Type| {
        let found = given.iter().find(|(given, _)| *given == name);
        found.map_or_else(|| Value::null(ty.clone()), |(_, value)| value.clone())
    };
    Value::object(attributes.attributes.iter().map(|(name, ty)| {
        let name: &str = name;
        (name, value(name, ty))
    }))
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(folder.path());
        Self { server, folder, agent: None, printed: Mutex::default() }
    }

    fn key(&self) -> Value {
        Value::from(self.server.key.to_openssh(LineEnding::LF).expect("a key").as_str())
    }

    fn with_password(&self) -> Vec<(&'static str, Value)> {
        self.login(&[("password", Value::from("secret"))])
    }

    fn login(&self, more: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
        let mut given = vec![
            ("host", Value::from("127.0.0.1")),
            ("port", Value::from(i64::from(self.server.port))),
            ("timeout", Value::from("2s")),
        ];
        given.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        given.extend(more.iter().cloned());
        given
    }

    fn provision(
        &self,
        name: &str,
        config: &[(&str, Value)],
        connection: &[(&str, Value)],
    ) -> Result<(), String> {
        let surroundings =
            Surroundings { folder: self.folder.path().to_owned(), agent: self.agent.clone() };
        let found: Arc<dyn Provisioner> =
            provisioners(&surroundings).into_iter().find(|found| found.name() == name).unwrap();
        let config = object(found.schema().block.implied_type(), config);
        let connection = object(connection_schema().implied_type(), connection);
        let output = |line: &str| self.printed.lock().unwrap().push(line.to_owned());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let result = runtime.block_on(found.provision(&config, &connection, &output));
        result.map_err(|problem| problem.detail)
    }

    fn run(&self, command: &str, connection: &[(&str, Value)]) -> Result<(), String> {
        let inline = Value::list(Type::String, [Value::from(command)]);
        self.provision("remote-exec", &[("inline", inline)], connection)
    }

    fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap().clone()
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap_or_default()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn a_password_a_key_a_certificate_and_answers_log_in() {
    let place = Place::new();
    place.run("echo password", &place.with_password()).unwrap();
    place.run("echo key", &place.login(&[("private_key", place.key())])).unwrap();
    let asked = [("user", Value::from("asked")), ("password", Value::from("secret"))];
    place.run("echo answers", &place.login(&asked)).unwrap();
    let rsa = place.login(&[("private_key", Value::from(server::RSA))]);
    place.run("echo rsa", &rsa).unwrap();
    for word in ["password", "key", "answers", "rsa"] {
        assert!(place.printed().contains(&word.to_owned()), "{word}");
    }

    use russh::keys::ssh_key::certificate::{Builder, CertType};
    let key = server::new_key();
    let nonce = [7; 16];
    let public = key.public_key().key_data().clone();
    let mut builder = Builder::new(nonce, public, 0, u64::MAX >> 1).unwrap();
    builder.serial(1).unwrap().key_id("test").unwrap().cert_type(CertType::User).unwrap();
    builder.valid_principal("root").unwrap();
    let certificate = builder.sign(&place.server.authority).unwrap().to_openssh().unwrap();
    let key = Value::from(key.to_openssh(LineEnding::LF).unwrap().as_str());
    let certificate = Value::from(certificate.as_str());
    let login = place.login(&[("private_key", key), ("certificate", certificate)]);
    place.run("echo certificate", &login).unwrap();
    assert!(place.printed().contains(&"certificate".to_owned()));
}

#[test]
fn an_agent_logs_in() {
    let mut place = Place::new();
    let socket = place.folder.path().join("agent");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        let connections = futures::stream::unfold(listener, |listener| async {
            let accepted = listener.accept().await.map(|(stream, _)| stream);
            Some((accepted, listener))
        });
        let connections = Box::pin(connections);
        tokio::spawn(russh::keys::agent::server::serve(connections, ()));
        let mut agent =
            russh::keys::agent::client::AgentClient::connect_uds(&socket).await.unwrap();
        agent.add_identity(&server::new_key(), &[]).await.unwrap();
        agent.add_identity(&place.server.key, &[]).await.unwrap();
    });
    place.agent = Some(socket);
    place.run("echo agent", &place.login(&[])).unwrap();
    assert!(place.printed().contains(&"  SSH Agent: true".to_owned()));
    let without = place.login(&[("agent", Value::from(false))]);
    assert!(place.run("echo none", &without).is_err());
}

#[test]
fn a_wrong_password_is_tried_until_the_timeout() {
    let place = Place::new();
    let login = place.login(&[("password", Value::from("guessed"))]);
    let error = place.run("echo in", &login).unwrap_err();
    assert!(error.starts_with("timeout - last error: SSH authentication failed (root@"), "{error}");
    assert!(!error.contains("guessed"));
    assert!(place.server.logged("exec").is_empty());
}

#[test]
fn the_host_key_must_be_the_one_that_is_configured() {
    let place = Place::new();
    let key = |key: &russh::keys::PublicKey| {
        [("host_key", Value::from(key.to_openssh().unwrap().as_str()))]
    };
    let mut right = place.with_password();
    right.extend(key(&place.server.host_key));
    place.run("echo right", &right).unwrap();
    let mut wrong = place.with_password();
    wrong.extend(key(server::new_key().public_key()));
    let before = std::time::Instant::now();
    let error = place.run("echo wrong", &wrong).unwrap_err();
    assert!(error.contains("is not the host key of the configuration"), "{error}");
    assert!(before.elapsed().as_secs() < 2, "it does not help to try again");
    assert_eq!(place.printed().iter().filter(|line| *line == "wrong").count(), 0);
}

#[test]
fn a_bastion_is_gone_through() {
    let (place, bastion) = (Place::new(), Place::new());
    let port = Value::from(i64::from(bastion.server.port));
    let mut login = place.with_password();
    login.extend([("bastion_host", Value::from("127.0.0.1")), ("bastion_port", port)]);
    place.run("echo through", &login).unwrap();
    assert!(place.printed().contains(&"through".to_owned()));
    let target = format!("forward 127.0.0.1:{}", place.server.port);
    assert_eq!(bastion.server.logged("forward"), [target]);
    assert!(bastion.server.logged("exec").is_empty());
}

#[test]
fn a_failing_command_tells_its_status() {
    let place = Place::new();
    let error = place.run("echo before\nexit 3", &place.with_password()).unwrap_err();
    assert!(error.contains("Process exited with status 3"), "{error}");
    assert!(place.printed().contains(&"before".to_owned()));
}

#[test]
fn scripts_run_one_after_the_other_and_are_removed() {
    let place = Place::new();
    place.write("one.sh", "echo one >> done\n");
    place.write("two.sh", "#!/bin/sh\necho two >> done\n");
    let scripts = Value::list(Type::String, ["one.sh", "two.sh"].map(Value::from));
    let mut login = place.with_password();
    let path = place.folder.path().join("script_%RAND%");
    login.push(("script_path", Value::from(path.to_str().unwrap())));
    place.provision("remote-exec", &[("scripts", scripts)], &login).unwrap();
    assert_eq!(place.read("done"), "one\ntwo\n");
    let left = std::fs::read_dir(place.folder.path()).unwrap().count();
    assert_eq!(left, 3, "only one.sh, two.sh and done");
}

#[test]
fn files_and_folders_are_uploaded() {
    let place = Place::new();
    place.write("site/index.html", "<p>\n");
    place.write("site/css/a b.css", "p {}\n");
    place.write("in/x", "");
    let login = place.with_password();
    let upload = |source: &str, destination: &str| {
        let config = [("source", Value::from(source)), ("destination", Value::from(destination))];
        place.provision("file", &config, &login)
    };
    upload("site", "in").unwrap();
    assert_eq!(place.read("in/site/index.html"), "<p>\n");
    assert_eq!(place.read("in/site/css/a b.css"), "p {}\n");
    upload("site/", "in").unwrap();
    assert_eq!(place.read("in/css/a b.css"), "p {}\n");
    upload("site/index.html", "in/copy.html").unwrap();
    assert_eq!(place.read("in/copy.html"), "<p>\n");
    let content = [("content", Value::from("text")), ("destination", Value::from("~/in/text"))];
    place.provision("file", &content, &login).unwrap();
    assert_eq!(place.read("in/text"), "text");
    assert_eq!(
        upload("site/index.html", "missing/x").unwrap_err(),
        "Upload failed: scp: missing: No such file or directory"
    );
    assert!(upload("nothing", "in/x").unwrap_err().contains("nothing: No such file"));
}

#[test]
fn a_large_file_arrives_whole() {
    let place = Place::new();
    let text = "0123456789abcdef".repeat(300_000);
    place.write("large", &text);
    let config = [("source", Value::from("large")), ("destination", Value::from("copy"))];
    place.provision("file", &config, &place.with_password()).unwrap();
    assert!(place.read("copy") == text);
}

#[test]
fn proxies_are_gone_through() {
    let place = Place::new();
    for (scheme, credentials) in [("http", true), ("socks5", true), ("socks5", false)] {
        let port = proxy(scheme, credentials);
        let mut login = place.with_password();
        login.extend([
            ("proxy_scheme", Value::from(scheme)),
            ("proxy_host", Value::from("127.0.0.1")),
            ("proxy_port", Value::from(i64::from(port))),
        ]);
        if credentials {
            login.push(("proxy_user_name", Value::from("u")));
            login.push(("proxy_user_password", Value::from("p")));
        }
        place.run("echo through", &login).unwrap();
    }
    assert_eq!(place.printed().iter().filter(|line| *line == "through").count(), 3);
}

/// A proxy that makes one connection.
fn proxy(scheme: &'static str, credentials: bool) -> u16 {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let target = if scheme == "http" {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            let request = String::from_utf8(request).unwrap();
            assert!(!credentials || request.contains("Proxy-Authorization: Basic dTpw\r\n"));
            let target = request.split(' ').nth(1).unwrap().to_owned();
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            target
        } else {
            let mut take = |length: usize| {
                let mut bytes = vec![0; length];
                stream.read_exact(&mut bytes).unwrap();
                bytes
            };
            assert_eq!(take(3), [5, 1, if credentials { 2 } else { 0 }]);
            stream.write_all(&[5, if credentials { 2 } else { 0 }]).unwrap();
            let mut take = |length: usize| {
                let mut bytes = vec![0; length];
                stream.read_exact(&mut bytes).unwrap();
                bytes
            };
            if credentials {
                assert_eq!(take(5), [1, 1, b'u', 1, b'p']);
                stream.write_all(&[1, 0]).unwrap();
            }
            let mut head = [0; 5];
            stream.read_exact(&mut head).unwrap();
            let mut host = vec![0; usize::from(head[4])];
            stream.read_exact(&mut host).unwrap();
            let mut port = [0; 2];
            stream.read_exact(&mut port).unwrap();
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            format!("{}:{}", String::from_utf8(host).unwrap(), u16::from_be_bytes(port))
        };
        let mut onward = std::net::TcpStream::connect(target).unwrap();
        let (mut from, mut to) = (stream.try_clone().unwrap(), onward.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut to));
        let _ = std::io::copy(&mut onward, &mut stream);
    });
    port
}

#[test]
fn connections_that_cannot_work_are_refused_with_a_reason() {
    let place = Place::new();
    let refused = |name: &'static str, value: &str| {
        place.run("echo", &place.login(&[(name, Value::from(value))])).unwrap_err()
    };
    assert!(refused("type", "winrm").contains("target_platform = \"windows\""));
    assert_eq!(refused("type", "telnet"), "connection type 'telnet' not supported");
    assert_eq!(refused("host", ""), "host for provisioner cannot be empty");
    assert_eq!(refused("private_key", "x"), "Failed to read ssh private key: no key found");
    assert!(refused("host_key", "x").starts_with("The host key cannot be read"));
    assert!(refused("target_platform", "dos").contains("either unix or windows"));
    let port = place.login(&[("port", Value::from(70000_i64))]);
    assert!(place.run("echo", &port).unwrap_err().contains("between 0 and 65535"));
    let agent = place.login(&[("agent", Value::from(true))]);
    assert!(place.run("echo", &agent).unwrap_err().contains("SSH_AUTH_SOCK"));
}
