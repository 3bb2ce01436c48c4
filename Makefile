# Everything a newcomer or CI runs. Needs Rust, Node.js 20, a C and C++ compiler and make; the rest is installed from here.

SHELL := bash
, := ,
.SHELLFLAGS := -euo pipefail -c
# The compiler of the C programs; CARGO_TARGET_DIR is respected throughout. On Windows Rust's own choice, MSVC, must stay.
ifneq ($(OS),Windows_NT)
export CC ?= cc
endif
# A test compares the checked-in header with the generated one; a build that rewrote it would hide a difference.
export SR_HEADER := check
# A whole run builds each thing once: what a second build would reuse is gigabytes.
export CARGO_INCREMENTAL ?= 0
# What runs here talks to 127.0.0.1, which a proxy would look for on its own machine.
export NO_PROXY := 127.0.0.1,localhost$(addprefix $(,),$(or $(NO_PROXY),$(no_proxy)))
export no_proxy := $(NO_PROXY)
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
CARGO_DENY := $(CURDIR)/build/tools/bin/cargo-deny
CARGO_DENY_VERSION := 0.20.2
CARGO_C := $(CURDIR)/build/tools/bin/cargo-cinstall
# The latest for Rust 1.95; a newer one wants a newer Rust.
CARGO_C_VERSION := 0.10.24
PREFIX ?= /usr/local
# They are built once and run for seconds: the fastest build, and nothing of it is kept.
install_tool = CARGO_PROFILE_DEV_DEBUG=0 cargo install $(1) --locked --debug --root $(CURDIR)/build/tools --target-dir $(TARGET)/tools && rm -rf $(TARGET)/tools
CARGO_FUZZ := $(CURDIR)/build/tools/bin/cargo-fuzz
CARGO_FUZZ_VERSION := 0.13.2

.PHONY: help demo test test-long check check-names check-notices check-release deny notices tools docs test-rust test-loom test-portable \
  test-browser test-store store-server store-server-lock test-web test-beside test-targeting test-node test-package test-electron test-npm test-runners test-segment test-preload test-packagers test-qt test-sdl test-win32 test-gtk test-arm64 test-arm64-short test-arm32 test-windows test-windows-short check-macos test-support web-packages \
  node-package node-backends npm-tools library install test-install dist dist-all test-dist dist-npm test-npm-platforms crash-test torture bench fuzz \
  sanitize clean

help: ## Say what there is to make
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s $$'\t'

demo: ## Replay real recordings from C and watch them in the browser
	@node scripts/demo.mjs

# A change is told by what it did, not by new cases: those come each night (nightly.yml), and in most targets by themselves.
test: export SR_SEED ?= 20
test: tools check docs test-rust test-targeting test-browser test-store test-web test-node test-electron test-segment test-windows-short ## What every change has to pass, in forty minutes on two cores

test-long: deny test-beside test-package test-runners test-preload test-packagers test-npm test-arm64-short ## What CI runs besides on every change: licences, peers side by side, packed packages in other people's tools, arm64

check: check-names check-notices ## Formatting and lints, whether what docs, comments and CI name is there, and the notices are true
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo metadata --locked --format-version 1 --manifest-path benches/rust/Cargo.toml > /dev/null

check-names: ## Paths, sections and commands that docs and comments cite; the workflows in .github
	cd scripts/check && $(NPM_CI) && npm test --silent

check-notices: web-packages ## Whether THIRD-PARTY-NOTICES.txt is what the library and the recorder of pages hold
	cd scripts/notices && node --test && node notices.mjs --check

notices: web-packages ## Write THIRD-PARTY-NOTICES.txt, when a dependency has changed
	node scripts/notices/notices.mjs

deny: $(CARGO_DENY) ## Licences, sources and known vulnerabilities of what we depend on
	$(CARGO_DENY) --all-features check licenses bans sources
	@if timeout 20 git ls-remote --exit-code https://github.com/RustSec/advisory-db main > /dev/null 2>&1; then \
	  set -x; $(CARGO_DENY) --all-features check advisories; \
	else echo 'Advisories were NOT checked: the RustSec database can not be reached from here.'; fi

