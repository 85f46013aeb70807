//! Runs one configuration with every AWS type through `terraform` and `infra` in turns, on one state and one emulated
//! AWS: what either makes or changes, the other finds in order, and each destroys what the other made.
//!
//! Needs `terraform` on the PATH and a folder with provider hashicorp/aws 5.100.0; skips with a line where there is none.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trial = match (terraform(), mirror()) {
        (Some(_), Some(mirror)) => Trial::test("both_ways", move || both_ways(&mirror)),
        (None, _) => skipped("terraform is not on the PATH"),
        (_, None) => {
            skipped("no folder registry.terraform.io with hashicorp/aws 5.100.0 was found")
        }
    };
    libtest_mimic::run(&arguments, vec![trial]).exit();
}

fn skipped(why: &str) -> Trial {
    println!("interop is skipped: {why}");
    Trial::test("both_ways", || Ok(())).with_ignored_flag(true)
}

fn terraform() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("terraform")).find(|file| file.is_file())
}

/// A mirror of providers, in the places where systems and people keep one.
fn mirror() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let roots = ["/opt", "/usr/share", "/usr/local/share", "/var/lib"].map(PathBuf::from);
    let roots = roots.into_iter().chain([home.clone(), home.join(".terraform.d")]);
    let is_mirror =
        |folder: &PathBuf| folder.join("registry.terraform.io/hashicorp/aws/5.100.0").is_dir();
    roots
        .flat_map(|root| {
            let entries = std::fs::read_dir(&root).into_iter().flatten().flatten();
            let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            folders.push(root);
            folders
        })
        .find(is_mirror)
}

struct Stack {
    folder: tempfile::TempDir,
    endpoint: String,
}

impl Stack {
    fn new(mirror: &Path) -> Result<Self, Failed> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let here = folder.path();
        std::fs::create_dir_all(here.join(".infra/sandbox")).map_err(|error| error.to_string())?;
        let settings = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path    = {:?}\n    include = [\"*/*/*\"]\n  }}\n}}\n",
            mirror.display().to_string()
        );
        let write = |name: &str, text: &str| {
            std::fs::write(here.join(name), text).map_err(|error| error.to_string())
        };
        write("terraform.rc", &settings)?;
        write("main.tf", "output \"ready\" {\n  value = true\n}\n")?;
        let mut stack = Self { folder, endpoint: String::new() };
        succeeded(&stack.infra(&["plan", "-sandbox"])?)?;
        let server = std::fs::read_to_string(stack.folder.path().join(".infra/sandbox/server"));
        let server = server.map_err(|error| error.to_string())?;
        let port = server.split_whitespace().next().unwrap_or_default();
        stack.endpoint = format!("http://127.0.0.1:{port}");
        let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/interop/main.tf");
        std::fs::copy(main, stack.folder.path().join("main.tf"))
            .map_err(|error| error.to_string())?;
        Ok(stack)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<Output, Failed> {
        Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TF_CLI_CONFIG_FILE", self.folder.path().join("terraform.rc"))
            .env("TF_VAR_endpoint", &self.endpoint)
            .env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
            .output()
            .map_err(|error| format!("{program} {arguments:?}: {error}").into())
    }

    fn infra(&self, arguments: &[&str]) -> Result<Output, Failed> {
        self.run(env!("CARGO_BIN_EXE_infra"), arguments)
    }

    fn terraform(&self, arguments: &[&str]) -> Result<Output, Failed> {
        self.run("terraform", &[arguments, &["-no-color"]].concat())
    }

    fn resources(&self) -> Result<usize, Failed> {
        let text = std::fs::read_to_string(self.folder.path().join("terraform.tfstate"));
        let state: serde_json::Value =
            serde_json::from_str(&text.map_err(|error| error.to_string())?)
                .map_err(|error| error.to_string())?;
        let managed = state["resources"].as_array().into_iter().flatten();
        Ok(managed.filter(|resource| resource["mode"] == "managed").count())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = self.infra(&["sandbox", "stop"]);
    }
}

fn succeeded(output: &Output) -> Result<(), Failed> {
    if output.status.success() {
        return Ok(());
    }
    let printed = [&*output.stdout, &*output.stderr].map(String::from_utf8_lossy).concat();
    Err(printed.into())
}

fn both_ways(mirror: &Path) -> Result<(), Failed> {
    let stack = Stack::new(mirror)?;
    succeeded(&stack.terraform(&["init"])?)?;
    let revision = |number: &str| format!("-var=revision={number}");
    let (one, two, three) = (revision("1"), revision("2"), revision("3"));
    let clean = "-detailed-exitcode";

    succeeded(&stack.infra(&["apply", "-auto-approve", &one])?)?;
    succeeded(&stack.terraform(&["plan", clean, &one])?)?;

    succeeded(&stack.terraform(&["apply", "-auto-approve", &two])?)?;
    succeeded(&stack.infra(&["plan", clean, &two])?)?;

    succeeded(&stack.infra(&["apply", "-auto-approve", &three])?)?;
    succeeded(&stack.terraform(&["plan", clean, &three])?)?;

    succeeded(&stack.terraform(&["destroy", "-auto-approve"])?)?;
    succeeded(&stack.terraform(&["apply", "-auto-approve", &one])?)?;
    succeeded(&stack.infra(&["plan", clean, &one])?)?;

    succeeded(&stack.infra(&["destroy", "-auto-approve"])?)?;
    match stack.resources()? {
        0 => Ok(()),
        left => Err(format!("{left} resources are left").into()),
    }
}
