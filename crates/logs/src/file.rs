//! A file that is set aside when it has grown, of which a few are kept. Two programs may write into the same one.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The size at which a file is set aside, in bytes.
const LARGE: u64 = 1 << 20;

/// How many are kept beside the one that is written.
const KEPT: u32 = 3;

/// The file that lines are appended to.
pub struct LogFile {
    dir: PathBuf,
    program: String,
    file: File,
}

impl LogFile {
    /// Opens the log of a program, and makes the folder if it is missing. Only its owner may look into either.
    ///
    /// # Errors
    ///
    /// If it cannot be written there.
    pub fn open(dir: &Path, program: &str) -> io::Result<Self> {
        let mut folder = DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(dir)?;
        let file = append(&dir.join(format!("{program}.log")))?;
        Ok(Self { dir: dir.to_owned(), program: program.to_owned(), file })
    }

    /// Appends a line, in one piece.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_full(line)? {
            // Another program may have set it aside already.
            self.file = append(&self.path(0))?;
            if self.is_full(line)? {
                self.set_aside();
                self.file = append(&self.path(0))?;
            }
        }
        self.file.write_all(line)
    }

    fn is_full(&self, line: &[u8]) -> io::Result<bool> {
        let (size, more) = (self.file.metadata()?.len(), line.len() as u64);
        Ok(size > 0 && size + more > LARGE)
    }

    /// Makes room under the name of the log. The oldest one goes.
    fn set_aside(&self) {
        for age in (0..KEPT).rev() {
            // One that is not there, or is another program's by now, need not be moved.
            let _ = fs::rename(self.path(age), self.path(age + 1));
        }
    }

    /// The file that was set aside so many times; 0 is the one that is written.
    fn path(&self, age: u32) -> PathBuf {
        let program = &self.program;
        self.dir.join(if age == 0 { format!("{program}.log") } else { format!("{program}.{age}.log") })
    }
}

fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(dir: &Path) -> Vec<(String, u64)> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len())
        };
        let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(entry).collect();
        all.sort();
        all
    }

    #[test]
    fn a_few_are_kept_and_none_grows_beyond_its_size() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = LogFile::open(dir.path(), "one").unwrap();
        let line = |number: u32| format!("{number:>9}{}\n", " ".repeat(190_000)).into_bytes();
        (0..40).for_each(|number| log.write(&line(number)).unwrap());
        let sizes = sizes(dir.path());
        let names: Vec<_> = sizes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["one.1.log", "one.2.log", "one.3.log", "one.log"]);
        assert!(sizes.iter().all(|(_, size)| *size <= LARGE), "{sizes:?}");
        let first = |name: &str| {
            let text = fs::read_to_string(dir.path().join(name)).unwrap();
            text.split_whitespace().next().unwrap().parse::<u32>().unwrap()
        };
        assert_eq!(["one.log", "one.1.log", "one.2.log", "one.3.log"].map(first), [35, 30, 25, 20]);
    }

    #[test]
    fn two_programs_write_into_one_and_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut logs = [LogFile::open(dir.path(), "one").unwrap(), LogFile::open(dir.path(), "one").unwrap()];
        let line = |number: usize| format!("{number:>9}{}\n", " ".repeat(100_000)).into_bytes();
        (0..30).for_each(|number| logs[number % 2].write(&line(number)).unwrap());
        let texts = sizes(dir.path()).into_iter().map(|(name, _)| fs::read_to_string(dir.path().join(name)).unwrap());
        let mut numbers: Vec<usize> = texts
            .flat_map(|text| text.split_whitespace().map(|word| word.parse().unwrap()).collect::<Vec<_>>())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..30).collect::<Vec<_>>());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_into_it() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        LogFile::open(&folder, "one").unwrap().write(b"x\n").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("one.log"))), (0o700, 0o600));
    }

    #[test]
    fn where_no_folder_can_be_there_is_no_log() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a file");
        fs::write(&file, "").unwrap();
        assert!(LogFile::open(&file, "one").is_err());
    }
}
