//! Windows: its Internet options, where those name no server `netsh winhttp`, and scripts, which WinHTTP runs.

use std::ffi::c_void;
use std::ptr;

use url::Url;
use windows_sys::Win32::Foundation::GlobalFree;
use windows_sys::Win32::Networking::WinHttp::{
    WINHTTP_ACCESS_TYPE_NAMED_PROXY, WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_AUTO_DETECT_TYPE_DHCP,
    WINHTTP_AUTO_DETECT_TYPE_DNS_A, WINHTTP_AUTOPROXY_AUTO_DETECT, WINHTTP_AUTOPROXY_CONFIG_URL,
    WINHTTP_AUTOPROXY_OPTIONS, WINHTTP_CURRENT_USER_IE_PROXY_CONFIG, WINHTTP_PROXY_INFO, WinHttpCloseHandle,
    WinHttpGetDefaultProxyConfiguration, WinHttpGetIEProxyConfigForCurrentUser, WinHttpGetProxyForUrl,
    WinHttpOpen, WinHttpSetTimeouts,
};

use crate::delivery::proxy::bypass::Bypass;
use crate::delivery::proxy::servers::Servers;
use crate::delivery::proxy::settings::{Settings, Ways};

/// In milliseconds, for the name, the connection, the request and the response of a script. Whether WinHTTP keeps to them while
/// it looks for one (WPAD), or waits for its own time-outs there, was not seen: nothing here relies on it.
const SCRIPT_TIMEOUTS: [i32; 4] = [1_000, 2_000, 1_000, 1_000];

pub(super) fn settings() -> Option<Settings> {
    let mut config = WINHTTP_CURRENT_USER_IE_PROXY_CONFIG::default();
    // SAFETY: `config` is ours to write; null pointers and zeros are valid in it.
    let is_there = unsafe { WinHttpGetIEProxyConfigForCurrentUser(&raw mut config) } != 0;
    let script = text(config.lpszAutoConfigUrl);
    let (mut servers, mut bypass) = (text(config.lpszProxy), text(config.lpszProxyBypass));
    if servers.is_none() {
        (servers, bypass) = of_machine().unwrap_or((None, bypass));
    }
    Some(Settings {
        auto_detect: is_there && config.fAutoDetect != 0,
        script,
        servers: Servers::parse(&servers.unwrap_or_default()),
        bypass: Bypass::parse(&bypass.unwrap_or_default()),
    })
}

/// The servers and the bypass list of `netsh winhttp`, which is what services have.
fn of_machine() -> Option<(Option<String>, Option<String>)> {
    let mut info = WINHTTP_PROXY_INFO::default();
    // SAFETY: `info` is ours to write; null pointers and zeros are valid in it.
    let is_there = unsafe { WinHttpGetDefaultProxyConfiguration(&raw mut info) } != 0;
    let lists = (text(info.lpszProxy), text(info.lpszProxyBypass));
    (is_there && info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY).then_some(lists)
}

/// What the script of the settings says of a URL. The path is left out: it is nobody's business.
pub(super) fn run_script(settings: &Settings, url: &Url) -> Option<Ways> {
    let session = Session::open()?;
    let server = wide(&format!("{}/", url.origin().ascii_serialization()));
    let script = settings.script.as_deref().map(wide);
    let mut options = WINHTTP_AUTOPROXY_OPTIONS::default();
    if settings.auto_detect {
        options.dwFlags |= WINHTTP_AUTOPROXY_AUTO_DETECT;
        options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
    }
    if let Some(script) = &script {
        options.dwFlags |= WINHTTP_AUTOPROXY_CONFIG_URL;
        options.lpszAutoConfigUrl = script.as_ptr();
    }
    let mut info = WINHTTP_PROXY_INFO::default();
    // SAFETY: the session is open; both texts end with a zero and outlive the call; `options` and `info` are ours.
    let is_found =
        unsafe { WinHttpGetProxyForUrl(session.0, server.as_ptr(), &raw mut options, &raw mut info) } != 0;
    let (servers, _) = (text(info.lpszProxy), text(info.lpszProxyBypass));
    if !is_found {
        return None;
    }
    if info.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY {
        return Some(vec![None]);
    }
    let servers = Servers::parse(&servers.unwrap_or_default());
    Some(servers.of_scheme(url.scheme()).unwrap_or_default().iter().cloned().map(Some).collect())
}

/// A session of WinHTTP, for its time-outs; it makes no request.
struct Session(*mut c_void);

impl Session {
    fn open() -> Option<Self> {
        // SAFETY: no pointer is given; a null handle is looked for.
        let session =
            unsafe { WinHttpOpen(ptr::null(), WINHTTP_ACCESS_TYPE_NO_PROXY, ptr::null(), ptr::null(), 0) };
        if session.is_null() {
            return None;
        }
        let session = Self(session);
        let [name, connection, request, response] = SCRIPT_TIMEOUTS;
        // SAFETY: the session is open.
        let is_set = unsafe { WinHttpSetTimeouts(session.0, name, connection, request, response) } != 0;
        is_set.then_some(session)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: it is open, and nobody has its handle any more.
        unsafe { WinHttpCloseHandle(self.0) };
    }
}

/// A text that WinHTTP gave away, which is freed; `None`: there is none, or it is empty.
fn text(given: *mut u16) -> Option<String> {
    if given.is_null() {
        return None;
    }
    // SAFETY: WinHTTP's texts end with a zero, so all before it may be read; it is ours, and read before it is freed.
    let text = unsafe {
        let length = (0..).take_while(|at| *given.add(*at) != 0).count();
        let text = String::from_utf16_lossy(std::slice::from_raw_parts(given, length));
        GlobalFree(given.cast());
        text
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
