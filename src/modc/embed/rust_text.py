"""The parts of the Rust crate that are the same in every export: Cargo.toml, build.rs, errors, results of open size.

@NAME@ stands for the export's name, @CRATE@ for the crate's. No newer Rust than 1.63. Neighbours: `rust`.
"""

from __future__ import annotations

CARGO = """\
[package]
name = "@CRATE@"
version = "@VERSION@"
edition = "2021"
rust-version = "1.63"
description = "@TITLE@, written by modc"
build = "build.rs"

[lib]
path = "src/lib.rs"

[features]
default = ["std"]
# Without it the crate is no_std; it loses `impl std::error::Error for Error`.
std = []
"""

BUILD = """\
//! Compiles csrc/@NAME@.c with CC (default: cc) and AR (default: ar). Nothing is downloaded.
//! For another machine than this one set CC_target and AR_target, such as CC_aarch64_unknown_linux_gnu.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    let out = PathBuf::from(variable("OUT_DIR"));
    let (object, library) = (out.join("@NAME@.o"), out.join("lib@NAME@_modc.a"));
    let level = variable("OPT_LEVEL").replace('z', "s");
    // Products and sums stay two roundings on every machine, as in modc itself.
    run(tool("CC", "cc")
        .args(["-std=c99", "-ffp-contract=off", "-fPIC", "-c", "csrc/@NAME@.c"])
        .arg(format!("-O{level}"))
        .args(words("CFLAGS"))
        .arg("-o")
        .arg(&object));
    run(tool("AR", "ar").arg("crs").arg(&library).arg(&object));
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=@NAME@_modc");
    if !["none", "windows"].contains(&variable("CARGO_CFG_TARGET_OS").as_str()) {
        println!("cargo:rustc-link-lib=m");
    }
    for file in ["build.rs", "csrc/@NAME@.c", "csrc/@NAME@.h"] {
        println!("cargo:rerun-if-changed={file}");
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for build.rs"))
}

/// The words of NAME_target, TARGET_NAME or NAME, the first that is set.
fn words(name: &str) -> Vec<String> {
    let target = variable("TARGET").replace('-', "_");
    for key in [format!("{name}_{target}"), format!("TARGET_{name}"), name.to_string()] {
        println!("cargo:rerun-if-env-changed={key}");
        let text = env::var(&key).unwrap_or_default();
        if !text.trim().is_empty() {
            return text.split_whitespace().map(str::to_string).collect();
        }
    }
    Vec::new()
}

fn tool(name: &str, fallback: &str) -> Command {
    let words = words(name);
    if words.is_empty() && name == "CC" && variable("TARGET") != variable("HOST") {
        let target = variable("TARGET");
        panic!("set CC_{} to a C compiler for {target}", target.replace('-', "_"));
    }
    let mut command = Command::new(words.first().map_or(fallback, String::as_str));
    command.args(words.iter().skip(1));
    command
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => (),
        Ok(status) => panic!("{command:?}: {status}"),
        Err(error) => panic!("{command:?} cannot be started: {error}; set CC and AR"),
    }
}
"""

HEAD = """\
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(rustfmt, rustfmt_skip)]
// Names and numbers are the model's.
#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]
#![allow(clippy::approx_constant, clippy::excessive_precision, clippy::inherent_to_string)]
#![allow(clippy::inherent_to_string_shadow_display, clippy::len_without_is_empty)]
#![allow(clippy::should_implement_trait, clippy::too_many_arguments, clippy::type_complexity)]
#![allow(clippy::wrong_self_convention)]

use core::fmt;
use core::mem::MaybeUninit;
"""

COMMON = """\
/// Why a Method could not be called. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    code: ffi::Int,
}

impl Error {
    /// A slice has a size that there is no room for, or that does not go with its elements.
    pub const SIZE: Error = Error { code: @SIZE_CODE@ };

    /// The code of the C function, or -1 for `SIZE`.
    pub fn code(self) -> i32 {
        #[allow(clippy::unnecessary_cast)] // it has 16 bits on some machines
        let code = self.code as i32;
        code
    }

    /// One sentence.
    pub fn message(self) -> &'static str {
        if self == Error::SIZE {
            return "@SIZE_TEXT@";
        }
        let mut length = 0;
        // SAFETY: the function returns a constant that ends with a zero byte, whatever the code is.
        let bytes = unsafe {
            let start = ffi::@NAME@_error(self.code);
            while *start.add(length) != 0 {
                length += 1;
            }
            core::slice::from_raw_parts(start, length)
        };
        core::str::from_utf8(bytes).unwrap_or("unknown code")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.message())
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Error {}
"""