$(CARGO_DENY):
	$(call install_tool,cargo-deny --version $(CARGO_DENY_VERSION) --no-default-features)

tools: ## What the tests need of the distribution: Chromium, valgrind, clang, CMake …
	@scripts/install-tools.sh

docs: ## The reference of both headers, in build/docs/html; a function without its comment is an error
	mkdir -p build && doxygen docs/Doxyfile

test-rust: test-loom ## The library, the viewer, and C, C++ and Python programs against both
	cargo test --workspace --no-fail-fast

test-portable: ## What of it needs no Linux: the library's and the viewer's own tests, and a release build
	cargo test --workspace --lib
	cargo build --release --workspace

test-loom: ## The lock-free part in every order that the memory model allows
	scripts/loom.sh

test-browser: test-support web-packages ## What the C host and the web-view host recorded, played in Chromium
	cargo build --workspace
	cd bindings/web && npm run build
	cd viewer/web && $(NPM_CI) && npm run check
	cd tests/browser && npm test

# Into a folder of its own, by what the lock file names with its hashes: nothing of the machine's Python is changed.
store-server: build/store-server

build/store-server: tests/store/requirements.txt
	rm -rf $@ $@.new
	python3 -m pip install --quiet --disable-pip-version-check --no-compile --only-binary :all: --require-hashes --target $@.new -r $<
	mv $@.new $@
	touch $@

store-server-lock: ## Write tests/store/requirements.txt anew
	python3 -m venv build/store-lock
	build/store-lock/bin/pip install --quiet uv
	build/store-lock/bin/uv pip compile --quiet --universal --upgrade --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
	  tests/store/requirements.in --output-file tests/store/requirements.txt

# The viewer alone would be built anew: without the library its dependencies have other features.
test-store: store-server ## Two viewers on one bucket of a real S3 server
	cargo build --workspace
	cd tests/store && npm test

test-web: test-support web-packages ## The recorder of web views in Chromium, its masking beside the browser SDK's
	cd bindings/web && npm test

test-node: node-backends ## The Node.js package through koffi and ffi-napi, packed and soaked too
	cd bindings/node && npm test

test-package: node-backends ## What the npm package holds: its types in other projects, its files where they are not beside it
	cd tests/package && $(NPM_CI) --ignore-scripts && npm test

test-electron: test-support node-package ## Electron's main process and pages: from a window to the replay
	cd bindings/web && npm run build
	cd bindings/node && npm run test-electron

test-beside: test-support node-package ## The same pages recorded by Amplitude's browser SDK, our recorder of web views and our Electron preload script: part by part
	cd bindings/web && npm run build
	cd tests/beside && $(NPM_CI) --ignore-scripts && npm test

test-targeting: ## Random targeting rules (SR_CASES=100000, SR_SEED=…), decided by the library and by what the browser SDK evaluates them with
	cd tests/targeting && $(NPM_CI) --ignore-scripts && npm test
	mkdir -p $(TARGET) && node tests/targeting/cases.mjs $(TARGET)/targeting-cases.jsonl
	SR_TARGETING_CASES=$(TARGET)/targeting-cases.jsonl cargo test --workspace --lib new_cases_are_decided_alike -- --ignored --nocapture

# What the targets above share, each done once.
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

# What the suites share needs Chromium's driver and a bundler.
test-support:
	cd tests/support && $(NPM_CI) --ignore-scripts

web-packages:
	cd bindings/web && $(NPM_CI)

# No package's scripts have to run. The preload script holds the recorder of web views.
node-package: web-packages
	cargo build --workspace
	cd bindings/node && $(NPM_CI) --ignore-scripts && npm run --silent build

# ffi-napi has to be compiled.
node-backends: node-package
	cd bindings/node && npm run --silent build-ffi-napi

# The tools of the four suites in tests/npm. Some are other versions of Node.js, and `npm run` would take one of those for `node`.
npm-tools:
	cd tests/npm && $(NPM_CI) --ignore-scripts

test-runners: node-package npm-tools ## The npm package in jest, vitest, node:test and Sinon: recorded for real, mocked, spied on
	cd tests/npm && node --test --test-concurrency=1 --test-timeout=900000 runners/runners.test.mjs

