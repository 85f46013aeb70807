//! DOT, as Terraform writes it.

use std::collections::BTreeMap;

use super::Drawing;

/// The resources, those of a module in a box.
pub(super) fn resources(drawing: &Drawing) -> String {
    let mut text = String::from(
        "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n",
    );
    let mut modules: BTreeMap<&str, Vec<(&String, &str)>> = BTreeMap::new();
    for (name, place) in &drawing.nodes {
        modules.entry(&place.module).or_default().push((name, &place.label));
    }
    for (module, nodes) in modules {
        let indent = if module.is_empty() {
            "  "
        } else {
            text.push_str(&format!(
                "  subgraph \"cluster_{module}\" {{\n    label = \"{module}\"\n    fontname = \"sans-serif\"\n"
            ));
            "    "
        };
        for (name, label) in nodes {
            text.push_str(&format!("{indent}{name:?} [label={label:?}];\n"));
        }
        if !module.is_empty() {
            text.push_str("  }\n");
        }
    }
    // As in Terraform, what is deeper in modules comes later.
    let mut edges: Vec<_> = drawing.edges.iter().collect();
    edges.sort_by_key(|(from, _)| drawing.nodes.get(from).map(|place| &place.module));
    for edge in edges {
        let (from, to) = edge;
        let style = if drawing.marked.contains(edge) {
            " [color = \"red\", penwidth = \"2.0\"]"
        } else {
            ""
        };
        text.push_str(&format!("  {from:?} -> {to:?}{style};\n"));
    }
    text.push_str("}\n");
    text
}

/// All objects.
pub(super) fn detailed(drawing: &Drawing) -> String {
    let mut text = String::from(
        "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n",
    );
    for (name, place) in &drawing.nodes {
        let name = format!("[root] {name}");
        let (label, shape) = (&place.label, place.shape);
        text.push_str(&format!("\t\t{name:?} [label = {label:?}, shape = {shape:?}]\n"));
    }
    for edge in &drawing.edges {
        let (from, to) = (format!("[root] {}", edge.0), format!("[root] {}", edge.1));
        let style = if drawing.marked.contains(edge) {
            " [color = \"red\", penwidth = \"2.0\"]"
        } else {
            ""
        };
        text.push_str(&format!("\t\t{from:?} -> {to:?}{style}\n"));
    }
    text.push_str("\t}\n}\n");
    text
}
