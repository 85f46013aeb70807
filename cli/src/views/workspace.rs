//! What is said about workspaces, and about moving their states.

/// The question before one state is copied to another backend.
pub(crate) fn migrate_one(from: &str, to: &str, nothing_there: bool) -> String {
    if nothing_there {
        return format!(
            "\nDo you want to copy existing state to the new backend?\n  There is a state in the previous backend \
             \"{from}\", and none in the new\n  backend \"{to}\". Enter \"yes\" to copy it, and \"no\" to start with an empty\n  state."
        );
    }
    format!(
        "\nDo you want to copy existing state to the new backend?\n  There is a state in the previous backend \"{from}\", \
         and another one in\n  the new backend \"{to}\". Enter \"yes\" to overwrite the state in the new backend,\n  and \
         \"no\" to use it as it is."
    )
}

/// The question before all states are copied.
pub(crate) fn migrate_all(from: &str, to: &str) -> String {
    format!(
        "\nDo you want to migrate all workspaces to \"{to}\"?\n  There are several workspaces in the backend \"{from}\". \
         Their states are\n  copied under the same names, and overwrite states of these names in the new\n  backend. Enter \"yes\" to copy them all, and \"no\" to stop here."
    )
}

/// What came of moving states to another backend.
pub(crate) fn migrated(from: &str, to: &str, moved: bool) -> String {
    if moved {
        return format!(
            "\nFinished migrating state from backend \"{from}\" to backend \"{to}\".\n"
        );
    }
    format!(
        "\nNothing was copied from backend \"{from}\". The backend \"{to}\" is used from now on.\n"
    )
}

/// That the default workspace is selected, since the other one is not there.
pub(crate) fn back_to_default(name: &str) -> String {
    format!("The backend has no workspace \"{name}\": \"default\" is selected now.\n")
}

/// All workspaces, the selected one marked.
pub(crate) fn list(names: &[String], selected: &str) -> String {
    let line = |name: &String| {
        let mark = if name == selected { "*" } else { " " };
        format!("{mark} {name}\n")
    };
    format!("{}\n", names.iter().map(line).collect::<String>())
}

/// That a workspace was made.
pub(crate) fn created(name: &str, paint: super::paint::Paint) -> String {
    let done = format!("Created and switched to workspace \"{name}\"!");
    format!(
        "{}\n\nIts state is empty: a plan sees nothing of what other workspaces hold.\n",
        paint.bold(&paint.green(&done))
    )
}
