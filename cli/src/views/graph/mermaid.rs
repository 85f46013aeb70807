//! Mermaid, which web pages and code forges draw.

use std::collections::BTreeMap;

use super::Drawing;

/// A flowchart, the nodes of a module in a box.
pub(super) fn flowchart(drawing: &Drawing) -> String {
    let ids: BTreeMap<&String, String> =
        drawing.nodes.keys().enumerate().map(|(at, name)| (name, format!("n{at}"))).collect();
    let mut text = String::from("flowchart RL\n");
    let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, place) in &drawing.nodes {
        let label = place.label.replace('"', "#quot;");
        let (open, close) = match place.shape {
            "diamond" => ("{{", "}}"),
            "note" => ("[/", "/]"),
            "ellipse" => ("(", ")"),
            _ => ("[", "]"),
        };
        let line = format!("{}{open}\"{label}\"{close}\n", ids[name]);
        modules.entry(&place.module).or_default().push(line);
    }
    for (position, (module, lines)) in modules.into_iter().enumerate() {
        if module.is_empty() {
            lines.iter().for_each(|line| text.push_str(&format!("  {line}")));
            continue;
        }
        text.push_str(&format!("  subgraph m{position} [\"{module}\"]\n"));
        lines.iter().for_each(|line| text.push_str(&format!("    {line}")));
        text.push_str("  end\n");
    }
    let mut red = Vec::new();
    for (position, edge) in drawing.edges.iter().enumerate() {
        let (Some(from), Some(to)) = (ids.get(&edge.0), ids.get(&edge.1)) else { continue };
        text.push_str(&format!("  {from} --> {to}\n"));
        if drawing.marked.contains(edge) {
            red.push(position.to_string());
        }
    }
    if !red.is_empty() {
        text.push_str(&format!("  linkStyle {} stroke:red\n", red.join(",")));
    }
    text
}