OPEN = """\
/// A result of open size: row-major elements, which are its slice, and the size of each axis.
#[derive(Clone, Copy)]
pub struct Open<T, const MOST: usize, const AXES: usize> {
    elements: [T; MOST],
    sizes: [usize; AXES],
}

impl<T, const MOST: usize, const AXES: usize> Open<T, MOST, AXES> {
    /// The size of each axis.
    pub fn sizes(&self) -> [usize; AXES] {
        self.sizes
    }
}

impl<T, const MOST: usize, const AXES: usize> core::ops::Deref for Open<T, MOST, AXES> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.elements[..self.sizes.iter().product()]
    }
}

impl<T: fmt::Debug, const MOST: usize, const AXES: usize> fmt::Debug for Open<T, MOST, AXES> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Open").field("sizes", &self.sizes).field("elements", &&self[..]).finish()
    }
}
"""

CHECK = """\
fn check(code: ffi::Int) -> Result<(), Error> {
    if code == 0 { Ok(()) } else { Err(Error { code }) }
}
"""

MODEL = """\
/// @TITLE@: one instance, @BYTES@ bytes.
#[derive(Clone)]
#[repr(transparent)]
pub struct Model {
    state: ffi::State,
}

impl fmt::Debug for Model {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Model").finish_non_exhaustive()
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}
"""

WHOLE = """\
/// Bytes of a state.
pub const STATE_BYTES: usize = @BYTES@;

/// @NEW@
pub fn new() -> Self {
    let mut place = MaybeUninit::uninit();
    Self::init(&mut place);
    // SAFETY: init has written it.
    unsafe { place.assume_init() }
}

/// As `new`, on the heap: for a state that is too large for the stack.
#[cfg(feature = "std")]
pub fn boxed() -> Box<Self> {
    let layout = std::alloc::Layout::new::<Self>();
    // SAFETY: a state has a size, `init` writes it, and the Box frees what was allocated for it.
    unsafe {
        let place = std::alloc::alloc(layout).cast::<MaybeUninit<Self>>();
        if place.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        Self::init(&mut *place);
        Box::from_raw(place.cast())
    }
}

/// As `new`, in memory that is already there, such as a static.
pub fn init(place: &mut MaybeUninit<Self>) -> &mut Self {
    // SAFETY: a Model is a State, and the C function writes every byte of it.
    unsafe {
        ffi::@NAME@_init(place.as_mut_ptr().cast());
        &mut *place.as_mut_ptr()
    }
}

/// @RESET@
pub fn reset(&mut self) {
    // SAFETY: the state is a whole one.
    unsafe { ffi::@NAME@_reset(&mut self.state) }
}

/// The struct of C, with every member as a field.
pub fn state(&self) -> &ffi::State {
    &self.state
}

/// The struct of C, to be changed.
///
/// # Safety
///
/// Sizes must stay within their limits, and bytes that are bools must stay 0 or 1.
pub unsafe fn state_mut(&mut self) -> &mut ffi::State {
    &mut self.state
}
"""

LOAD = """\
/// The bytes that `load` takes.
pub const INITIAL: &'static [u8] = include_bytes!("../csrc/@NAME@.bin");

/// Takes the initial values: `INITIAL`, or a file like it. `Error::SIZE` for anything else.
pub fn load(&mut self, blob: &[u8]) -> Result<(), Error> {
    // SAFETY: the function reads `blob.len()` bytes at most.
    let code = unsafe { ffi::@NAME@_load(&mut self.state, blob.as_ptr(), blob.len()) };
    if code == 0 { Ok(()) } else { Err(Error::SIZE) }
}
"""
