//! What the tests of the command line stand on: the emulator and a relay before it, a scripted server, certificates,
//! stand-in peers, and the one hermetic way to run the command.

pub mod command;
pub mod emulator;
#[cfg(unix)]
pub mod holdings;
#[cfg(unix)]
pub mod kills;
pub mod message;
pub mod peers;
#[cfg(unix)]
pub mod pseudo_terminal;
pub mod relay;
pub mod running;
#[cfg(unix)]
pub mod seat;
pub mod server;
#[cfg(unix)]
pub mod site;
#[cfg(unix)]
pub mod synced;
#[cfg(unix)]
pub mod terminal;
pub mod tls;
