//! SVG: what nothing depends on at the right, what depends on nothing at the left.

use std::collections::BTreeMap;

use super::Drawing;

const HEIGHT: f64 = 28.0;
const ROW: f64 = 44.0;
const GAP: f64 = 70.0;
const MARGIN: f64 = 20.0;
const CHARACTER: f64 = 7.3;

/// Layers of nodes side by side, each node right of all that it depends on.
pub(super) fn layered(drawing: &Drawing) -> String {
    let names: Vec<&String> = drawing.nodes.keys().collect();
    let index: BTreeMap<&String, usize> =
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
    let mut needed: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
    for (from, to) in &drawing.edges {
        if let (Some(from), Some(to)) = (index.get(from), index.get(to)) {
            needs[*from].push(*to);
            needed[*to].push(*from);
        }
    }
    let depth = depths(&needs);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); depth.iter().max().map_or(0, |max| max + 1)];
    for (node, depth) in depth.iter().enumerate() {
        layers[*depth].push(node);
    }
    arrange(&mut layers, &needs, &needed);
    let width_of =
        |node: usize| drawing.nodes[names[node]].label.chars().count() as f64 * CHARACTER + 20.0;
    let mut place: Vec<(f64, f64)> = vec![(0.0, 0.0); names.len()];
    let mut left = MARGIN;
    for layer in &layers {
        let widest = layer.iter().map(|node| width_of(*node)).fold(0.0, f64::max);
        for (row, node) in layer.iter().enumerate() {
            place[*node] = (left, MARGIN + row as f64 * ROW);
        }
        left += widest + GAP;
    }
    let (width, rows) = (left - GAP + MARGIN, layers.iter().map(Vec::len).max().unwrap_or(0));
    let height = MARGIN * 2.0 + rows as f64 * ROW;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} \
         {height:.0}\" font-family=\"ui-monospace, monospace\" font-size=\"12\">\n  <defs><marker id=\"arrow\" viewBox=\"0 0 \
         8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" \
         fill=\"#666\"/></marker></defs>\n  <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for edge in &drawing.edges {
        let (Some(from), Some(to)) = (index.get(&edge.0), index.get(&edge.1)) else { continue };
        let colour = if drawing.marked.contains(edge) { "#c00" } else { "#999" };
        let (x1, y1) = (place[*from].0, place[*from].1 + HEIGHT / 2.0);
        let (x2, y2) = (place[*to].0 + width_of(*to), place[*to].1 + HEIGHT / 2.0);
        let middle = f64::midpoint(x1, x2);
        text.push_str(&format!(
            "  <path d=\"M{x1:.0} {y1:.0} C{middle:.0} {y1:.0} {middle:.0} {y2:.0} {x2:.0} {y2:.0}\" fill=\"none\" \
             stroke=\"{colour}\" marker-end=\"url(#arrow)\"/>\n"
        ));
    }
    for (node, name) in names.iter().enumerate() {
        let (x, y) = place[node];
        let shape = &drawing.nodes[*name];
        let fill = match shape.shape {
            "diamond" => "#fdf0d5",
            "note" => "#eef7e8",
            "ellipse" => "#f3f3f3",
            _ => "#e6f0fa",
        };
        let (width, label, title) = (width_of(node), escaped(&shape.label), escaped(name));
        text.push_str(&format!(
            "  <g><title>{title}</title><rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{HEIGHT:.0}\" rx=\"5\" \
             fill=\"{fill}\" stroke=\"#666\"/><text x=\"{:.0}\" y=\"{:.0}\">{label}</text></g>\n",
            x + 10.0,
            y + 18.0
        ));
    }
    text.push_str("</svg>\n");
    text
}

/// How many steps each node is from one that needs nothing; an edge that closes a cycle does not count.
fn depths(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut depth: Vec<Option<usize>> = vec![None; needs.len()];
    let mut entered = vec![false; needs.len()];
    for start in 0..needs.len() {
        let mut pending = vec![(start, false)];
        while let Some((node, left)) = pending.pop() {
            if left {
                let below = needs[node].iter().filter_map(|next| depth[*next]);
                depth[node] = Some(below.max().map_or(0, |below| below + 1));
            } else if !std::mem::replace(&mut entered[node], true) {
                pending.push((node, true));
                pending.extend(needs[node].iter().map(|next| (*next, false)));
            }
        }
    }
    depth.into_iter().map(Option::unwrap_or_default).collect()
}

/// Puts each node near the middle of its neighbours, so that fewer edges cross.
fn arrange(layers: &mut [Vec<usize>], needs: &[Vec<usize>], needed: &[Vec<usize>]) {
    let mut row = vec![0.0; needs.len()];
    let note = |layer: &[usize], row: &mut Vec<f64>| {
        for (position, node) in layer.iter().enumerate() {
            row[*node] = position as f64;
        }
    };
    layers.iter().for_each(|layer| note(layer, &mut row));
    for pass in 0..4 {
        let neighbours = if pass % 2 == 0 { needs } else { needed };
        for layer in layers.iter_mut() {
            let middle = |node: &usize| {
                let near = &neighbours[*node];
                match near.len() {
                    0 => row[*node],
                    count => near.iter().map(|next| row[*next]).sum::<f64>() / count as f64,
                }
            };
            layer.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
            note(layer, &mut row);
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
