//! Whose a file is and who may read it, as Windows has it: its owner and its access control list.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::path::Path;
use std::ptr;

use once_cell::sync::OnceCell;
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo,
    SDDL_REVISION_1, SE_FILE_OBJECT, SetSecurityInfo,
};
use windows_sys::Win32::Security::{
    ACCESS_ALLOWED_ACE, ACE_HEADER, ACL, DACL_SECURITY_INFORMATION, EqualSid, GetAce,
    GetSecurityDescriptorDacl, GetTokenInformation, IsWellKnownSid, OWNER_SECURITY_INFORMATION,
    PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES,
    SetKernelObjectSecurity, TOKEN_QUERY, TOKEN_USER, TokenUser, WELL_KNOWN_SID_TYPE,
    WinBuiltinAdministratorsSid, WinLocalSystemSid, WinWorldSid,
};
use windows_sys::Win32::Storage::FileSystem::CreateDirectoryW;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// The type of an entry that allows something.
const ACCESS_ALLOWED: u8 = 0;

/// What is known of a file's owner and of who may read it.
pub(super) struct Access {
    /// It is this user's.
    pub is_ours: bool,
    /// Nobody but this user and the system itself may read it.
    pub is_private: bool,
}

/// Of a file or directory that is open with the right to ask.
pub(super) fn access_of(file: &File) -> io::Result<Access> {
    let me = User::current()?;
    let (mut owner, mut list, mut descriptor) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the handle is open, and each pointer has room for what it is asked for; both point into `descriptor`.
    let error = unsafe {
        GetSecurityInfo(
            file.as_raw_handle(),
            SE_FILE_OBJECT,
            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
            &raw mut owner,
            ptr::null_mut(),
            &raw mut list,
            ptr::null_mut(),
            &raw mut descriptor,
        )
    };
    if error != 0 {
        return Err(io::Error::from_raw_os_error(error as i32));
    }
    let _descriptor = Descriptor(descriptor);
    // SAFETY: both lie in the descriptor, which lives until the end of this function.
    unsafe { Ok(Access { is_ours: me.owns(owner), is_private: me.is_alone_in(list) }) }
}

/// Closes a directory to others, and what is in it: open with the right to change that.
pub(super) fn make_private(directory: &File) -> io::Result<()> {
    let private = User::current()?.private()?;
    let (mut list, mut is_there, mut is_default) = (ptr::null_mut(), 0, 0);
    // SAFETY: the descriptor is one that the system made, and the pointers have room for the answers; the list lies in it.
    let error = unsafe {
        GetSecurityDescriptorDacl(private.0, &raw mut is_there, &raw mut list, &raw mut is_default);
        let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
        let handle = directory.as_raw_handle();
        SetSecurityInfo(handle, SE_FILE_OBJECT, what, ptr::null_mut(), ptr::null_mut(), list, ptr::null())
    };
    if error != 0 {
        return Err(io::Error::from_raw_os_error(error as i32));
    }
    if access_of(directory)?.is_private {
        return Ok(());
    }
    // Wine says that all is well, and leaves what is inherited: there only this takes the list as it is.
    // SAFETY: the handle is open, and the descriptor is one that the system made.
    let done =
        unsafe { SetKernelObjectSecurity(directory.as_raw_handle(), DACL_SECURITY_INFORMATION, private.0) };
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Makes a directory that only this user, and the system itself, may enter.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let private = User::current()?.private()?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: private.0,
        bInheritHandle: 0,
    };
    let path = super::system::wide(path);
    // SAFETY: the path ends in a zero, and the attributes live until the call returns.
    match unsafe { CreateDirectoryW(path.as_ptr(), &raw const attributes) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// A security descriptor that the system allocated.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the system allocated it, for us to free once.
        unsafe { LocalFree(self.0) };
    }
}

/// The user of this process: a TOKEN_USER, in words so that it is aligned. It points into itself.
struct User(Vec<u64>);

