//! What makes things fail: strace, which has system calls answer with errors or late; libfiu, which does the same to calls
//! of the C library; and file systems of the test's own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::directory::copy;
use crate::support::{Directory, Server, eventually};

/// strace on a running server.
pub struct Strace {
    process: Child,
    folder: TempDir,
}

impl Strace {
    /// Attaches it with these arguments; every thread of the server is traced when this returns.
    pub fn attach(server: &Server, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("strace")
            .args(["-f", "-y", "-o"])
            .arg(folder.path().join("log"))
            .args(arguments)
            .arg("-p")
            .arg(server.pid().as_raw_nonzero().to_string())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("these tests run strace: {error}"));
        let mut said = BufReader::new(process.stderr.take().unwrap());
        let mut first = String::new();
        said.read_line(&mut first).unwrap();
        assert!(first.contains("attached"), "strace must be allowed to attach, as root is: {first}");
        std::thread::spawn(move || said.lines().count());
        Self { process, folder }
    }

    /// What it has seen so far: one line a call.
    pub fn seen(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Lets go of the server, for which everything works again, and gives what was seen.
    pub fn detach(mut self) -> String {
        self.end(Signal::INT);
        self.seen()
    }

    fn end(&mut self, signal: Signal) {
        // It ends by itself with the server.
        let _ = kill_process(Pid::from_child(&self.process), signal);
        let _ = self.process.wait();
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.end(Signal::KILL);
        }
    }
}

/// The segment that the server writes.
pub fn journal(server: &Server) -> String {
    server.directory.segments().last().unwrap().to_str().unwrap().to_owned()
}

/// libfiu in a server, steered by `fiu-ctrl`.
pub struct Fiu {
    pipes: String,
    process: String,
}

impl Fiu {
    /// Starts a server with it.
    pub fn serve(directory: Directory) -> (Server, Self) {
        let pipes = directory.data().join("fiu").to_str().unwrap().to_owned();
        let libraries = ["run", "posix"].map(|name| format!("/usr/lib/fiu/fiu_{name}_preload.so"));
        assert!(libraries.iter().all(|library| Path::new(library).exists()), "these tests use libfiu");
        let environment = [("LD_PRELOAD", libraries.join(" ")), ("FIU_CTRL_FIFO", pipes.clone())];
        let server = Server::serve_in(directory, &environment);
        let process = server.pid().as_raw_nonzero().to_string();
        (server, Self { pipes, process })
    }

    /// From now on this call fails with this error number.
    pub fn fail(&self, call: &str, errno: u32) {
        self.control(&format!("enable name={call},failinfo={errno}"));
    }

    /// From now on it works again.
    pub fn mend(&self, call: &str) {
        self.control(&format!("disable name={call}"));
    }

    fn control(&self, command: &str) {
        run(Command::new("fiu-ctrl").args(["-f", &self.pipes, "-c", command, &self.process]));
    }
}

/// A file system of the test's own, at `disk` in a directory whose data lies on it.
pub struct Disk {
    mounted: PathBuf,
}

impl Disk {
    /// So many MiB of memory; documents leave `reserve` bytes of it.
    pub fn of_memory(directory: &Directory, mebibytes: u32, reserve: u64) -> Self {
        let mounted = directory.path().join("disk");
        fs::create_dir(&mounted).unwrap();
        run(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"]).arg(&mounted));
        let disk = Self { mounted };
        disk.take_data(directory, reserve);
        disk
    }

    /// A little memory, for the keys alone.
    pub fn of_keys(directory: &Directory) -> Self {
        let keys = directory.path().join("keys");
        let kept = tempfile::tempdir().unwrap();
        copy(&keys, kept.path());
        run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs"]).arg(&keys));
        let disk = Self { mounted: keys };
        copy(kept.path(), &disk.mounted);
        disk
    }

    /// An ext4 in a file, which becomes read-only at the first error.
    pub fn of_file(directory: &Directory, mebibytes: u32) -> Self {
        let mounted = directory.path().join("disk");
        fs::create_dir(&mounted).unwrap();
        let image = image(&mounted);
        run(Command::new("truncate").arg("-s").arg(format!("{mebibytes}M")).arg(&image));
        run(Command::new("mkfs.ext4").arg("-q").arg(&image));
        let disk = Self { mounted };
        disk.mount();
        disk.take_data(directory, 0);
        disk
    }

    /// Has the kernel find an error in the ext4: from now on it is read-only, and what was not synced is lost.
    pub fn break_down(&self) {
        let device = run(Command::new("losetup").args(["--noheadings", "-O", "NAME", "-j"]).arg(image(&self.mounted)));
        let device = Path::new(device.trim()).file_name().unwrap().to_owned();
        fs::write(Path::new("/sys/fs/ext4").join(device).join("trigger_fs_error"), "1").unwrap();
    }

    /// What an operator does then: takes it away, has it checked and mounts it again.
    pub fn repair(&self) {
        eventually("the end of all use", || {
            Command::new("umount").arg(&self.mounted).output().unwrap().status.success().then_some(())
        });
        // 1: errors were corrected.
        let checked = Command::new("e2fsck").arg("-fy").arg(image(&self.mounted)).output().unwrap();
        assert!(checked.status.code().is_some_and(|code| code <= 1), "{checked:?}");
        self.mount();
    }

    /// Takes space until so many MiB are left, as other programs do.
    pub fn leave(&self, mebibytes: u64) {
        let left = mebibytes << 20;
        let system = rustix::fs::statvfs(&self.mounted).unwrap();
        let free = system.f_bavail * system.f_frsize;
        assert!(free >= left, "{free} bytes are free");
        let bytes = (free - left).to_string();
        let filler = self.filler();
        let before = fs::metadata(&filler).map_or(0, |metadata| metadata.len());
        run(Command::new("fallocate").args(["-o", &before.to_string(), "-l", &bytes]).arg(filler));
    }

    /// Gives that space back.
    pub fn clear(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.mounted.join("filler")
    }

    fn mount(&self) {
        run(Command::new("mount").args(["-o", "loop,errors=remount-ro"]).arg(image(&self.mounted)).arg(&self.mounted));
    }

    fn take_data(&self, directory: &Directory, reserve: u64) {
        let data = self.mounted.join("data");
        fs::create_dir(&data).unwrap();
        copy(&directory.data(), &data);
        fs::remove_dir_all(directory.data()).unwrap();
        // Everything that looks for the data looks there.
        std::os::unix::fs::symlink(&data, directory.data()).unwrap();
        directory.edit_config(|text| {
            let data = format!("directory = {data:?}\nreserve_bytes = {reserve}");
            text.replacen("directory = \"data\"", &data, 1)
        });
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a server that the test has not ended still uses it.
        let _ = Command::new("umount").arg("-l").arg(&self.mounted).output();
    }
}

fn image(mounted: &Path) -> PathBuf {
    mounted.with_extension("image")
}

/// Runs a program that must do well; gives what it printed.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// `strongroom check`, which must find that all is well.
pub fn check(directory: &Directory) {
    run(Command::new(env!("CARGO_BIN_EXE_strongroom")).args(["check", "--config"]).arg(directory.config()));
}
