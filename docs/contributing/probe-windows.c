/* What this Windows does with files, libraries and processes: each rule that the library rests on, what is expected of it, and what was
 * seen. Linux and Wine can't tell; one run on a real Windows does. docs/contributing/stored-files.md says what rests on which rule.
 *
 *     MSVC, in its command prompt:                           MinGW, with a C library of its own:
 *       cl /nologo /W4 /WX probe-windows.c                     x86_64-w64-mingw32-gcc -Wall -Wextra -Werror probe-windows.c
 *         /Fe:probe.exe                                          -o probe.exe -lws2_32
 *       cl /nologo /W4 /WX /LD /DPROBE_LIBRARY                 x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -shared
 *         probe-windows.c /Fe:probe-library.dll                  -DPROBE_LIBRARY probe-windows.c -o probe-library.dll
 *
 *     probe.exe            in a folder on the file system that is meant: NTFS, ReFS, exFAT, a share
 *
 * It makes a folder "probe", works in it, and removes it. What differs is marked; it ends with the number of such lines, and with 1 if
 * there are any. "error 5" is GetLastError(): 5 access denied, 32 sharing violation, 33 lock violation, 145 directory not empty,
 * 303 delete pending, 1224 user-mapped file. */
#if defined(_MSC_VER)
#define _CRT_SECURE_NO_WARNINGS
#pragma comment(lib, "advapi32")
#pragma comment(lib, "ws2_32")
#endif
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <windows.h>
#include <winioctl.h>

#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifdef PROBE_LIBRARY

/* A library with a thread, as ours is one. */
static volatile LONG turns;

static unsigned __stdcall work(void *unused) {
    (void)unused;
    while (InterlockedIncrement(&turns) != 0) {
        Sleep(1);
    }
    return 0;
}

__declspec(dllexport) LONG probe_turns(void) {
    return InterlockedCompareExchange(&turns, 0, 0);
}

__declspec(dllexport) BOOL probe_start(BOOL pin) {
    HMODULE self;
    DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | (pin ? GET_MODULE_HANDLE_EX_FLAG_PIN : 0u);
    return GetModuleHandleExA(flags, (LPCSTR)(void *)&turns, &self) && _beginthreadex(NULL, 0, work, NULL, 0, NULL) != 0;
}

#else

#define SHARED (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define BOTH (GENERIC_READ | GENERIC_WRITE)
#define CHUNK 65536
/* FILE_DISPOSITION_INFO_EX, which older headers lack. */
#define DISPOSITION_EX ((FILE_INFO_BY_HANDLE_CLASS)21)
#define DISPOSITION_DELETE 1u
#define DISPOSITION_POSIX 2u
/* REPARSE_DATA_BUFFER of a junction, which is in the headers for drivers. */
struct junction {
    DWORD tag;
    WORD length, reserved, target_at, target_bytes, shown_at, shown_bytes;
    WCHAR paths[2 * MAX_PATH];
};

static int differing;

/* `expected` may name several answers, with a | between them. */
static void compare(const char *rule, const char *expected, const char *seen) {
    size_t length = strlen(seen);
    int fits = 0;
    const char *at;
    for (at = expected; at != NULL && !fits; at = strchr(at, '|') == NULL ? NULL : strchr(at, '|') + 1) {
        fits = strncmp(at, seen, length) == 0 && (at[length] == '\0' || at[length] == '|');
    }
    differing += !fits;
    printf("%-78s %s/%s%s\n", rule, expected, seen, fits ? "" : "   <-- differs");
    fflush(stdout);
}

static void call(const char *rule, const char *expected, BOOL worked) {
    char text[32];
    if (worked) {
        strcpy(text, "ok");
    } else {
        sprintf(text, "error %lu", GetLastError());
    }
    compare(rule, expected, text);
}

static HANDLE opened(const char *path, DWORD share, DWORD how) {
    return CreateFileA(path, BOTH, share, NULL, how, 0, NULL);
}

/* Opens it and closes it again. */
static BOOL opens(const char *path) {
    HANDLE file = opened(path, SHARED, OPEN_EXISTING);
    return file != INVALID_HANDLE_VALUE && CloseHandle(file);
}

