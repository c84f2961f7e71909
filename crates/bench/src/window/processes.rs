//! What a program and all processes that it started take of the machine, as Linux counts it.

use std::{fs, io};

/// How many ticks of the processor's accounting make a second, as Linux shows them to programs.
const TICKS: f64 = 100.0;

/// A program and all that it started.
pub struct Tree {
    processes: Vec<u32>,
}

/// What of a process's line in `/proc/PID/stat` is of use here.
struct Stat {
    parent: u32,
    ticks: u64,
}

impl Tree {
    /// What runs below a process, which itself is not counted.
    ///
    /// # Errors
    ///
    /// If nothing does, or the system has no `/proc`.
    pub fn below(parent: u32) -> io::Result<Self> {
        let mut all = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            // One that has ended meanwhile is none.
            if let Ok(stat) = stat(process) {
                all.push((process, stat.parent));
            }
        }
        let mut processes = vec![parent];
        let mut next = 0;
        while let Some(&of) = processes.get(next) {
            processes.extend(all.iter().filter(|(_, parent)| *parent == of).map(|(process, _)| *process));
            next += 1;
        }
        processes.remove(0);
        if processes.is_empty() { Err(io::Error::other("the program is not running")) } else { Ok(Self { processes }) }
    }

    /// The memory of all of them in MiB: what each has for itself, and its share of what several have.
    ///
    /// # Errors
    ///
    /// If one of them has ended.
    pub fn memory(&self) -> io::Result<f64> {
        self.processes.iter().map(|process| memory(*process)).sum()
    }

    /// The processor time of all of them so far, in seconds.
    ///
    /// # Errors
    ///
    /// If one of them has ended.
    pub fn time(&self) -> io::Result<f64> {
        #[allow(clippy::cast_precision_loss, reason = "the ticks of a run are far below 2^52")]
        self.processes.iter().map(|process| Ok(stat(*process)?.ticks as f64 / TICKS)).sum()
    }
}

fn memory(process: u32) -> io::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kibibytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse::<f64>().ok());
    kibibytes.map(|kibibytes| kibibytes / 1024.0).ok_or_else(|| io::Error::other("smaps_rollup without Pss"))
}

fn stat(process: u32) -> io::Result<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name, in which anything may stand.
    let (_, rest) = text.rsplit_once(')').ok_or_else(|| io::Error::other("stat without a name"))?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let field = |index: usize| {
        let number = fields.get(index).and_then(|field| field.parse::<u64>().ok());
        number.ok_or_else(|| io::Error::other("stat with too few fields"))
    };
    let parent = u32::try_from(field(1)?).map_err(io::Error::other)?;
    Ok(Stat { parent, ticks: field(11)? + field(12)? })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_a_process_started_is_counted_and_nothing_else() {
        assert!(memory(std::process::id()).unwrap() > 0.5);
        assert!(stat(std::process::id()).is_ok());
        let mut child = Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let tree = Tree::below(std::process::id()).unwrap();
        assert!(tree.processes.contains(&child.id()));
        assert!(!tree.processes.contains(&std::process::id()));
        assert!(Tree::below(child.id()).is_err());
        assert!(memory(child.id()).unwrap() < memory(std::process::id()).unwrap());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
