//! `FreeLibrary` takes no code away from a thread of the library, and unloads it when there is none. On Windows nothing else
//! keeps it there.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![cfg(windows)]

mod common;

use std::ffi::{CString, c_char, c_void};
use std::os::windows::ffi::OsStrExt;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use common::wait_until;
use windows_sys::Win32::Foundation::{FreeLibrary, HMODULE};
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress, LoadLibraryW};

type Init = extern "C" fn(*const c_char, *const c_char) -> i32;
type Record = extern "C" fn(*const c_char, usize) -> i32;
type Shutdown = extern "C" fn(u32) -> i32;
type Callback = extern "C" fn(*mut c_void, *const c_void);
type SetTransport = extern "C" fn(Option<Callback>, *mut c_void) -> i32;

const EVENT: &[u8] = br#"{"type":5,"timestamp":1732300000000,"data":{"tag":"test","payload":1}}"#;
const OK: i32 = 0;

/// Requests that began and that ended.
static BEGUN: AtomicU32 = AtomicU32::new(0);
static ENDED: AtomicU32 = AtomicU32::new(0);

/// Whether they may end.
static MAY_END: AtomicBool = AtomicBool::new(false);

/// A host's transport that hangs for longer than anybody waits.
extern "C" fn hang(_: *mut c_void, _: *const c_void) {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    while !MAY_END.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(10));
    }
    ENDED.fetch_add(1, Ordering::SeqCst);
}

/// The library, loaded.
struct Library(HMODULE);

impl Library {
    fn name() -> Vec<u16> {
        common::c::library().as_os_str().encode_wide().chain([0]).collect()
    }

    fn load() -> Self {
        // SAFETY: a path that ends in a zero.
        let module = unsafe { LoadLibraryW(Self::name().as_ptr()) };
        assert!(!module.is_null(), "{}", std::io::Error::last_os_error());
        Self(module)
    }

    fn is_loaded() -> bool {
        // SAFETY: as above.
        !unsafe { GetModuleHandleW(Self::name().as_ptr()) }.is_null()
    }

    /// A function of it, of this type.
    fn function<T>(&self, name: &str) -> T {
        let name = CString::new(name).unwrap();
        // SAFETY: the module is loaded, and the name ends in a zero.
        let function = unsafe { GetProcAddress(self.0, name.as_ptr().cast()) }.expect("it is exported");
        assert_eq!(size_of::<T>(), size_of_val(&function));
        // SAFETY: a function pointer of the same size; the header declares it so.
        unsafe { ptr::read((&raw const function).cast()) }
    }

    fn start_and_record(&self) {
        let options =
            c"{\"deviceId\":\"d\",\"sessionId\":1,\"sampleRate\":1,\"enableRemoteConfig\":false,\"trackServerUrl\":\"http://127.0.0.1:9/\"}";
        assert_eq!(self.function::<Init>("sr_init")(c"key".as_ptr(), options.as_ptr()), OK);
        assert!(self.function::<Record>("sr_record")(EVENT.as_ptr().cast(), EVENT.len()) >= OK);
    }

    fn shut_down(&self, timeout_ms: u32) {
        self.function::<Shutdown>("sr_shutdown")(timeout_ms);
    }

    fn flush(&self) {
        self.function::<Shutdown>("sr_flush")(0);
    }

    fn free(self) {
        // SAFETY: loaded once, freed once.
        assert_ne!(unsafe { FreeLibrary(self.0) }, 0);
    }
}

/// One test, since the process has one library.
#[test]
fn the_library_goes_when_its_threads_have_and_no_sooner() {
    let library = Library::load();
    library.start_and_record();
    library.shut_down(2_000);
    library.free();
    wait_until("its threads to end", || !Library::is_loaded());

    let library = Library::load();
    library.start_and_record();
    library.free();
    assert!(Library::is_loaded(), "its threads run");
    let library = Library::load();
    library.shut_down(2_000);
    library.free();
    wait_until("its threads to end after the last use", || !Library::is_loaded());

    let library = Library::load();
    assert_eq!(library.function::<SetTransport>("sr_set_transport")(Some(hang), ptr::null_mut()), OK);
    library.start_and_record();
    library.flush();
    wait_until("the request", || BEGUN.load(Ordering::SeqCst) == 1);
    library.shut_down(1);
    library.free();
    assert!(Library::is_loaded(), "a thread hangs in the transport");
    MAY_END.store(true, Ordering::SeqCst);
    wait_until("the request to end", || ENDED.load(Ordering::SeqCst) == 1);
    // The thread returns into the library, which stays for that, and ends.
    std::thread::sleep(Duration::from_millis(500));
    assert!(Library::is_loaded(), "after a thread that hung it stays");
}