test-npm: node-package npm-tools ## The packed npm packages, from a registry, in package managers, bundlers, single executables and runtimes
	cd tests/npm && node run.mjs

test-segment: test-support node-backends ## Segment's and Amplitude's own libraries, in Node.js and Chromium: both servers agree
	cd tests/segment && $(NPM_CI) --ignore-scripts && npm test && SESSION_REPLAY_BACKEND=ffi-napi node --test node.test.mjs hostile.test.mjs

test-preload: test-support node-package npm-tools ## An Electron app's own preload script, as each tool builds it, in Chromium's sandbox
	cd tests/npm && node --test --test-concurrency=1 preload/preload.test.mjs preload/types.test.mjs

test-packagers: node-package npm-tools ## Electron apps packed by electron-builder and Electron Forge, and run as they were packed
	cd tests/npm && node --test --test-concurrency=1 --test-timeout=1500000 packagers/packagers.test.mjs

# Not part of `test`: two versions of Qt are much to install.
test-qt: test-support web-packages ## Programs with Qt widgets, a web view and Qt Quick, used by a script: the replay beside the screen; and apps that do their worst
	@scripts/install-tools.sh qt
	cargo build --workspace
	cd bindings/web && npm run build
	cd tests/qt && npm test

test-sdl: test-support ## A program with SDL2, OpenGL and Dear ImGui, used by a script; contexts of each kind; hosts that do their worst
	@scripts/install-tools.sh sdl
	cargo build --workspace
	cd tests/sdl && npm test

test-win32: test-support ## The Win32 adapter compiled by MinGW; with SR_WINDOWS, a folder with the library for Windows, run under Wine too
	@scripts/install-tools.sh win32
	cd tests/win32 && npm test

# Not part of `test`: two versions of GTK and of WebKitGTK are much to install.
test-gtk: test-support web-packages ## A GTK 4 and a GTK 3 program, used by a script: its replay beside the screen; and apps that do their worst
	@scripts/install-tools.sh gtk
	cargo build --workspace
	cd tests/gtk && npm test

# Not part of `test`: each builds everything once more. docs/reference/platforms.md has what was seen.
test-arm64: ## The library and its tests built for arm64 Linux, run by qemu; SUITES='--test storage' takes one
	scripts/cross.sh arm64 $(SUITES)

test-arm64-short: ## The library built for arm64, with C programs that are killed, start anew, fork and unload it: part of `test-long`
	scripts/cross.sh arm64-short

test-arm32: ## The same for 32-bit ARM (armv7)
	scripts/cross.sh arm32 $(SUITES)

test-windows: ## The same for Windows (MinGW), run by Wine; SR_KILLS=1000 kills so often
	scripts/cross.sh windows $(SUITES)

test-windows-short: ## Of it the journal's unit tests, unloading, and a C program that is killed; `make test` runs these
	cargo build --workspace
	scripts/cross/windows-short.sh

check-macos: ## Compile the library for macOS, and link it as far as that goes without Apple's frameworks
	scripts/cross/macos.sh

# As CMake builds it: see CMakeLists.txt. `cargo build --release` makes the crate for Rust as well, and then cargo passes over `lto`.
library: ## The C libraries as they are shipped, in target/release; FEATURES='--no-default-features --features tls' leaves something out
	cargo rustc --release --package session-replay --lib --crate-type cdylib,staticlib $(FEATURES) -- -C llvm-args=-inline-threshold=30

install: $(CARGO_C) ## Install the library, shared and static, its headers and its pkg-config file under PREFIX (/usr/local)
	PATH="$(dir $(CARGO_C)):$$PATH" cargo cinstall --release --prefix "$(PREFIX)" --libdir lib
	cmake -DPREFIX="$(PREFIX)" -P cmake/AfterCargoC.cmake

# Not part of `test`: cargo-c alone takes minutes to build. There CMake installs the same, and is tested.
test-install: tools ## Install with cargo-c, and use what is there from CMake and through pkg-config
	rm -rf build/installed
	$(MAKE) install PREFIX="$(CURDIR)/build/installed"
	SR_INSTALLED="$(CURDIR)/build/installed" cargo test --test packaging -- --ignored

