//! Running a command and saying what it took.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that reads Terraform configurations.
pub(crate) struct Tool {
    pub(crate) program: PathBuf,
    /// The folder of a provider mirror, for `terraform`.
    mirror: Option<PathBuf>,
}

impl Tool {
    pub(crate) fn infra(program: PathBuf) -> Self {
        Self { program, mirror: None }
    }

    /// `terraform` from the PATH, with a mirror of the provider.
    pub(crate) fn terraform() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join("terraform"))
            .find(|file| file.is_file())?;
        let roots = ["/opt", "/usr/share", "/usr/local/share", "/var/lib"].map(PathBuf::from);
        let mirror = roots.into_iter().flat_map(|root| {
            let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).collect::<Vec<_>>()
        });
        let mut mirror = mirror
            .filter(|folder| folder.join("registry.terraform.io/hashicorp/aws/5.100.0").is_dir());
        Some(Self { program, mirror: Some(mirror.next()?) })
    }

    pub(crate) fn is_terraform(&self) -> bool {
        self.mirror.is_some()
    }

    fn command(&self, folder: &Path, arguments: &[String]) -> Result<Command, Box<dyn Error>> {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null());
        if let Some(mirror) = &self.mirror {
            let settings = folder.join("terraform.rc");
            let text = format!(
                "provider_installation {{\n  filesystem_mirror {{\n    path    = {:?}\n    include = [\"*/*/*\"]\n  }}\n}}\n",
                mirror.display().to_string()
            );
            std::fs::write(&settings, text)?;
            command.env("TF_CLI_CONFIG_FILE", settings);
        }
        Ok(command)
    }

    /// Runs a command that must succeed.
    pub(crate) fn prepare(
        &self,
        folder: &Path,
        arguments: &[String],
    ) -> Result<(), Box<dyn Error>> {
        let output = self.command(folder, arguments)?.output()?;
        if output.status.success() {
            return Ok(());
        }
        let printed = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Err(format!("{} {arguments:?}: {}", self.program.display(), printed.concat()).into())
    }

    /// Runs a command that must succeed, and measures it with the processes that it starts.
    pub(crate) fn measure(
        &self,
        folder: &Path,
        arguments: &[String],
    ) -> Result<Measured, Box<dyn Error>> {
        let mut command = self.command(folder, arguments)?;
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let before = cpu_of_children()?;
        let start = Instant::now();
        let mut child = command.spawn()?;
        let mut peak = 0;
        let status = loop {
            peak = peak.max(memory_of_tree(child.id()));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let wall = start.elapsed();
        if !status.success() {
            return Err(format!("{} {arguments:?} failed", self.program.display()).into());
        }
        Ok(Measured { wall, cpu: cpu_of_children()? - before, memory: peak })
    }
}

/// What a command took.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// Bytes, of all its processes at once.
    pub(crate) memory: u64,
}

impl Measured {
    /// How many times less than another.
    pub(crate) fn ratio(&self, other: &Self) -> String {
        let times = |ours: f64, theirs: f64| format!("{:.1}x", theirs / ours.max(1e-9));
        format!(
            "{:>9} {:>9} {:>9}",
            times(self.wall.as_secs_f64(), other.wall.as_secs_f64()),
            times(self.cpu.as_secs_f64(), other.cpu.as_secs_f64()),
            times(self.memory as f64, other.memory as f64)
        )
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wall = format!("{:.3} s", self.wall.as_secs_f64());
        let cpu = format!("{:.3} s", self.cpu.as_secs_f64());
        let memory = format!("{} MB", self.memory / 1_000_000);
        write!(f, "{wall:>9} {cpu:>9} {memory:>9}")
    }
}

/// CPU time of all children that ended. Source: proc(5), fields cutime and cstime of `/proc/self/stat`.
fn cpu_of_children() -> Result<Duration, Box<dyn Error>> {
    const TICKS_PER_SECOND: u64 = 100;
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> =
        text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Ok(Duration::from_millis((ticks(13) + ticks(14)) * 1000 / TICKS_PER_SECOND))
}

/// Memory of a process and its descendants, in bytes. Source: proc(5).
fn memory_of_tree(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let own = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let own =
        own.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0)
            * 1024;
    let children =
        std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| child.parse().ok());
    own + children.map(memory_of_tree).sum::<u64>()
}
