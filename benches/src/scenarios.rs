//! What is measured.

use std::error::Error;
use std::fmt::Write as _;

use crate::measure::{Measured, Tool};
use crate::server::Server;

/// A configuration and a command.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    config: fn() -> String,
    /// Whether it needs an emulated AWS.
    aws: bool,
    /// Commands before the one that is measured.
    before: &'static [&'static [&'static str]],
    command: &'static [&'static str],
    runs: usize,
    /// Terraform takes many minutes, or all memory, for it.
    infra_only: bool,
}

const APPLY: &[&str] = &["apply", "-auto-approve"];
const PLAN: &[&str] = &["plan", "-detailed-exitcode"];

/// All of them.
pub(crate) fn all() -> Vec<Scenario> {
    vec![
        Scenario {
            name: "no-op plan, 20 AWS objects",
            config: network,
            aws: true,
            before: &[APPLY],
            command: PLAN,
            runs: 5,
            infra_only: false,
        },
        Scenario {
            name: "apply, 20 AWS objects",
            config: network,
            aws: true,
            before: &[],
            command: APPLY,
            runs: 1,
            infra_only: false,
        },
        Scenario {
            name: "version",
            config: String::new,
            aws: false,
            before: &[],
            command: &["version"],
            runs: 5,
            infra_only: false,
        },
        Scenario {
            name: "create plan, 5000 blocks in chains",
            config: chains,
            aws: false,
            before: &[],
            command: &["plan", "-out=plan"],
            runs: 3,
            infra_only: false,
        },
        Scenario {
            name: "apply, 2 x 1000 instances",
            config: || counted(1000),
            aws: false,
            before: &[],
            command: APPLY,
            runs: 1,
            infra_only: false,
        },
        Scenario {
            name: "no-op plan, 2 x 1000 instances",
            config: || counted(1000),
            aws: false,
            before: &[APPLY],
            command: PLAN,
            runs: 3,
            infra_only: false,
        },
        large("apply, 2 x 5000 instances", || counted(5_000), &[], APPLY),
        large("no-op plan, 10000 instances", || counted(5_000), &[APPLY], PLAN),
        large("plan, 1000 instances", || keyed(1_000), &[], &["plan"]),
        large("plan, 10000 instances", || keyed(10_000), &[], &["plan"]),
        large("plan, 100000 instances", || keyed(100_000), &[], &["plan"]),
    ]
}

fn large(
    name: &'static str,
    config: fn() -> String,
    before: &'static [&'static [&'static str]],
    command: &'static [&'static str],
) -> Scenario {
    Scenario { name, config, aws: false, before, command, runs: 1, infra_only: true }
}

impl Scenario {
    /// Whether a tool is to be measured with it.
    pub(crate) fn fits(&self, tool: &Tool) -> bool {
        !(self.infra_only && tool.is_terraform())
    }

    pub(crate) fn run(&self, tool: &Tool) -> Result<Measured, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let here = folder.path();
        std::fs::write(here.join("main.tf"), (self.config)())?;
        let server = if self.aws { Some(Server::start(here)?) } else { None };
        let endpoint =
            server.as_ref().map(|server| format!("-var=endpoint=http://127.0.0.1:{}", server.port));
        let arguments = |command: &[&str]| -> Vec<String> {
            let words = command.iter().map(|word| (*word).to_owned());
            words.chain(endpoint.clone().filter(|_| command[0] != "version")).collect()
        };
        if tool.is_terraform() {
            tool.prepare(here, &["init".to_owned()])?;
        }
        for command in self.before {
            tool.prepare(here, &arguments(command))?;
        }
        let mut best: Option<Measured> = None;
        for _ in 0..self.runs {
            let measured = tool.measure(here, &arguments(self.command))?;
            best = Some(match best {
                Some(best) if best.wall <= measured.wall => best,
                _ => measured,
            });
        }
        best.ok_or_else(|| "it was not run".into())
    }
}

/// Twenty objects of a network with servers.
fn network() -> String {
    let text = r#"
variable "endpoint" {}
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_subnet" "main" {
  count      = 6
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
resource "aws_route_table_association" "main" {
  count          = 6
  subnet_id      = aws_subnet.main[count.index].id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "main" {
  count  = 5
  name   = "group-${count.index}"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 80 + count.index
    to_port     = 80 + count.index
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"#;
    text.to_owned()
}

/// Five hundred chains of ten objects each.
fn chains() -> String {
    let mut text = String::new();
    for chain in 0..500 {
        for link in 0..10 {
            let input = match link {
                0 => format!("\"{chain}\""),
                _ => format!("terraform_data.c{chain}_{}.id", link - 1),
            };
            let _ = writeln!(
                text,
                "resource \"terraform_data\" \"c{chain}_{link}\" {{\n  input = {input}\n}}"
            );
        }
    }
    text
}

/// Two resources with so many instances, the second of which refer to the first.
fn counted(instances: usize) -> String {
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {instances}\n  input = count.index\n}}\n\
         resource \"terraform_data\" \"b\" {{\n  count = {instances}\n  input = terraform_data.a[count.index].output\n}}\n"
    )
}

/// Half of the instances counted, and half with keys, that refer to the first half.
fn keyed(instances: usize) -> String {
    let half = instances / 2;
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {half}\n  input = count.index\n}}\n\
         resource \"terraform_data\" \"b\" {{\n  for_each = {{ for n in flatten([for h in range({half} / 500) : [for l in range(500) : h * 500 + l]]) : \"key-${{n}}\" => n }}\n  \
         input    = {{ name = each.key, of = terraform_data.a[each.value].output }}\n}}\n"
    )
}