$(CARGO_C):
	$(call install_tool,cargo-c --version $(CARGO_C_VERSION))

dist: ## The archive that users download for this platform, in build/dist
	node scripts/dist.mjs

dist-all: ## The archives for Linux (x86-64 and arm64, glibc 2.28 and musl) and Windows x86-64, from one Linux; PLATFORMS='linux-arm64' takes one
	@scripts/cross/install-tools.sh dist
	scripts/cross/with-zig.sh node scripts/dist.mjs $(or $(PLATFORMS),linux-x64 linux-arm64 linux-x64-musl linux-arm64-musl win32-x64)

test-dist: ## A program built from each of those archives and nothing else, run under qemu and Wine
	cargo build --package session-replay-viewer
	node --test --test-concurrency=1 tests/archives/archives.test.mjs

# Without NPM=--some a missing archive is an error: a release needs that of each platform.
dist-npm: web-packages ## The npm packages, in build/dist: for each archive there one with its library, and the one that brings them; NPM=--some packs what is there
	cd bindings/node && $(NPM_CI) --ignore-scripts && npm run --silent build
	node scripts/dist-npm.mjs $(NPM)

test-npm-platforms: export NPM = --some
test-npm-platforms: dist-npm ## Those packages, installed by npm and run by Node.js of each platform: natively, under qemu and Wine
	@scripts/cross/install-tools.sh dist
	cargo build --package session-replay-viewer
	node --test --test-concurrency=1 tests/archives/npm.test.mjs

check-release: ## Whether all that names a version names that of TAG (v1.2.3), and CHANGELOG.md has its section
	node scripts/check/versions.mjs $(TAG)

crash-test: ## Kill a recording host SR_KILLS times (5000) and compare what was accepted with what arrived
	SR_KILLS=$${SR_KILLS:-5000} cargo test --test crash --test view_crash -- --nocapture
	SR_KILLS=$${SR_KILLS_HELD:-300} cargo test --test on_error -- --nocapture
	SR_KILLS=$${SR_KILLS_RESEND:-500} cargo test --test resend -- --nocapture

# Hours; a few rounds of each kind are part of `cargo test`.
torture: ## Hosts that are killed, whose storage calls fail, whose directories are copied and cut: for SR_MINUTES (240), by SR_SEED
	SR_MINUTES=$${SR_MINUTES:-240} cargo test --test torture -- --nocapture

bench: ## Us beside our peers; BENCH='--quick whole' for a first look at one part
	@scripts/install-tools.sh bench
	$(MAKE) --no-print-directory library
	node benches/bench.mjs $${BENCH:-}

sanitize: tools ## The library and its C and C++ programs under AddressSanitizer, UBSan, ThreadSanitizer and valgrind
	scripts/sanitize.sh address
	scripts/sanitize.sh thread
	scripts/sanitize.sh memcheck
	scripts/sanitize.sh helgrind

# libFuzzer's instrumentation is an unstable flag of the compiler.
fuzz: export RUSTC_BOOTSTRAP = 1
# The first folder gets what is new; fuzz/seeds is kept with the project.
fuzz: $(CARGO_FUZZ) ## Throw bytes at what reads bytes, FUZZ_SECONDS (60) for each target; TARGETS='storage_reader' takes some
	@for target in $(or $(TARGETS),$$($(CARGO_FUZZ) list)); do mkdir -p fuzz/{corpus,seeds}/$$target; \
	  (set -x; $(CARGO_FUZZ) run $$target fuzz/corpus/$$target fuzz/seeds/$$target -- -max_total_time=$${FUZZ_SECONDS:-60} -max_len=4096 -print_final_stats=1); done

$(CARGO_FUZZ):
	$(call install_tool,cargo-fuzz --version $(CARGO_FUZZ_VERSION))

clean: ## Remove what was built
	cargo clean
	rm -rf build tests/*/node_modules scripts/check/node_modules viewer/web/node_modules
	rm -rf bindings/*/node_modules bindings/*/dist bindings/node/prebuilds bindings/node/src/model/shared \
	  bindings/node/THIRD-PARTY-NOTICES.txt
	rm -rf tests/npm/{preload,runners}/build
