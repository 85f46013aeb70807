//! The language: reading files, evaluating expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use infra_engine::addrs::ModuleInstance;
use infra_engine::lang::config::{self, LoadOptions};
use infra_engine::lang::files::Snapshot;
use infra_engine::lang::functions::Environment;
use infra_engine::lang::world::World;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A file of so many resource blocks.
fn blocks(count: usize) -> String {
    (0..count)
        .map(|at| {
            format!(
                "resource \"terraform_data\" \"r{at}\" {{\n  count = length(var.names)\n  input = {{\n    name = \"${{var.prefix}}-{at}\"\n    \
                 tags = merge(local.tags, {{ Index = count.index }})\n    list = [for name in var.names : upper(name) if name != \"\"]\n  }}\n}}\n\n"
            )
        })
        .collect()
}

fn load(criterion: &mut Criterion) {
    let text = blocks(2000);
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    let files = Arc::new(Snapshot::of([("main.tf", text.as_str())]));
    group.bench_function("2000 resource blocks", |bencher| {
        bencher.iter_with_large_drop(|| config::load(files.clone(), ".", &LoadOptions::default()));
    });
    group.finish();
}

/// The expressions of a configuration that is evaluated.
const EVALUATED: &str = r#"
variable "prefix" {
  default = "app"
}

variable "zones" {
  type    = list(string)
  default = ["a", "b", "c"]
}

locals {
  tags = { Team = "core", Stage = "test" }
}

output "medium" {
  value = length(var.zones) > 2 ? "${var.prefix}-${var.zones[1]}-${upper(local.tags.Stage)}" : null
}

output "loop" {
  value = { for index, zone in var.zones : "${var.prefix}-${zone}" => merge(local.tags, { Index = index }) }
}
"#;

fn evaluate(criterion: &mut Criterion) {
    let files = Arc::new(Snapshot::of([("main.tf", EVALUATED)]));
    let (config, found) = config::load(files, ".", &LoadOptions::default());
    assert!(found.is_empty(), "{found:?}");
    let config = Arc::new(config);
    let variables = BTreeMap::new();
    let world = World::new(config.clone(), Environment::nowhere(), "default", variables);
    let scope = world.scope(&ModuleInstance::root()).expect("there is a root module");
    let mut group = criterion.benchmark_group("evaluate");
    for (name, output) in &config.root.outputs {
        let expr = output.expr.clone();
        group.bench_function(&**name, |bencher| bencher.iter(|| world.evaluate(&expr, &scope)));
    }
    group.finish();
}

criterion_group!(benches, load, evaluate);
criterion_main!(benches);