static void make_file(const char *path) {
    CloseHandle(opened(path, SHARED, CREATE_ALWAYS));
}

/* A new file of CHUNK bytes, mapped; no handle to it is left open. */
static char *map_new(const char *path) {
    HANDLE file = opened(path, SHARED, CREATE_ALWAYS);
    HANDLE map = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, CHUNK, NULL);
    char *view = (char *)MapViewOfFile(map, FILE_MAP_ALL_ACCESS, 0, 0, CHUNK);
    CloseHandle(map);
    CloseHandle(file);
    if (view == NULL) {
        fprintf(stderr, "%s: can't be mapped: error %lu\n", path, GetLastError());
        exit(2);
    }
    return view;
}

static BOOL set_length(const char *path, LONG length) {
    HANDLE file = opened(path, SHARED, OPEN_EXISTING);
    BOOL worked = SetFilePointer(file, length, NULL, FILE_BEGIN) == (DWORD)length && SetEndOfFile(file);
    DWORD error = GetLastError();
    CloseHandle(file);
    SetLastError(error);
    return worked;
}

static void directories(void) {
    HANDLE file, kept;
    CreateDirectoryA("probe\\run", NULL);
    file = opened("probe\\run\\lock", SHARED, CREATE_NEW);
    call("a directory with an open file in it is renamed", "error 5", MoveFileExA("probe\\run", "probe\\moved", 0));
    MoveFileExA("probe\\moved", "probe\\run", 0);
    CloseHandle(file);
    call("  closed, it is", "ok", MoveFileExA("probe\\run", "probe\\moved", 0));
    /* As LongLivedDir keeps the directory of the API key. */
    kept = CreateFileA("probe\\moved", FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    call("a directory that is open and does not share deletion is renamed", "error 32", MoveFileExA("probe\\moved", "probe\\run", 0));
    call("  a file is made in it", "ok", (make_file("probe\\moved\\other"), opens("probe\\moved\\other")));
    CloseHandle(kept);
    DeleteFileA("probe\\run\\lock");
    DeleteFileA("probe\\moved\\lock");
    DeleteFileA("probe\\moved\\other");
    RemoveDirectoryA("probe\\moved");
    RemoveDirectoryA("probe\\run");
}

static void locks(void) {
    OVERLAPPED all = {0}, again = {0};
    char byte = 'x';
    DWORD count;
    HANDLE file = opened("probe\\lock", SHARED, CREATE_ALWAYS), other;
    WriteFile(file, &byte, 1, &count, NULL);
    call("a file is locked", "ok", LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, ~0u, ~0u, &all));
    CreateDirectoryA("probe\\run", NULL);
    call("  and moved, locked, into another directory", "ok", MoveFileExA("probe\\lock", "probe\\run\\lock", 0));
    other = opened("probe\\run\\lock", SHARED, OPEN_EXISTING);
    call("  and locked through another handle of the same process", "error 33",
         LockFileEx(other, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, ~0u, ~0u, &again));
    call("  and read through another handle", "error 33", ReadFile(other, &byte, 1, &count, NULL));
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    call("  and read through the handle that locked it", "ok", ReadFile(file, &byte, 1, &count, NULL));
    CloseHandle(other);
    CloseHandle(file);
    call("the lock's file is removed once it is closed, and its directory", "ok",
         DeleteFileA("probe\\run\\lock") && RemoveDirectoryA("probe\\run"));
}

