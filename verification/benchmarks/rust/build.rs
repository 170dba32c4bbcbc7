//! Makes the code of benchmark.proto, which is never committed: parsed in Rust, without protoc.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use ttrpc_codegen::{Codegen, Customize, ProtobufCustomize};

const PROTO: &str = "ttrpc/benchmark/v1/benchmark.proto";

fn main() -> io::Result<()> {
    let protos = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../src/main/protobuf");
    println!("cargo:rerun-if-changed={}", protos.display());
    generate(&protos)?;
    println!("cargo:rustc-env=TTRPC_VERSION={}", locked_version("ttrpc")?);
    println!("cargo:rustc-env=RUSTC_VERSION={}", rustc_version()?);
    Ok(())
}

/// Messages and the asynchronous service go to `asynchronous`, the synchronous service, which has no streams, to `synchronous`.
fn generate(protos: &Path) -> io::Result<()> {
    let out = PathBuf::from(variable("OUT_DIR"));
    let asynchronous = empty_folder(out.join("asynchronous"))?;
    Codegen::new()
        .out_dir(&asynchronous)
        .include(protos)
        .input(protos.join(PROTO))
        .rust_protobuf()
        .rust_protobuf_customize(ProtobufCustomize::default().gen_mod_rs(true))
        .customize(Customize { async_all: true, gen_mod: true, ..Customize::default() })
        .run()?;
    let unary = out.join("unary");
    let file = unary.join(PROTO);
    fs::create_dir_all(file.parent().expect("a file has a folder"))?;
    let text = fs::read_to_string(protos.join(PROTO))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("(stream ")).collect();
    fs::write(&file, lines.join("\n"))?;
    let synchronous = empty_folder(out.join("synchronous"))?;
    Codegen::new()
        .out_dir(&synchronous)
        .include(&unary)
        .input(file)
        .customize(Customize { gen_mod: true, ..Customize::default() })
        .run()?;
    includable(&asynchronous.join("mod.rs"))?;
    includable(&synchronous.join("mod.rs"))
}

/// Takes the attributes of the whole file away, which cannot stand in a file that is included.
fn includable(file: &Path) -> io::Result<()> {
    let text = fs::read_to_string(file)?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("#![")).collect();
    fs::write(file, lines.join("\n"))
}

fn empty_folder(folder: PathBuf) -> io::Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn locked_version(name: &str) -> io::Result<String> {
    let lock = Path::new(&variable("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    let text = fs::read_to_string(lock)?;
    let wanted = format!("name = \"{name}\"");
    text.lines()
        .skip_while(|line| *line != wanted)
        .nth(1)
        .and_then(|line| line.strip_prefix("version = "))
        .map(|version| version.trim_matches('"').to_string())
        .ok_or_else(|| io::Error::other(format!("Cargo.lock names no version of {name}")))
}

fn rustc_version() -> io::Result<String> {
    let output = Command::new(variable("RUSTC")).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
