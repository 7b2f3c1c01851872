//! A program that serves: started on a free port, waited for, stopped gently or killed.

use crate::failure::Failure;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Longer no program of ours takes to end when it is asked to.
const ENDS_WITHIN: Duration = Duration::from_secs(15);

/// A running program. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How long it took from the start of the process until it said that it is ready.
    pub(crate) ready_after: Duration,
    output: PathBuf,
}

impl Server {
    /// Starts `command`, which is to listen on `address`, and waits until `/readyz` answers 200. What it writes goes to
    /// the file `output`.
    pub(crate) fn start(command: &mut Command, address: SocketAddr, output: &Path, within: Duration) -> Result<Self, Failure> {
        let file = File::create(output)?;
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()?;
        let mut server = Self { child, address, ready_after: Duration::ZERO, output: output.to_owned() };
        while !is_ready(address) {
            if let Some(status) = server.child.try_wait()? {
                return Err(Failure::new(format!("the server ended with {status} before it was ready:\n{}", server.told())));
            }
            if began.elapsed() > within {
                return Err(Failure::new(format!("the server was not ready within {} s:\n{}", within.as_secs(), server.told())));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = began.elapsed();
        Ok(server)
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn stop(mut self) -> Result<ExitStatus, Failure> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let began = Instant::now();
        while began.elapsed() < ENDS_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(Failure::new(format!("the server did not end within {} s:\n{}", ENDS_WITHIN.as_secs(), self.told())))
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// The last lines it wrote.
    pub(crate) fn told(&self) -> String {
        let text = std::fs::read_to_string(&self.output).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Errors only say that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address on this machine that is free now.
pub(crate) fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Does `/readyz` answer 200?
fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