static void maps(void) {
    char *view = map_new("probe\\chunk");
    HANDLE file;
    make_file("probe\\new");
    call("a mapped file is opened once more", "ok", opens("probe\\chunk"));
    call("a mapped file is removed", "error 5", DeleteFileA("probe\\chunk"));
    if (!opens("probe\\chunk")) {
        UnmapViewOfFile(view);
        view = map_new("probe\\chunk");
    }
    call("a mapped file is shortened", "error 1224", set_length("probe\\chunk", 8192));
    call("a mapped file is made longer", "ok", set_length("probe\\chunk", 2 * CHUNK));
    call("a mapped file is renamed", "ok", MoveFileExA("probe\\chunk", "probe\\chunk2", 0));
    call("another takes a mapped file's place by renaming", "error 5", MoveFileExA("probe\\new", "probe\\chunk2", MOVEFILE_REPLACE_EXISTING));
    view[0] = 1;
    call("FlushViewOfFile", "ok", FlushViewOfFile(view, CHUNK));
    file = opened("probe\\chunk2", SHARED, OPEN_EXISTING);
    call("  and FlushFileBuffers through another handle", "ok", FlushFileBuffers(file));
    CloseHandle(file);
    file = CreateFileA("probe\\chunk2", GENERIC_READ, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    call("FlushFileBuffers through a handle that may only read", "error 5", FlushFileBuffers(file));
    CloseHandle(file);
    UnmapViewOfFile(view);
    call("shortened when it is mapped no more", "ok", set_length("probe\\chunk2", 8192));
    call("removed when it is mapped no more", "ok", DeleteFileA("probe\\chunk2"));
    DeleteFileA("probe\\new");
}

static void removals(void) {
    FILE_DISPOSITION_INFO old_way = {TRUE};
    DWORD posix_way = DISPOSITION_DELETE | DISPOSITION_POSIX;
    HANDLE file, reader;
    CreateDirectoryA("probe\\run", NULL);
    make_file("probe\\run\\file");
    reader = CreateFileA("probe\\run\\file", GENERIC_READ, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    call("DeleteFile of a file that another has open and shares", "ok", DeleteFileA("probe\\run\\file"));
    call("  its name: gone (2), or pending (5, 303)", "error 2|error 5|error 303", opens("probe\\run\\file"));
    call("  its directory: gone, or still not empty", "ok|error 145", RemoveDirectoryA("probe\\run"));
    CloseHandle(reader);
    CreateDirectoryA("probe\\run", NULL);
    make_file("probe\\run\\file");
    reader = CreateFileA("probe\\run\\file", GENERIC_READ, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    file = CreateFileA("probe\\run\\file", DELETE, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    call("removed in the old way, while another has it open", "ok", SetFileInformationByHandle(file, FileDispositionInfo, &old_way, sizeof old_way));
    CloseHandle(file);
    call("  its name is pending", "error 5|error 303", opens("probe\\run\\file"));
    call("  nobody can make a file of that name", "error 5|error 303", opened("probe\\run\\file", SHARED, CREATE_NEW) != INVALID_HANDLE_VALUE);
    call("  its directory is not empty", "error 145", RemoveDirectoryA("probe\\run"));
    CloseHandle(reader);
    call("  closed by the other, it is gone", "error 2", opens("probe\\run\\file"));
    make_file("probe\\run\\file");
    reader = CreateFileA("probe\\run\\file", GENERIC_READ, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    file = CreateFileA("probe\\run\\file", DELETE, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    call("removed with POSIX semantics, while another has it open", "ok", SetFileInformationByHandle(file, DISPOSITION_EX, &posix_way, sizeof posix_way));
    CloseHandle(file);
    call("  its name is gone", "error 2", opens("probe\\run\\file"));
    CloseHandle(reader);
    DeleteFileA("probe\\run\\file");
    call("the empty directory is removed", "ok", RemoveDirectoryA("probe\\run") || GetLastError() == ERROR_FILE_NOT_FOUND);
}

static void sharing(void) {
    HANDLE scanner;
    make_file("probe\\file");
    make_file("probe\\new");
    scanner = CreateFileA("probe\\file", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    call("opened, while a scanner has it for itself", "error 32", opens("probe\\file"));
    call("  renamed", "error 32", MoveFileExA("probe\\file", "probe\\file2", 0));
    call("  removed", "error 32", DeleteFileA("probe\\file"));
    call("  another takes its place by renaming", "error 5|error 32", MoveFileExA("probe\\new", "probe\\file", MOVEFILE_REPLACE_EXISTING));
    CloseHandle(scanner);
    make_file("probe\\new");
    make_file("probe\\file");
    scanner = CreateFileA("probe\\file", GENERIC_READ, SHARED, NULL, OPEN_EXISTING, 0, NULL);
    call("another takes the place of a file that is open and shared", "ok|error 5", MoveFileExA("probe\\new", "probe\\file", MOVEFILE_REPLACE_EXISTING));
    CloseHandle(scanner);
    DeleteFileA("probe\\file2");
    DeleteFileA("probe\\new");
    call("removed when it is closed", "ok", DeleteFileA("probe\\file"));
}

static void times(void) {
    const FILETIME past = {0, 30000000};
    FILETIME seen;
    char *view = map_new("probe\\chunk");
    HANDLE file = opened("probe\\chunk", SHARED, OPEN_EXISTING);
    call("a mapped file's time of modification is set", "ok", SetFileTime(file, NULL, NULL, &past));
    CloseHandle(file);
    view[100] = 1;
    UnmapViewOfFile(view);
    Sleep(50);
    file = opened("probe\\chunk", SHARED, OPEN_EXISTING);
    GetFileTime(file, NULL, NULL, &seen);
    CloseHandle(file);
    /* The library sets it itself: both will do. */
    compare("  and a store to the map changes it: not at all, or late", "no|late", CompareFileTime(&past, &seen) == 0 ? "no" : "late");
    DeleteFileA("probe\\chunk");
}

#include <aclapi.h>
#include <sddl.h>

/* As storage/fs/security.rs makes its directories: for this user and the system itself. */
static void access_lists(void) {
    char text[600], *sid_text = NULL;
    DWORD user[64], used;
    HANDLE token;
    PSID me = NULL, owner = NULL;
    PACL list = NULL;
    PSECURITY_DESCRIPTOR made = NULL, seen = NULL;
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) && GetTokenInformation(token, TokenUser, user, sizeof user, &used)) {
        me = ((TOKEN_USER *)(void *)user)->User.Sid;
    }
    if (me == NULL || !ConvertSidToStringSidA(me, &sid_text)) {
        call("the user of this process is told", "ok", FALSE);
        return;
    }
    sprintf(text, "O:%sD:P(A;OICI;FA;;;%s)(A;OICI;FA;;;SY)", sid_text, sid_text);
    call("an access list for this user and the system", "ok", ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &made, NULL));
    attributes.lpSecurityDescriptor = made;
    call("  a directory is made with it", "ok", CreateDirectoryA("probe\\private", &attributes));
    make_file("probe\\private\\file");
    GetNamedSecurityInfoA((LPSTR)(void *)(size_t)"probe\\private", SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, NULL, &list, NULL, &seen);
    sprintf(text, "%u", list == NULL ? 0u : (unsigned)list->AceCount);
    compare("  its entries", "2", text);
    compare("  its owner is this user", "yes", owner != NULL && EqualSid(owner, me) ? "yes" : "no");
    compare("  it inherits nothing", "yes", GetSecurityDescriptorControl(seen, &control, &used) && (control & SE_DACL_PROTECTED) ? "yes" : "no");
    LocalFree(seen);
    seen = NULL;
    list = NULL;
    GetNamedSecurityInfoA((LPSTR)(void *)(size_t)"probe\\private\\file", SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &list, NULL, &seen);
    sprintf(text, "%u", list == NULL ? 0u : (unsigned)list->AceCount);
    compare("  the entries of a file in it", "2", text);
    LocalFree(seen);
    LocalFree(made);
    LocalFree(sid_text);
    CloseHandle(token);
    DeleteFileA("probe\\private\\file");
    RemoveDirectoryA("probe\\private");
}

static void links(void) {
    static struct junction junction;
    WCHAR here[MAX_PATH];
    DWORD attributes, used;
    HANDLE link;
    BY_HANDLE_FILE_INFORMATION facts = {0};
    CreateDirectoryA("probe\\target", NULL);
    CreateDirectoryA("probe\\junction", NULL);
    GetCurrentDirectoryW(MAX_PATH, here);
    swprintf(junction.paths, MAX_PATH, L"\\??\\%ls\\probe\\target", here);
    junction.tag = IO_REPARSE_TAG_MOUNT_POINT;
    junction.target_bytes = (WORD)(2 * lstrlenW(junction.paths));
    junction.shown_at = (WORD)(junction.target_bytes + 2);
    junction.length = (WORD)(12 + junction.target_bytes);
    link = CreateFileA("probe\\junction", GENERIC_WRITE, SHARED, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    call("a junction is made, without rights", "ok",
         DeviceIoControl(link, FSCTL_SET_REPARSE_POINT, &junction, (DWORD)(8 + junction.length), NULL, 0, &used, NULL));
    CloseHandle(link);
    attributes = GetFileAttributesA("probe\\junction");
    compare("  it says what it is", "yes", attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT) ? "yes" : "no");
    link = CreateFileA("probe\\junction", FILE_READ_ATTRIBUTES, SHARED, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    GetFileInformationByHandle(link, &facts);
    CloseHandle(link);
    compare("  opened as itself, it is not followed", "yes", (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) ? "yes" : "no");
    RemoveDirectoryA("probe\\junction");
    /* 1314: without the right to, which ordinary users lack unless developer mode is on. */
    call("a symbolic link to a directory is made", "ok|error 1314", CreateSymbolicLinkA("probe\\link", "target", SYMBOLIC_LINK_FLAG_DIRECTORY | 2));
    RemoveDirectoryA("probe\\link");
    RemoveDirectoryA("probe\\target");
}

static void long_paths(void) {
    WCHAR here[MAX_PATH], path[2 * MAX_PATH], name[200];
    int i;
    for (i = 0; i < 199; i++) {
        name[i] = L'n';
    }
    name[199] = 0;
    GetCurrentDirectoryW(MAX_PATH, here);
    swprintf(path, 2 * MAX_PATH, L"\\\\?\\%ls\\probe\\%ls", here, name);
    CreateDirectoryW(path, NULL);
    swprintf(path, 2 * MAX_PATH, L"%ls\\probe\\%ls\\%ls", here, name, name);
    /* A program with longPathAware in its manifest may; this one has none. */
    call("a directory with a path of more than 260 characters is made", "error 3|error 206", CreateDirectoryW(path, NULL));
    swprintf(path, 2 * MAX_PATH, L"\\\\?\\%ls\\probe\\%ls\\%ls", here, name, name);
    call("  with \\\\?\\ in front of it", "ok", CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS);
    RemoveDirectoryW(path);
    swprintf(path, 2 * MAX_PATH, L"\\\\?\\%ls\\probe\\%ls", here, name);
    RemoveDirectoryW(path);
}

static void libraries(void) {
    HMODULE library = LoadLibraryA("probe-library.dll");
    FARPROC start_address, turns_address;
    BOOL (*start)(BOOL);
    LONG (*turns)(void);
    LONG before;
    if (library == NULL) {
        call("probe-library.dll is beside it, or in the search path", "ok", FALSE);
        return;
    }
    start_address = GetProcAddress(library, "probe_start");
    turns_address = GetProcAddress(library, "probe_turns");
    memcpy(&start, &start_address, sizeof start);
    memcpy(&turns, &turns_address, sizeof turns);
    call("GetModuleHandleEx counts one more use, and a thread runs", "ok", start(FALSE));
    FreeLibrary(library);
    Sleep(50);
    compare("  FreeLibrary leaves it loaded", "yes", GetModuleHandleA("probe-library.dll") != NULL ? "yes" : "no");
    call("GetModuleHandleEx with PIN", "ok", start(TRUE));
    FreeLibrary(library);
    before = FreeLibrary(library) ? turns() : turns() - 1;
    Sleep(50);
    compare("  FreeLibrary, however often, leaves it loaded, and its threads run", "yes",
            GetModuleHandleA("probe-library.dll") != NULL && turns() > before ? "yes" : "no");
}

static SOCKET reader;
static volatile LONG woken;

static unsigned __stdcall receive(void *unused) {
    char byte;
    (void)unused;
    recv(reader, &byte, 1, 0);
    InterlockedIncrement(&woken);
    return 0;
}

/* A recorder that ends cuts off its request so: else its thread, and the lock of its run, stay until the request times out. */
static void sockets(void) {
    WSADATA data;
    struct sockaddr_in address;
    int length = sizeof address;
    SOCKET listener, other;
    HANDLE thread;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    WSAStartup(0x202, &data);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&address, length);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&address, &length);
    reader = socket(AF_INET, SOCK_STREAM, 0);
    connect(reader, (struct sockaddr *)&address, length);
    other = accept(listener, NULL, NULL);
    thread = (HANDLE)_beginthreadex(NULL, 0, receive, NULL, 0, NULL);
    Sleep(200);
    call("a socket is shut down in both directions, while a thread is in recv", "ok", shutdown(reader, SD_BOTH) == 0);
    WaitForSingleObject(thread, 1000);
    compare("  which returns", "yes", woken ? "yes" : "no");
    closesocket(other);
    closesocket(reader);
    WaitForSingleObject(thread, 1000);
    compare("  or when the socket is closed", "yes", woken ? "yes" : "no");
    closesocket(listener);
    CloseHandle(thread);
}

/* What the process that is killed does. */
static int be_killed(void) {
    OVERLAPPED all = {0};
    HANDLE lock = opened("probe\\lock", SHARED, CREATE_ALWAYS), told;
    char *view = map_new("probe\\chunk");
    LockFileEx(lock, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, ~0u, ~0u, &all);
    memset(view, 'k', CHUNK);
    told = CreateFileA("probe\\ready", GENERIC_WRITE, SHARED, NULL, CREATE_NEW, 0, NULL);
    CloseHandle(told);
    Sleep(INFINITE);
    return 0;
}

static void kills(const char *program) {
    static char bytes[CHUNK];
    char command[MAX_PATH + 16];
    STARTUPINFOA start = {0};
    PROCESS_INFORMATION child;
    OVERLAPPED all = {0};
    DWORD count = 0, kept = 0, exit_code = 0;
    HANDLE file;
    start.cb = sizeof start;
    sprintf(command, "\"%s\" be-killed", program);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child)) {
        call("a process is started", "ok", FALSE);
        return;
    }
    while (GetFileAttributesA("probe\\ready") == INVALID_FILE_ATTRIBUTES && WaitForSingleObject(child.hProcess, 10) == WAIT_TIMEOUT) {
    }
    file = opened("probe\\lock", SHARED, OPEN_EXISTING);
    call("another process locks what a process has locked", "error 33", LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, ~0u, ~0u, &all));
    call("a process with a map and a lock is killed", "ok", TerminateProcess(child.hProcess, 9));
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &exit_code);
    compare("  by TerminateProcess", "yes", exit_code == 9 ? "yes" : "no");
    /* The system lets go of locks in its own time. */
    for (count = 0; count < 500 && !LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, ~0u, ~0u, &all); count++) {
        Sleep(10);
    }
    compare("  its lock is free", "at once|later", count == 0 ? "at once" : count < 500 ? "later" : "never");
    CloseHandle(file);
    file = opened("probe\\chunk", SHARED, OPEN_EXISTING);
    ReadFile(file, bytes, CHUNK, &count, NULL);
    CloseHandle(file);
    while (kept < count && bytes[kept] == 'k') {
        kept++;
    }
    compare("  what it stored to the map is in the file", "all", kept == CHUNK ? "all" : kept == 0 ? "nothing" : "a part");
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    DeleteFileA("probe\\ready");
    DeleteFileA("probe\\lock");
    call("  and is removed", "ok", DeleteFileA("probe\\chunk"));
}

int main(int count, char **arguments) {
    char program[MAX_PATH];
    if (count == 2 && strcmp(arguments[1], "be-killed") == 0) {
        return be_killed();
    }
    GetModuleFileNameA(NULL, program, MAX_PATH);
    if (!CreateDirectoryA("probe", NULL)) {
        fprintf(stderr, "The folder \"probe\" can't be made here: error %lu. Remove it if it is there.\n", GetLastError());
        return 2;
    }
    printf("%-78s expected/seen\n", "rule");
    directories();
    locks();
    maps();
    removals();
    sharing();
    times();
    access_lists();
    links();
    long_paths();
    libraries();
    sockets();
    kills(program);
    call("the folder is empty at the end", "ok", RemoveDirectoryA("probe"));
    printf("%d differ\n", differing);
    return differing != 0;
}

#endif
