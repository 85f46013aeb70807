//! The sandbox: an emulated AWS on loopback, one for each project, with a state of its own for each folder.
//!
//! A project is a repository: the nearest folder above that holds `.git`, or that has had a sandbox before, and the
//! folder itself where there is none. So the stacks of one project see what the others made, as in an account.
//!
//! It is a moto server: from the PATH, or else installed once into a folder of the user's cache. It goes on running
//! between commands, since what it holds is in its memory.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::context::Context;

/// The version of moto that is installed where there is none.
const MOTO: &str = "moto[server]==5.2.1";

/// The folder of the project.
fn project(cx: &Context) -> PathBuf {
    let folder = cx.folder.canonicalize().unwrap_or_else(|_| cx.folder.clone());
    let is_project = |folder: &&Path| folder.join(".git").exists() || folder.join(PLACE).exists();
    folder.ancestors().find(is_project).unwrap_or(&folder).to_owned()
}

/// Where a project has its sandbox.
const PLACE: &str = ".infra/sandbox";

/// The folder in which the sandbox keeps what is known of its server.
fn folder(cx: &Context) -> PathBuf {
    project(cx).join(PLACE)
}

/// The folder for the state of the configuration, below that of the sandbox.
pub(crate) fn state_folder(cx: &Context) -> PathBuf {
    let here = cx.folder.canonicalize().unwrap_or_else(|_| cx.folder.clone());
    let project = project(cx);
    folder(cx).join("states").join(here.strip_prefix(&project).unwrap_or(&here))
}

/// What the server held is gone, and so is what the states say.
fn forget_states(cx: &Context) {
    let _ = std::fs::remove_dir_all(folder(cx).join("states"));
}

struct Server {
    port: u16,
    pid: u32,
}

fn record(cx: &Context) -> PathBuf {
    folder(cx).join("server")
}

fn recorded(cx: &Context) -> Option<Server> {
    let text = std::fs::read_to_string(record(cx)).ok()?;
    let (port, pid) = text.trim().split_once(' ')?;
    Some(Server { port: port.parse().ok()?, pid: pid.parse().ok()? })
}

/// Starts the server unless it runs, and points every AWS endpoint at it. Gives the line to show first.
pub(crate) async fn enter(cx: &Context) -> Result<String, String> {
    let folder = folder(cx);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    let running = match recorded(cx) {
        Some(server) if answers(server.port).await => Some(server.port),
        _ => None,
    };
    let port = match running {
        Some(port) => port,
        None => {
            forget_states(cx);
            start(cx, &folder).await?
        }
    };
    let states = state_folder(cx);
    std::fs::create_dir_all(&states).map_err(|error| format!("{}: {error}.", states.display()))?;
    let endpoint = format!("http://127.0.0.1:{port}");
    let settings = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "sandbox"),
        ("AWS_SECRET_ACCESS_KEY", "sandbox"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let mut overrides = cx.aws.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    overrides.extend(settings.map(|(name, value)| (name, value.to_owned())));
    drop(overrides);
    Ok(format!("Sandbox: an emulated AWS at {endpoint}.\nNothing here touches a real account."))
}

async fn start(cx: &Context, folder: &Path) -> Result<u16, String> {
    let program = program(cx)?;
    let port = free_port()?;
    let log =
        std::fs::File::create(folder.join("server.log")).map_err(|error| error.to_string())?;
    let errors = log.try_clone().map_err(|error| error.to_string())?;
    let mut command = Command::new(&program);
    command
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        // It must not be ended by an interrupt that is meant for the command.
        command.process_group(0);
    }
    let child = command
        .spawn()
        .map_err(|error| format!("{} could not be started: {error}.", program.display()))?;
    std::fs::write(record(cx), format!("{port} {}\n", child.id()))
        .map_err(|error| error.to_string())?;
    for _ in 0..300 {
        if answers(port).await {
            return Ok(port);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!(
        "The server did not answer within 30 seconds. See {}.",
        folder.join("server.log").display()
    ))
}

/// A moto server: from the PATH, or installed into the cache.
fn program(cx: &Context) -> Result<PathBuf, String> {
    let path = cx.environment.get("PATH").map(String::as_str).unwrap_or_default();
    if let Some(found) =
        std::env::split_paths(path).map(|dir| dir.join("moto_server")).find(|file| file.is_file())
    {
        return Ok(found);
    }
    let cache = match (cx.environment.get("XDG_CACHE_HOME"), cx.home()) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => home.join(".cache"),
        (_, None) => {
            return Err("There is no HOME in which the emulator could be installed.".to_owned());
        }
    };
    let installed = cache.join("infra").join(MOTO.replace(['[', ']', '='], "-"));
    let server = installed.join("bin").join("moto_server");
    if server.is_file() {
        return Ok(server);
    }
    cx.print(&format!("Installing the emulator once into {} ...\n", installed.display()));
    let run = |program: &Path, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).stdin(Stdio::null()).output();
        match done {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    };
    let text = installed.to_string_lossy().into_owned();
    run(Path::new("python3"), &["-m", "venv", &text]).map_err(|problem| {
        format!(
            "The sandbox needs Python 3 with venv. Install it (on Debian: apt-get install python3 python3-venv) and try \
             again. {problem}"
        )
    })?;
    run(&installed.join("bin").join("pip"), &["install", "--quiet", MOTO]).map_err(|problem| {
        let _ = std::fs::remove_dir_all(&installed);
        format!("The emulator could not be installed: {problem}")
    })?;
    Ok(server)
}

fn free_port() -> Result<u16, String> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map(|addr| addr.port()).map_err(|error| error.to_string())
}

async fn answers(port: u16) -> bool {
    request(port, "GET", "/moto-api/")
        .await
        .is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

async fn request(port: u16, method: &str, path: &str) -> Option<String> {
    let exchange = async {
        let mut stream =
            TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.ok()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        let mut answer = vec![0; 64];
        let count = stream.read(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer[..count]).into_owned())
    };
    tokio::time::timeout(Duration::from_secs(5), exchange).await.ok().flatten()
}

/// Whether the sandbox runs.
pub(crate) async fn status(cx: &Context) -> String {
    match recorded(cx) {
        Some(server) if answers(server.port).await => {
            format!(
                "The sandbox runs at http://127.0.0.1:{} (process {}).",
                server.port, server.pid
            )
        }
        _ => "The sandbox does not run.".to_owned(),
    }
}

/// Ends the server.
pub(crate) async fn stop(cx: &Context) -> Result<String, String> {
    let Some(server) = recorded(cx) else { return Ok("The sandbox does not run.".to_owned()) };
    if answers(server.port).await {
        let ended = Command::new("kill").arg(server.pid.to_string()).status();
        ended.map_err(|error| format!("Process {} could not be ended: {error}.", server.pid))?;
    }
    let _ = std::fs::remove_file(record(cx));
    forget_states(cx);
    Ok("The sandbox was stopped. What it held is gone.".to_owned())
}

/// Empties the sandbox.
pub(crate) async fn reset(cx: &Context) -> Result<String, String> {
    if let Some(server) = recorded(cx)
        && answers(server.port).await
    {
        request(server.port, "POST", "/moto-api/reset").await;
    }
    forget_states(cx);
    Ok("The sandbox is empty.".to_owned())
}
