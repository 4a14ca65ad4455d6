//! Rebuilds when a signature file comes or goes: the database is compiled in.

fn main() {
    println!("cargo:rerun-if-changed=signatures");
}
