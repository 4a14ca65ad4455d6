//! What is left to a process after start-up: nothing but what its plan names.
//!
//! Rights are given up for good, and by a process of one thread. So each case runs in a process
//! of its own, this program again, and this program has no test harness, which would start
//! threads.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "system calls by number, some of which no library has")
)]

#[cfg(target_os = "linux")]
#[path = "privilege/attempt.rs"]
mod attempt;
#[cfg(target_os = "linux")]
#[path = "privilege/cases.rs"]
mod cases;
#[cfg(target_os = "linux")]
#[path = "privilege/program.rs"]
mod program;

#[cfg(target_os = "linux")]
fn main() {
    use std::process::Command;

    let mut tests: Vec<Test> = Vec::new();
    if let Some(case) = std::env::var_os(CASE) {
        let case = case.into_string().expect("a name");
        let (_, run) = cases::CASES.iter().find(|(name, _)| *name == case).expect("a case");
        return run();
    }
    for (name, _) in cases::CASES {
        let this = std::env::current_exe().expect("this program");
        tests.push((
            name,
            Box::new(move || {
                let folder = tempfile::tempdir().expect("a temporary folder");
                cases::furnish(folder.path());
                let run = Command::new(&this)
                    .env(CASE, name)
                    .env_remove("SUDO_UID")
                    .env_remove("SUDO_GID")
                    .current_dir(folder.path())
                    .output()
                    .expect("this program runs");
                let said = String::from_utf8_lossy(&run.stderr);
                assert!(run.status.success(), "{}\n{said}", run.status);
                if !said.is_empty() {
                    eprint!("{said}");
                }
            }),
        ));
    }
    tests.extend(program::TESTS.map(|(name, test)| (name, Box::new(test) as Box<dyn Fn()>)));
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    tests.retain(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| name.contains(w)));
    let count = tests.len();
    println!("\nrunning {count} tests");
    for (name, test) in tests {
        test();
        println!("test {name} ... ok");
    }
    println!("\ntest result: ok. {count} passed");
}

/// A sentence and what it says.
#[cfg(target_os = "linux")]
type Test = (&'static str, Box<dyn Fn()>);

/// Names the case that a process is to run.
#[cfg(target_os = "linux")]
const CASE: &str = "VIGIE_PRIVILEGE_CASE";

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: rights are given up on Linux only");
}
