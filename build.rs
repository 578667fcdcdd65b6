//! Lists the checklists of `assets/checklists/`, so that another one is a file and nothing else.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a build script reads files and tells cargo on stdout what it depends on")]

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=assets/checklists");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut names: Vec<String> = fs::read_dir(Path::new(&root).join("assets/checklists"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.retain(|name| name.ends_with(".yaml"));
    names.sort();
    let line = |name: &String| {
        let file = format!("assets/checklists/{name}");
        format!("({file:?}, include_str!({:?})),", Path::new(&root).join(&file).to_string_lossy())
    };
    let list = format!("&[{}]", names.iter().map(line).collect::<String>());
    fs::write(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("checklists.rs"), list)
}
