//! What `init` says.

use std::collections::BTreeMap;

use infra_engine::lang::config::Installed;
use serde_json::json;

use super::paint::Paint;
use crate::context::Context;

/// Says it to people, or as a message; what has no code of Terraform's is one for a log.
pub(crate) fn say(cx: &Context, code: &str, text: &str) {
    tell_programs(cx, code, text);
    cx.print(text);
}

/// Says it to programs only.
pub(crate) fn tell_programs(cx: &Context, code: &str, text: &str) {
    let Some(machine) = &cx.machine else { return };
    let (ty, more) = match code {
        "" => ("log", json!({})),
        code => ("init_output", json!({ "message_code": code })),
    };
    for line in text.trim().lines().filter(|line| !line.is_empty()) {
        machine.say("info", line, ty, more.clone());
    }
}

/// That a module was fetched.
pub(crate) fn installed(name: &str, module: &Installed) -> String {
    let version = module.version.as_ref().map(|version| format!(" {version}"));
    format!(
        "Downloading {}{} for {name}...\n- {name} in {}\n",
        module.source,
        version.unwrap_or_default(),
        module.dir
    )
}

/// That there is nothing here.
pub(crate) fn empty(paint: Paint) -> String {
    format!(
        "{}\n\nThere is no configuration here yet. Write a .tf file, and try infra plan.\n",
        paint.bold(&paint.green("The folder is empty."))
    )
}

/// That another backend is used from now on.
pub(crate) fn configured(ty: &str, paint: Paint) -> String {
    let text = format!("Successfully configured the backend \"{ty}\"!");
    format!("\n{}\nIt is used until its configuration changes.\n\n", paint.green(&text))
}

/// Where the state is, and which providers are used.
pub(crate) fn found(store: Option<&str>, providers: &BTreeMap<String, String>) -> String {
    let mut text = store.map(|store| format!("State: {store}\n")).unwrap_or_default();
    for (name, version) in providers {
        text.push_str(&format!(
            "Provider: {name}, with the schema of version {version} (built in)\n"
        ));
    }
    text
}

/// Says that all is there.
pub(crate) fn ready(cx: &Context) {
    let (ready, advice) = ("The configuration is ready.", "Try infra plan.");
    tell_programs(cx, "output_init_success_message", ready);
    let text = if cx.in_automation() {
        ready.to_owned()
    } else {
        tell_programs(cx, "output_init_success_cli_message", advice);
        format!("{ready} {advice}")
    };
    let paint = cx.paint();
    cx.print(&format!("\n{}\n", paint.bold(&paint.green(&text))));
}
