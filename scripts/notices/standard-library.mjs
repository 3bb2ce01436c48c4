// What every Rust compiler compiles into the library as well: the standard library, and the crates in it that a program can hold. Cargo
// does not list them. Written down from COPYRIGHT-library.html of the Rust release and from the crates. MIT is taken of all;
// the LLVM exception asks for no notice in a program.
import { readFileSync } from "node:fs";
import { mit } from "./texts.mjs";

const RUST = "Copyright (c) The Rust Project Contributors (https://thanks.rust-lang.org)";
const MUSL = `Copyright (c) 2018 Jorge Aparicio

Portions are derived from musl libc (https://www.musl-libc.org/):
Copyright (c) 2005-2020 Rich Felker, et al.

Much of the math library code is
Copyright (c) 1993,2004 Sun Microsystems or
Copyright (c) 2003-2011 David Schultz or
Copyright (c) 2003-2009 Steven G. Kargl or
Copyright (c) 2003-2009 Bruce D. Evans or
Copyright (c) 2008 Stephen L. Moshier or
Copyright (c) 2017-2018 Arm Limited`;

/** Name, licence, copyright. */
const CRATES = [
  ["addr2line", "Apache-2.0 OR MIT", "Copyright (c) 2016-2018 The gimli Developers"],
  ["adler2", "0BSD OR MIT OR Apache-2.0", "Copyright (c) Jonas Schievink"],
  ["backtrace", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"],
  ["cfg-if", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"],
  ["compiler_builtins", "MIT AND Apache-2.0 WITH LLVM-exception", MUSL],
  ["gimli", "MIT OR Apache-2.0", "Copyright (c) 2015 The Rust Project Developers"],
  ["hashbrown", "MIT OR Apache-2.0", "Copyright (c) 2016 Amanieu d'Antras"],
  ["libc", "MIT OR Apache-2.0", "Copyright (c) The Rust Project Developers"],
  ["memchr", "Unlicense OR MIT", "Copyright (c) 2015 Andrew Gallant"],
  ["miniz_oxide", "MIT OR Zlib OR Apache-2.0", "Copyright (c) 2017 Frommi\nCopyright (c) 2017-2024 oyvindln"],
  ["object", "Apache-2.0 OR MIT", "Copyright (c) 2015 The Gimli Developers"],
  ["rustc-demangle", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"],
  ["std::sync::mpmc", "MIT OR Apache-2.0", "Copyright (c) 2019 The Crossbeam Project Developers"],
  ["windows-link", "MIT OR Apache-2.0", "Copyright (c) Microsoft Corporation."],
];

const NAME = "the Rust standard library";
const unicode = readFileSync(new URL("unicode-3.0.txt", import.meta.url), "utf8").trim();

export const STANDARD_LIBRARY = [
  { name: NAME, licence: "MIT OR Apache-2.0", texts: [mit(RUST)] },
  { name: `${NAME}: tables of characters`, licence: "Unicode-3.0", texts: [unicode] },
  ...CRATES.map(([name, licence, copyright]) => ({ name: `${NAME}: ${name}`, licence, texts: [mit(copyright)] })),
];
