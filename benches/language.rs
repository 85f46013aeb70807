//! The language: reading files, evaluating expressions.

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use infra_engine::lang::config::{self, LoadOptions};
use infra_engine::lang::files::Snapshot;

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
        bencher.iter(|| config::load(files.clone(), ".", &LoadOptions::default()));
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