impl User {
    fn current() -> io::Result<&'static Self> {
        static USER: OnceCell<User> = OnceCell::new();
        USER.get_or_try_init(Self::of_this_process)
    }

    fn of_this_process() -> io::Result<Self> {
        let mut token: HANDLE = ptr::null_mut();
        // SAFETY: `token` has room for the answer.
        if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // A SID has at most 68 bytes.
        let mut user = vec![0_u64; 16];
        let (bytes, mut used) = (size_of_val(&user[..]) as u32, 0);
        // SAFETY: the token is open, and `user` has so many bytes.
        let told =
            unsafe { GetTokenInformation(token, TokenUser, user.as_mut_ptr().cast(), bytes, &raw mut used) };
        let told = if told == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(user)) };
        // SAFETY: it was opened above.
        unsafe { CloseHandle(token) };
        told
    }

    fn sid(&self) -> PSID {
        // SAFETY: the system wrote a TOKEN_USER there, and the words are aligned for it.
        unsafe { (*self.0.as_ptr().cast::<TOKEN_USER>()).User.Sid }
    }

    /// Whether a file of this owner may be this user's: what an elevated process makes belongs to the administrators, who may
    /// do anything in any case; on a file system without owners (FAT) everything is everybody's.
    ///
    /// # Safety
    /// `owner` points to a SID, or is null.
    unsafe fn owns(&self, owner: PSID) -> bool {
        // SAFETY: as the caller says.
        let is = |known| unsafe { is_well_known(owner, known) };
        // SAFETY: both are SIDs.
        !owner.is_null() && unsafe { EqualSid(owner, self.sid()) } != 0
            || [WinBuiltinAdministratorsSid, WinLocalSystemSid, WinWorldSid].into_iter().any(is)
    }

    /// Whether the list lets in nobody but this user and the system itself.
    ///
    /// # Safety
    /// `list` points to an access control list, or is null, which lets in everybody.
    unsafe fn is_alone_in(&self, list: *const ACL) -> bool {
        if list.is_null() {
            return false;
        }
        // SAFETY: as the caller says.
        let entries = unsafe { (*list).AceCount };
        (0..u32::from(entries)).all(|at| {
            let mut entry = ptr::null_mut();
            // SAFETY: there are so many entries, and `entry` has room for the pointer to one.
            if unsafe { GetAce(list, at, &raw mut entry) } == 0 {
                return false;
            }
            // SAFETY: each entry begins with a header, and one that allows has its SID behind header and mask.
            unsafe {
                let allowed = entry.cast::<ACCESS_ALLOWED_ACE>();
                let sid: PSID = (&raw mut (*allowed).SidStart).cast();
                (*entry.cast::<ACE_HEADER>()).AceType == ACCESS_ALLOWED
                    && (EqualSid(sid, self.sid()) != 0 || is_well_known(sid, WinLocalSystemSid))
            }
        })
    }

    /// A descriptor of what is this user's, and that only this user and the system itself may read; what is made in it
    /// inherits that.
    fn private(&self) -> io::Result<Descriptor> {
        let sid = self.text()?;
        Descriptor::of(&format!("O:{sid}D:P(A;OICI;FA;;;{sid})(A;OICI;FA;;;SY)"))
    }

    /// Its SID as text.
    fn text(&self) -> io::Result<String> {
        let mut text = ptr::null_mut();
        // SAFETY: a SID, and room for a pointer to its text.
        if unsafe { ConvertSidToStringSidW(self.sid(), &raw mut text) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the text ends in a zero; the system allocated it for us to free once.
        unsafe {
            let length = (0..).take_while(|at| *text.add(*at) != 0).count();
            let sid = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
            LocalFree(text.cast());
            Ok(sid)
        }
    }
}

impl Descriptor {
    /// What the text says, which is in the system's language for descriptors (SDDL).
    fn of(text: &str) -> io::Result<Self> {
        let text: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut descriptor = ptr::null_mut();
        // SAFETY: the text ends in a zero, and there is room for a pointer to the descriptor.
        let made = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                ptr::null_mut(),
            )
        };
        if made == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(descriptor)) }
    }
}

/// # Safety
/// `sid` points to a SID, or is null.
unsafe fn is_well_known(sid: PSID, known: WELL_KNOWN_SID_TYPE) -> bool {
    // SAFETY: as the caller says.
    !sid.is_null() && unsafe { IsWellKnownSid(sid, known) } != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use windows_sys::Win32::Security::GetSecurityDescriptorOwner;

    fn list_of(descriptor: &Descriptor) -> *mut ACL {
        let (mut list, mut is_there, mut is_default) = (ptr::null_mut(), 0, 0);
        // SAFETY: the system made the descriptor, and the pointers have room for the answers.
        unsafe {
            GetSecurityDescriptorDacl(descriptor.0, &raw mut is_there, &raw mut list, &raw mut is_default)
        };
        list
    }

    #[test]
    fn only_this_user_and_the_system_may_be_let_in() {
        let me = User::current().unwrap();
        let sid = me.text().unwrap();
        for (list, is_private) in [
            (format!("D:P(A;OICI;FA;;;{sid})(A;OICI;FA;;;SY)"), true),
            (format!("D:P(A;;FR;;;{sid})"), true),
            ("D:P(A;;FA;;;SY)".to_owned(), true),
            (format!("D:P(A;;FA;;;{sid})(A;;FR;;;WD)"), false),
            (format!("D:P(A;;FA;;;{sid})(A;;FR;;;BU)"), false),
            (format!("D:P(A;;FA;;;{sid})(A;;FR;;;S-1-5-21-1-2-3-1001)"), false),
            ("O:SY".to_owned(), false),
        ] {
            let descriptor = Descriptor::of(&list).unwrap();
            // SAFETY: the list lies in the descriptor, or is null.
            assert_eq!(unsafe { me.is_alone_in(list_of(&descriptor)) }, is_private, "{list}");
        }
    }

    #[test]
    fn what_another_user_owns_is_not_ours() {
        let me = User::current().unwrap();
        let sid = me.text().unwrap();
        for (owner, is_ours) in
            [(&*sid, true), ("BA", true), ("SY", true), ("BG", false), ("S-1-5-21-1-2-3-1001", false)]
        {
            let descriptor = Descriptor::of(&format!("O:{owner}")).unwrap();
            let (mut found, mut is_default) = (ptr::null_mut(), 0);
            // SAFETY: the system made the descriptor, and the pointers have room for the answers.
            unsafe { GetSecurityDescriptorOwner(descriptor.0, &raw mut found, &raw mut is_default) };
            // SAFETY: the owner lies in the descriptor.
            assert_eq!(unsafe { me.owns(found) }, is_ours, "{owner}");
        }
        // SAFETY: null is allowed.
        assert!(!unsafe { me.owns(ptr::null_mut()) });
    }
}
