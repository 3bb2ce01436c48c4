/** @file
 * session-replay: records what happens in a program and ships it to Amplitude's Session Replay.
 *
 * Generated from src/ffi by cbindgen: change it there.
 *
 * - All text is UTF-8, paths too. On Windows a wchar_t* becomes that by WideCharToMultiByte(CP_UTF8, …); the arguments of
 *   main are in the system's code page. Text that is passed in is copied: nothing needs to outlive its call.
 * - On Windows no function may be called from DllMain: under the loader's lock no thread starts or ends.
 * - Every function may be called from any thread at any time, also before sr_init and after sr_shutdown.
 * - A function must never be called from a signal handler, except sr_mark_crash: the interrupted code may hold a lock for
 *   which the call would wait forever.
 * - Every call that returns sr_status may also return SR_ERROR_NOT_INITIALIZED, SR_ERROR_FORKED, SR_ERROR_INVALID_ARGUMENT
 *   and SR_ERROR_INTERNAL.
 * - A returned char* belongs to the caller: free it with sr_string_free(). A const char* belongs to the library.
 * - "Blocks: never" means that a call waits for no file, no network and no callback. It may take a lock, which is
 *   held only briefly and never during such a wait, and it may wake a thread of the library.
 * - A callback has to return. An exception that leaves it ends the process (in C++ sr::Callbacks catches it); longjmp
 *   out of it, and pthread_exit on a thread of the library, are undefined.
 * - pthread_cancel may hit a thread during any call: the call completes, and the thread ends at its first cancellation
 *   point afterwards. No function here is a cancellation point. The getters of sr_set_segment_session_getter and
 *   sr_set_segment_device_getter run on the host's own threads with the thread's own cancellation state, and the thread
 *   may end in them. A thread with PTHREAD_CANCEL_ASYNCHRONOUS must not call this library.
 * - After fork(), the child's calls return SR_ERROR_FORKED until it calls sr_init itself.
 * - The library prints nothing, handles no signal, and has two threads of its own, sr-worker and sr-sender; from the first
 *   frame of a view on a third, sr-encoder.
 */

#ifndef SESSION_REPLAY_H
#define SESSION_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The major version of this header; sr_version() returns the version of the loaded library. */
#define SR_VERSION_MAJOR 0
/** The minor version of this header; sr_version() returns the version of the loaded library. */
#define SR_VERSION_MINOR 1
/** The patch version of this header; sr_version() returns the version of the loaded library. */
#define SR_VERSION_PATCH 0
/** The whole version as one number that can be compared: 1.2.3 is 1002003. */
#define SR_VERSION_NUMBER (SR_VERSION_MAJOR * 1000000 + SR_VERSION_MINOR * 1000 + SR_VERSION_PATCH)
#if defined(__cplusplus) && (__cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L))
/** Ignoring the result is a mistake: a string leaks, or nothing is recorded at all. */
#define SR_NODISCARD [[nodiscard]]
#elif defined(__GNUC__)
#define SR_NODISCARD __attribute__((warn_unused_result))
#else
#define SR_NODISCARD
#endif

#if !defined(_WIN32)
/** How a function of the library is called, and a callback of the host's: on Windows as in C (__cdecl), also where the compiler's
 * options say otherwise (/Gv, /Gz). */
#define SR_CALL
#else
#define SR_CALL __cdecl
#endif
#if !defined(_WIN32) || !defined(SR_DLL)
/** Where a function comes from. Define SR_DLL where session_replay.dll is linked: a call then goes there by itself, where it
 * would take a jump more. Never define it for the static library. CMake's target does it. */
#define SR_API
#else
#define SR_API __declspec(dllimport)
#endif

/* Two warnings are off until the end of this file: -Wc++-compat (in C, enum sr_status and sr_status are different types)
 * and -Wpadded. */
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"
#if !defined(__cplusplus)
#pragma GCC diagnostic ignored "-Wc++-compat"
#endif
#endif

/**
 * What a call returns: 0 is success; a positive value is informational, the call succeeded; a negative value is an
 * error, and sr_last_error() says in a sentence what is wrong and what to do.
 *
 * A released value keeps its meaning. New values may be added.
 */
enum sr_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Done.
   */
  SR_OK = 0,
  /**
   * Done, and the replay can't be drawn without a full snapshot (rrweb event type 2): this session has none yet, or the
   * one it had was lost on its way to the server. Have the recorder take one (with rrweb: record.takeFullSnapshot()).
   * If SR_NOT_STORED is true as well, this value is returned, since you must act on it. The sr_record of the full
   * snapshot then returns SR_NOT_STORED; see also "notStored" and "storage" in sr_stats().
   */
  SR_NEEDS_FULL_SNAPSHOT = 1,
  /**
   * Nothing was recorded: the session is not captured. That is no error, so sr_last_error() is ""; "state" in sr_stats() says
   * why (it is not in the sample, the user opted out, capture is off, the device id or session id is missing, the server
   * rejected the session, …), and "advice" what to do. Also for what your own filter drops ("filtered" there counts it).
   */
  SR_NOT_CAPTURED = 2,
  /**
   * Done, but storageDir can't be used ("storage" in sr_stats() says why): the event is kept in memory only, and is lost
   * if the process ends before it is delivered. The directory is tried again after every 512 KiB of events. "notStored"
   * in sr_stats() counts such events.
   */
  SR_NOT_STORED = 3,
  /**
   * sr_init was not called, or sr_shutdown or sr_shutdown_begin was called since.
   */
  SR_ERROR_NOT_INITIALIZED = -1,
  /**
   * An argument is NULL, malformed or out of bounds, or the call is not allowed now, on this thread or in this build.
   */
  SR_ERROR_INVALID_ARGUMENT = -2,
  /**
   * The event is not an rrweb event, or not one that a player can play.
   */
  SR_ERROR_INVALID_JSON = -3,
  /**
   * The event is larger than the option maxSingleEventSizeBytes; the interaction is larger than 32,000 bytes.
   */
  SR_ERROR_EVENT_TOO_LARGE = -4,
  /**
   * The undelivered events of the current session have reached the option storageLimitBytes. Recording resumes as soon
   * as there is room.
   */
  SR_ERROR_BUFFER_FULL = -5,
  /**
   * There is no memory for events, or storageDir can't be used and the limit of events in memory is reached; or a choice can't
   * be remembered (sr_set_opt_out), or not everything deleted (sr_delete_stored), there.
   */
  SR_ERROR_STORAGE = -6,
  /**
   * This process was forked from one that had called sr_init: call sr_init here too.
   */
  SR_ERROR_FORKED = -7,
  /**
   * Not done within the timeout; from sr_flush_poll: not done yet; from sr_respond: too late. Only sr_shutdown loses
   * events then: those that storageDir does not hold.
   */
  SR_ERROR_TIMEOUT = -8,
  /**
   * A fault of this library. The host is not harmed.
   */
  SR_ERROR_INTERNAL = -9,
  /**
   * The system refuses a resource: no thread can be started. sr_last_error() says which limit to raise; then call sr_init
   * again.
   */
  SR_ERROR_RESOURCES = -10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_status sr_status;
#else
typedef int32_t sr_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How much of what an app shows is masked. The stricter a level, the lower its number.
 */
enum sr_masking_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * All text, inputs and images. Frames are only kept with SR_FRAME_MASKS_KNOWN.
   */
  SR_MASK_LEVEL_CONSERVATIVE = 0,
  /**
   * All inputs.
   */
  SR_MASK_LEVEL_MEDIUM = 1,
  /**
   * Passwords.
   */
  SR_MASK_LEVEL_LIGHT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_masking_level sr_masking_level;
#else
typedef uint32_t sr_masking_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How severe a line of the log is.
 */
enum sr_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Somebody has to act.
   */
  SR_LOG_ERROR = 1,
  /**
   * Something was refused or dropped.
   */
  SR_LOG_WARN = 2,
  /**
   * Sessions, batches.
   */
  SR_LOG_INFO = 3,
  /**
   * Everything.
   */
  SR_LOG_DEBUG = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_log_level sr_log_level;
#else
typedef int32_t sr_log_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a filter says about an event.
 */
enum sr_filter_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It is not recorded. Every value but SR_FILTER_KEEP means this.
   */
  SR_FILTER_DROP = 0,
  /**
   * It is recorded; where the filter called sr_filter_replace, that event is, in its place.
   */
  SR_FILTER_KEEP = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_filter_verdict sr_filter_verdict;
#else
typedef int32_t sr_filter_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a view is shown: bits of sr_view_info.flags.
 */
enum sr_view_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It is not seen now: minimized, or behind another tab.
   */
  SR_VIEW_HIDDEN = 1,
  /**
   * Its window has the keyboard.
   */
  SR_VIEW_FOCUSED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_view_flag sr_view_flag;
#else
typedef uint32_t sr_view_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the bytes of a pixel mean, in the order in which they lie in memory. What stands for A is passed over: a frame is opaque.
 */
enum sr_pixel_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * OpenGL's GL_RGBA, Qt's RGBA8888, SDL's RGBA32.
   */
  SR_PIXELS_RGBA = 1,
  /**
   * Qt's RGB32 and ARGB32, cairo's RGB24 and ARGB32, Win32 and Direct3D, all on little-endian machines.
   */
  SR_PIXELS_BGRA = 2,
  /**
   * The same on big-endian machines.
   */
  SR_PIXELS_ARGB = 3,
  /**
   * SDL's ABGR32.
   */
  SR_PIXELS_ABGR = 4,
  /**
   * Three bytes: Qt's RGB888, GdkPixbuf without alpha.
   */
  SR_PIXELS_RGB = 5,
  /**
   * Three bytes: Qt's BGR888, a DIB of 24 bits.
   */
  SR_PIXELS_BGR = 6,
  /**
   * Two bytes, the lower one first: cairo's RGB16_565, Qt's RGB16, SDL's RGB565.
   */
  SR_PIXELS_RGB565 = 7,
  /**
   * An image file that you have encoded, of the type in sr_frame.mime. It is kept as it is: fill what is to be masked first.
   */
  SR_PIXELS_ENCODED = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_pixel_format sr_pixel_format;
#else
typedef uint32_t sr_pixel_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What else is known of a frame: bits of sr_frame.flags.
 */
enum sr_frame_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The last row lies first, as OpenGL and Windows have it.
   */
  SR_FRAME_BOTTOM_UP = 1,
  /**
   * masks names all that is to be masked; nothing is, where it names none. Without this flag a frame is not
   * kept in the level "conservative" (sr_mask_level()), whatever it names.
   */
  SR_FRAME_MASKS_KNOWN = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_frame_flag sr_frame_flag;
#else
typedef uint32_t sr_frame_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an sr_mask does.
 */
enum sr_mask_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing in it is kept.
   */
  SR_MASK_HIDE = 0,
  /**
   * It lies on top of the masks before it in the list, and is seen: a menu that is open over a password field.
   */
  SR_MASK_ON_TOP = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_mask_kind sr_mask_kind;
#else
typedef uint32_t sr_mask_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a node is.
 */
enum sr_node_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Text alone.
   */
  SR_NODE_TEXT = 1,
  /**
   * An image: see sr_node.image.
   */
  SR_NODE_IMAGE = 2,
  /**
   * A button.
   */
  SR_NODE_BUTTON = 3,
  /**
   * A field that text is typed into. What it holds is masked, but in the level "light".
   */
  SR_NODE_INPUT = 4,
  /**
   * A field for a password. What it holds is never kept, and neither is how long it is.
   */
  SR_NODE_PASSWORD = 5,
  /**
   * A box with a check: SR_NODE_FLAG_CHECKED, SR_NODE_FLAG_PARTIAL. With SR_NODE_FLAG_RIGHT its box is at the right.
   */
  SR_NODE_CHECKBOX = 6,
  /**
   * One of several choices: SR_NODE_FLAG_CHECKED. With SR_NODE_FLAG_RIGHT its mark is at the right.
   */
  SR_NODE_RADIO = 7,
  /**
   * A list, a table or a tree. What is in it are nodes of their own.
   */
  SR_NODE_LIST = 8,
  /**
   * A menu or a menu bar. What is in it are nodes of their own.
   */
  SR_NODE_MENU = 9,
  /**
   * What is in a list or a menu; a tab.
   */
  SR_NODE_ITEM = 10,
  /**
   * An area that scrolls. What is in it are nodes of their own, with its place as their clip.
   */
  SR_NODE_SCROLL_AREA = 11,
  /**
   * Anything else: a rectangle, maybe with text.
   */
  SR_NODE_CUSTOM = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_node_kind sr_node_kind;
#else
typedef uint32_t sr_node_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The state of a node, and how its text is set: bits of sr_node.flags.
 */
enum sr_node_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It can't be used now.
   */
  SR_NODE_FLAG_DISABLED = 1,
  /**
   * It has the keyboard.
   */
  SR_NODE_FLAG_FOCUSED = 2,
  /**
   * It is chosen, or pressed.
   */
  SR_NODE_FLAG_SELECTED = 4,
  /**
   * Its check is set.
   */
  SR_NODE_FLAG_CHECKED = 8,
  /**
   * Bold text.
   */
  SR_NODE_FLAG_BOLD = 16,
  /**
   * Slanted text.
   */
  SR_NODE_FLAG_ITALIC = 32,
  /**
   * Text whose letters are all as wide.
   */
  SR_NODE_FLAG_MONOSPACE = 64,
  /**
   * Text in the middle.
   */
  SR_NODE_FLAG_CENTER = 128,
  /**
   * Text at the right.
   */
  SR_NODE_FLAG_RIGHT = 256,
  /**
   * Text of several lines, from the top.
   */
  SR_NODE_FLAG_MULTILINE = 512,
  /**
   * Its text and image are not kept, whatever the level.
   */
  SR_NODE_FLAG_MASKED = 1024,
  /**
   * The check of a box is neither set nor not, as where some of a group are chosen. It goes before SR_NODE_FLAG_CHECKED.
   */
  SR_NODE_FLAG_PARTIAL = 2048,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_node_flag sr_node_flag;
#else
typedef uint32_t sr_node_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the pointer does.
 */
enum sr_pointer
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It moves. Not each move is kept: 20 a second.
   */
  SR_POINTER_MOVE = 1,
  /**
   * A button goes down.
   */
  SR_POINTER_DOWN = 2,
  /**
   * A button goes up.
   */
  SR_POINTER_UP = 3,
  /**
   * A click, behind its SR_POINTER_UP.
   */
  SR_POINTER_CLICK = 4,
  /**
   * A double click.
   */
  SR_POINTER_DOUBLE_CLICK = 5,
  /**
   * A context menu is asked for.
   */
  SR_POINTER_CONTEXT_MENU = 6,
  /**
   * A finger touches.
   */
  SR_POINTER_TOUCH_START = 7,
  /**
   * A finger moves.
   */
  SR_POINTER_TOUCH_MOVE = 8,
  /**
   * A finger is lifted.
   */
  SR_POINTER_TOUCH_END = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sr_pointer sr_pointer;
#else
typedef uint32_t sr_pointer;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Looks at one event before it is stored: length bytes of JSON in UTF-8 as they were recorded, without a NUL at the end, valid
 * during the call only. Returns an sr_filter_verdict. It has to return: an exception that leaves it ends the process; longjmp
 * out of it and pthread_exit in it are undefined.
 */
typedef int32_t (SR_CALL *sr_filter_callback)(void *user_data, const char *event_json, size_t length);

/**
 * Called when a full snapshot is wanted. view: the view whose page has to take it; 0: the page that is the whole replay. Runs
 * on the thread sr-worker. It has to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in
 * it are undefined.
 */
typedef void (SR_CALL *sr_snapshot_callback)(void *user_data, uint64_t view);

/**
 * A view: a rectangle of the app with content of one kind, a window or a part of one. Set size, zero the rest (in C: = {0}),
 * then set what you need. Later versions may add members at the end.
 */
typedef struct {
  /**
   * sizeof(sr_view_info).
   */
  uint32_t size;
  /**
   * sr_view_flag: any of them, or 0.
   */
  uint32_t flags;
  /**
   * Your own number for the view, not 0: a window's id, a pointer. 0: the desk, on which the windows lie; of that only x,
   * y, width, height and background count. Without one the desk is as large as the windows need.
   */
  uint64_t view;
  /**
   * The view that it lies in; 0: the desk. It stays the same as long as the view is there.
   */
  uint64_t parent;
  /**
   * The left edge, in pixels of the replay, from that of the parent. -100000 to 100000, as the three below.
   */
  double x;
  /**
   * The upper edge, from that of the parent.
   */
  double y;
  /**
   * Not negative.
   */
  double width;
  /**
   * Not negative.
   */
  double height;
  /**
   * It lies above its siblings with a lower one; among equals, above those that were there before.
   */
  int32_t z;
  /**
   * Color as 0xAARRGGBB; 0: as usual.
   */
  uint32_t background;
  /**
   * What its title bar says, in UTF-8, which lies above the rectangle; NULL: it has no title bar. Masked in the level
   * "conservative". Cut after 1024 bytes.
   */
  const char *title;
} sr_view_info;

/**
 * A node of a view: one thing that is seen in it. Set size, zero the rest (in C: = {0}), then set what you need. Later
 * versions may add members at the end.
 */
typedef struct {
  /**
   * sizeof(sr_node), the same in all nodes of a list.
   */
  uint32_t size;
  /**
   * An sr_node_kind.
   */
  uint32_t kind;
  /**
   * Names the node from one list to the next: any number that is its own in the list, like a pointer to the widget. 0: the
   * n-th node of its kind without one is the n-th of the list before.
   */
  uint64_t id;
  /**
   * sr_node_flag: any of them, or 0.
   */
  uint32_t flags;
  /**
   * 1 + the place in the list of an earlier node, at whose edges this one is cut off, like a scroll area's; 0: at the view's.
   */
  uint32_t clip;
  /**
   * The left edge, in pixels from that of the view. -100000 to 100000, as the three below.
   */
  float x;
  /**
   * The upper edge, in pixels from that of the view.
   */
  float y;
  /**
   * Not negative.
   */
  float width;
  /**
   * Not negative.
   */
  float height;
  /**
   * Color of the text as 0xAARRGGBB; 0: as usual for its kind.
   */
  uint32_t color;
  /**
   * Color behind it; 0: as usual.
   */
  uint32_t background;
  /**
   * Color of its border; 0: as usual.
   */
  uint32_t border;
  /**
   * Size of the text in pixels, up to 1000; 0: as usual.
   */
  float font_size;
  /**
   * What it says or holds, in UTF-8; NULL: nothing. Cut after 4096 bytes.
   */
  const char *text;
  /**
   * What an image shows: a URL that begins with "data:image/", at most 65536 bytes; NULL: a plain area with its text. Not
   * kept in the level "conservative".
   */
  const char *image;
} sr_node;

/**
 * A rectangle in pixels of a frame. It may reach beyond the frame. It never grows by a member.
 */
typedef struct {
  /**
   * The left edge.
   */
  int32_t x;
  /**
   * The upper edge.
   */
  int32_t y;
  /**
   * To the right; to the left where it is negative.
   */
  int32_t width;
  /**
   * Downwards; upwards where it is negative.
   */
  int32_t height;
} sr_rect;

/**
 * A part of a frame that is masked, or lies on top of such a part. Set size, zero the rest (in C: = {0}), then set what you
 * need. Later versions may add members at the end.
 */
typedef struct {
  /**
   * sizeof(sr_mask), the same in all masks of a list.
   */
  uint32_t size;
  /**
   * An sr_mask_kind.
   */
  uint32_t kind;
  /**
   * Where it lies.
   */
  sr_rect rect;
} sr_mask;

/**
 * What a view shows at a moment, as pixels. Set size, zero the rest (in C: = {0}), then set what you need. Later versions may
 * add members at the end.
 */
typedef struct {
  /**
   * sizeof(sr_frame).
   */
  uint32_t size;
  /**
   * An sr_pixel_format.
   */
  uint32_t format;
  /**
   * The view that shows it.
   */
  uint64_t view;
  /**
   * Pixels in a row: 1 to 16384.
   */
  uint32_t width;
  /**
   * Rows: 1 to 16384.
   */
  uint32_t height;
  /**
   * Pixels of the frame in one unit of the view, 0.25 to 16: 2 on many displays. 0: 1.
   */
  double scale;
  /**
   * sr_frame_flag: any of them, or 0.
   */
  uint32_t flags;
  /**
   * Bytes from the begin of a row in memory to that of the next; 0: the rows have no gap.
   */
  uint32_t stride;
  /**
   * The first byte in memory.
   */
  const void *pixels;
  /**
   * How many bytes there are.
   */
  size_t length;
  /**
   * damage_count rectangles; nothing outside of them has changed since the last frame that was handed over. With a count of
   * 0 anything may have.
   */
  const sr_rect *damage;
  /**
   * See damage.
   */
  size_t damage_count;
  /**
   * mask_count masks in paint order, at most 1024; what comes later lies on top.
   */
  const sr_mask *masks;
  /**
   * See masks.
   */
  size_t mask_count;
  /**
   * Of SR_PIXELS_ENCODED: "image/png", "image/jpeg" or "image/webp". Otherwise NULL.
   */
  const char *mime;
  /**
   * When it was shown, in milliseconds since 1970; 0: now.
   */
  int64_t timestamp_ms;
} sr_frame;

/**
 * An HTTP request of the program that has ended, well or not. Set size, zero the rest (in C: = {0}), then set what you know.
 * Later versions may add members at the end.
 */
typedef struct {
  /**
   * sizeof(sr_request_info).
   */
  uint32_t size;
  /**
   * The status of the response, like 200; 0: there was none.
   */
  uint32_t status;
  /**
   * Like "POST", in UTF-8; NULL: "GET". Cut after 32 bytes.
   */
  const char *method;
  /**
   * Where it went, in UTF-8. Cut after 8192 bytes. Needed.
   */
  const char *url;
  /**
   * When it began, in milliseconds since 1970; 0: as long ago as it took. A time in the future counts as now.
   */
  int64_t started_ms;
  /**
   * How long it took, in milliseconds.
   */
  uint64_t duration_ms;
  /**
   * The headers that were sent, as HTTP writes them: "Name: value" a line, in UTF-8; NULL: not known.
   */
  const char *request_headers;
  /**
   * Those of the response. Of several blocks, each of which begins with its "HTTP/" line, the last one counts.
   */
  const char *response_headers;
  /**
   * What was sent; NULL: not known. Kept only where loggingConfig says so ("network", "body"), as is the response's.
   */
  const char *request_body;
  /**
   * Its bytes.
   */
  size_t request_body_length;
  /**
   * What came back; NULL: not known.
   */
  const char *response_body;
  /**
   * Its bytes.
   */
  size_t response_body_length;
  /**
   * Why there is no response, in words, in UTF-8; NULL: there is one. Cut after 1024 bytes.
   */
  const char *error;
} sr_request_info;

/**
 * Returns the session id of the analytics library: milliseconds since 1970; 0 or less when there is none. Runs on the
 * thread that calls sr_segment_process, with that thread's own cancellation state. It must return, or end its thread
 * (pthread_exit, pthread_cancel). longjmp and exceptions out of it are undefined.
 */
typedef int64_t (SR_CALL *sr_session_getter)(void *user_data);

/**
 * Writes the device id of the analytics library, in UTF-8, into buffer, which has room for size bytes, and returns its
 * length in bytes, as snprintf does; 0 when there is none. A length of size or more is no device id. It runs and
 * may end as an sr_session_getter does.
 */
typedef size_t (SR_CALL *sr_device_getter)(void *user_data, char *buffer, size_t size);

/**
 * Receives one line of the log: UTF-8, ends in NUL, valid during the call only. Runs on a thread of the library. It has
 * to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are undefined.
 */
typedef void (SR_CALL *sr_log_callback)(void *user_data, sr_log_level level, const char *message);

/**
 * An HTTP request for the host to make. Later versions may add members at the end.
 *
 * Everything in it belongs to the library and is valid during the callback only: copy what you need longer.
 */
typedef struct {
  /**
   * The id to pass to sr_respond. Never 0, never reused in this process.
   */
  uint64_t id;
  /**
   * "POST" or "GET".
   */
  const char *method;
  /**
   * The URL.
   */
  const char *url;
  /**
   * The headers as a JSON object of texts, like {"Content-Type": "application/json"}. Send exactly these.
   */
  const char *headers_json;
  /**
   * The body: body_length bytes, which may contain zeros; NULL when there is none.
   */
  const char *body;
  /**
   * Length of body in bytes.
   */
  size_t body_length;
  /**
   * Milliseconds within which the response must come. A later one is ignored and counts as none.
   */
  uint32_t timeout_ms;
} sr_request;

/**
 * Makes an HTTP request, or starts it: pass the response to sr_respond, from any thread, now or later. Runs on the thread
 * sr-sender. It has to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are
 * undefined.
 */
typedef void (SR_CALL *sr_transport_callback)(void *user_data, const sr_request *request);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library, like "1.2.3".
 *
 * Ownership: static. Threads: any. Blocks: never.
 */
SR_API const char *SR_CALL sr_version(void);

/**
 * Starts recording for the whole process.
 *
 * api_key: the key of the Amplitude project, UTF-8, ends in NUL.
 * options_json: a JSON object (docs/guide/options.md lists the keys), UTF-8, ends in NUL; NULL for the defaults. By
 * default nothing is captured: set "sampleRate" (default 0) here or in the remote configuration.
 *
 * Both are copied. Opens no connection: the library's thread sr-sender does that.
 * Returns SR_OK; SR_NOT_STORED when storageDir can't be used, so that events are kept in memory only;
 * SR_ERROR_INVALID_ARGUMENT for an invalid key or option (sr_last_error() names it), or when recording has started
 * already; SR_ERROR_RESOURCES when no thread can be started.
 * Threads: any. Blocks: while it starts two threads and, with a storageDir, creates and reads some small files; where
 * earlier runs left more than storageLimitBytes, about 50 ms more, to count and remove the oldest of it
 * (docs/guide/storage.md); never for the network.
 */
SR_NODISCARD
SR_API sr_status SR_CALL sr_init(const char *api_key,
                                 const char *options_json);

/**
 * Sends what is recorded and waits until the server has it, for at most timeout_ms milliseconds. With 0 it only starts
 * the delivery and returns at once.
 *
 * Returns SR_OK, or SR_ERROR_TIMEOUT: then nothing is dropped and delivery goes on.
 * Threads: any; with a timeout above 0, any but those that the callbacks run on. Blocks: up to timeout_ms.
 */
SR_API sr_status SR_CALL sr_flush(uint32_t timeout_ms);

/**
 * Starts a flush and returns at once: for hosts with an event loop, which must not block. Call sr_flush_poll from a timer
 * to learn whether it is done.
 *
 * Returns the id of this flush, greater than 0, or -1 on an error: sr_last_error() says why.
 * Threads: any. Blocks: never.
 */
SR_API int64_t SR_CALL sr_flush_begin(void);

/**
 * Tells whether the server has everything that was recorded before sr_flush_begin or sr_shutdown_begin returned this id,
 * and every frame that sr_view_frame had taken.
 *
 * Returns SR_OK when it has; SR_ERROR_TIMEOUT when it has not yet: nothing is dropped and delivery goes on;
 * SR_ERROR_NOT_INITIALIZED when the recording that returned this id has been shut down.
 * Threads: any. Blocks: never.
 */
SR_API sr_status SR_CALL sr_flush_poll(int64_t flush);

/**
 * Starts a shutdown and returns at once: recording has ended but for frames that wait for sr-encoder, and delivery goes on. sr_flush_begin, sr_flush_poll,
 * sr_shutdown, sr_respond, sr_mark_crash and the setters of the log callback and the transport still work; every other
 * call behaves as after sr_shutdown. Call sr_flush_poll to learn whether delivery is done; then, or when you can wait no
 * longer, call sr_shutdown(0). Until then sr_init is refused.
 *
 * Returns an id for sr_flush_poll, greater than 0, or -1 on an error: sr_last_error() says why.
 * Threads: any. Blocks: never.
 */
SR_API int64_t SR_CALL sr_shutdown_begin(void);

/**
 * Ends recording, sends what is left for at most timeout_ms milliseconds, stops the library's threads and releases
 * everything. sr_init may be called again afterwards.
 *
 * Returns SR_OK, or SR_ERROR_TIMEOUT: then what was not sent waits in storageDir for the next sr_init with the
 * same key and directory; what storageDir does not hold, or without one everything, is lost. While this call waits,
 * sr_shutdown(0) from another thread ends the wait. sr_shutdown also ends a wait in sr_flush, which then returns
 * SR_ERROR_NOT_INITIALIZED if not everything was delivered.
 * After a timeout a callback may still be running: set it to NULL, which waits for it, before you free what it uses.
 * The library may be unloaded (dlclose) afterwards.
 * Threads: any but those that the callbacks run on.
 * Blocks: up to timeout_ms, and up to 200 ms more to cut off a request in progress, 250 ms more to end the image of a frame
 * (sr_view_frame); then files are closed.
 */
SR_API sr_status SR_CALL sr_shutdown(uint32_t timeout_ms);

/**
 * How many times sr_init has started recording in this process: 0 before the first time. sr_shutdown does not change it.
 * Note it after your sr_init: if it is larger later, somebody else has started recording since, and you should not shut
 * that down.
 *
 * Threads: any. Blocks: never.
 */
SR_API uint64_t SR_CALL sr_start_count(void);

/**
 * Sets the id of the current analytics session: milliseconds since 1970, greater than 0. Call it when the analytics
 * library has a session, and again whenever it begins another.
 *
 * The same id as before: nothing happens, and it returns SR_OK. Another id: an sr_record that begins after this call
 * has returned belongs to the new session; one that returned before this call began, to the old; one at the same time, to
 * exactly one of them. Returns SR_NEEDS_FULL_SNAPSHOT (take one now), or SR_NOT_CAPTURED when the new session is not captured.
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
 */
SR_API sr_status SR_CALL sr_set_session_id(int64_t session_id_ms);

/**
 * As sr_set_session_id, for a session id that is a text: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes.
 * UTF-8, ends in NUL; copied.
 *
 * Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT, SR_NOT_CAPTURED; SR_ERROR_INVALID_ARGUMENT for a text that is not allowed,
 * and for "0" and "-1", as for the numbers: they mean "no session".
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
 *
 * session_id points to text that ends in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_set_session_id_string(const char *session_id);

/**
 * Sets the device id, the one that the analytics events carry: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes. UTF-8, ends in
 * NUL; copied.
 *
 * The same id as before: nothing happens, and it returns SR_OK. Another id begins another replay: returns
 * SR_NEEDS_FULL_SNAPSHOT, or SR_NOT_CAPTURED.
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
 *
 * device_id points to text that ends in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_set_device_id(const char *device_id);

/**
 * Stops recording because the user opted out (true), or resumes it (false). What was recorded before is still
 * delivered, unless sr_delete_stored deletes it. With the option rememberOptOut later starts hold to it, until
 * sr_set_opt_out(false): noted when this returns, so that the end of the process loses it no more; for a power cut some
 * milliseconds later.
 *
 * Returns SR_OK when nothing changes, SR_NOT_CAPTURED when recording is off now, SR_NEEDS_FULL_SNAPSHOT when it is on
 * again, or SR_NOT_CAPTURED if something else keeps it off (a pause: sr_pause); SR_ERROR_STORAGE when the choice can't be
 * remembered: it holds for this run, and noting it is tried again.
 * Threads: any. Blocks: never; with rememberOptOut it makes or removes an empty file; in a program with views (sr_view_place), as
 * sr_record.
 */
SR_API sr_status SR_CALL sr_set_opt_out(bool opt_out);

/**
 * Pauses recording: the host's wish, beside the user's (sr_set_opt_out). Nothing is recorded until sr_resume, and analytics events get
 * no replay properties; what was recorded before is still delivered. A second call changes nothing: one sr_resume
 * ends it. It ends with sr_shutdown, too.
 *
 * Returns SR_NOT_CAPTURED; SR_OK when it is paused already.
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
 */
SR_API sr_status SR_CALL sr_pause(void);

/**
 * Ends what sr_pause began, and no opt-out. Recording goes on in the same session, with a full snapshot.
 *
 * Returns SR_NEEDS_FULL_SNAPSHOT (take one now); SR_NOT_CAPTURED if something else keeps recording off ("state" in sr_stats());
 * SR_OK when it is not paused, and in a program whose views (sr_view_place) have no page.
 * Threads: any. Blocks: never; in a program with views, as sr_record.
 */
SR_API sr_status SR_CALL sr_resume(void);

/**
 * Deletes every event that was recorded with this API key and is not delivered: of this run, of the current session too, and of
 * runs that have ended, which storageDir holds. For "delete what you know of me": opt out first (sr_set_opt_out), or recording
 * goes on with a full snapshot.
 *
 * What has left has left: a request that is being made is not called back, but not made again either. Its events stay on the disk, marked as deleted, until it has
 * ended, at the latest until sr_shutdown returns; if the process is killed before, until the next start. What other living
 * processes recorded into the directory, or have taken over from runs that have ended, stays theirs: call this in each. The ids of session and device, a remembered
 * opt-out, the last remote configuration and that targeting chose the current session stay; the rest of what targeting remembers
 * goes. "dropped.deleted" in sr_stats() counts what was deleted.
 * Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT where recording goes on (take one now); SR_ERROR_STORAGE when something in storageDir could
 * be neither removed nor marked as deleted, so that a later start might send it: sr_last_error() says what to do, and the rest is
 * deleted. If the process ends within this call, some of it may be left: call it again.
 * Threads: any. Blocks: while it reads what earlier runs left, if that is not done yet, and removes files: milliseconds for each
 * few megabytes; never for the network.
 */
SR_API sr_status SR_CALL sr_delete_stored(void);

/**
 * Makes the current session a captured one, if it is held (option onErrorSampleRate): what is kept of it is sent, and what
 * follows. A custom event "session-replay-trigger" is recorded, which tells the reason and how long the session was held. Where the
 * session is captured already, that event is recorded and nothing else happens.
 *
 * reason: for the reader of the replay, like "assertion failed"; 1 to 1,000 bytes of UTF-8, ends in NUL; copied.
 * Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT (take one now) or SR_NOT_STORED, as sr_record; SR_NOT_CAPTURED when there is no session
 * that is held or captured: "state" in sr_stats() says why; SR_ERROR_INVALID_ARGUMENT for a reason that is not allowed. While a held
 * session is paused, or its user idle: SR_OK; what is kept is sent, and the session is captured once recording goes on.
 * Threads: any, but not from a signal handler: a crash needs no call, the next start delivers what was held. Blocks: as sr_record.
 *
 * reason points to text that ends in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_capture_now(const char *reason);

/**
 * The current session id; -1 when there is none or it is not a number, and before sr_init and after sr_shutdown.
 *
 * Threads: any. Blocks: never.
 */
SR_API int64_t SR_CALL sr_get_session_id(void);

/**
 * The id of the replay, "<device id>/<session id>"; NULL while one of them is missing, and before sr_init and
 * after sr_shutdown. It is given whether or not the session is captured: for analytics events take
 * sr_get_session_replay_properties().
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD SR_API char *SR_CALL sr_get_session_replay_id(void);

/**
 * The address of this moment in the replay, for a support ticket or a crash report: the option replayUrlTemplate with its
 * placeholders filled in, percent-encoded. docs/guide/links.md has the templates for Amplitude's app and for the viewer.
 *
 * NULL where there is no such address, and sr_last_error() says why: the option is not set, the session is not captured or the
 * remote configuration is still awaited, before sr_init and after sr_shutdown. The address has the device id and the session id
 * in it.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any, but not in a handler of crashes: keep the address that you got before. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_get_session_replay_url(void);

/**
 * The properties to add to every analytics event, as a JSON object: {"[Amplitude] Session Replay ID": "…"}, and
 * "[Amplitude] Session Replay Debug" with the option debugMode. Empty, {}, while the session is not captured or
 * the remote configuration is still awaited. NULL only before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_get_session_replay_properties(void);

/**
 * What the recorder in a page must mask and block, as a JSON object: the option privacyConfig merged with the remote
 * configuration, with every member of the browser SDK's privacyConfig. The library itself masks the nodes of views
 * (sr_view_nodes) and no page: pass this to the recorder. While the remote configuration is awaited ("state" in sr_stats() is "waiting-for-remote-config") the
 * result holds only the option: call again afterwards. NULL before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_get_privacy_config(void);

/**
 * What the recorder in a page is to do, as a JSON object: "privacyConfig" as sr_get_privacy_config gives it; and, where they
 * are on, "loggingConfig" (console, requests, errors) and "interactionConfig" (heatmaps, how addresses are told), of the
 * options and the remote configuration. Pass it to the recorder (`sessionReplayRecorder.setConfig`). While the remote
 * configuration is awaited ("state" in sr_stats() is "waiting-for-remote-config") the result holds only the options: call
 * again afterwards. NULL before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_get_page_config(void);

/**
 * The level of masking in force: what has to be masked in the pixels that you hand over, of which the library knows only what
 * sr_frame.masks names. Ask when you read a frame, and again when you hand it over, if that is later: the remote configuration may
 * have made it stricter.
 *
 * SR_MASK_LEVEL_CONSERVATIVE also while nothing is captured and while the remote configuration is awaited, before sr_init and after
 * sr_shutdown. When it becomes stricter, nodes and titles that are shown are masked at once, and pixels are taken away: hand them
 * over again. When it becomes looser, what may be seen is shown once it is handed over again.
 * Threads: any. Blocks: never.
 */
SR_API sr_masking_level SR_CALL sr_mask_level(void);

/**
 * Statistics of this recording, as a JSON object: what was recorded, refused, dropped and delivered, what waits, the last
 * error, and, if nothing is captured, why ("state", "advice"). docs/guide/c-api.md explains each member.
 * NULL before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_stats(void);

/**
 * Records one rrweb event: a JSON object with a numeric "type" and a numeric "timestamp", in UTF-8. length is in
 * bytes; the text need not end in NUL. It is copied.
 *
 * Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT (recorded, but this session has no full snapshot: take one);
 * SR_NOT_STORED (recorded in memory only); SR_NOT_CAPTURED (not recorded, by configuration); SR_ERROR_INVALID_JSON when it
 * does not begin with { and end with }; SR_ERROR_EVENT_TOO_LARGE; SR_ERROR_BUFFER_FULL; SR_ERROR_STORAGE.
 * Whether it is an rrweb event that a player can play is checked later on another thread, which drops an invalid event and
 * counts it in sr_stats() (dropped.invalidEvent). With the option validateOnRecord the check happens in this call, which
 * then returns SR_ERROR_INVALID_JSON. sr_last_error() names the member that is wrong: the types 2 to 6 need an object
 * "data", with an object "node" (type 2), a numeric "source" (type 3), a numeric "width" and "height" (type 4).
 * docs/guide/c-api.md has the rest.
 * With a storageDir, an event for which SR_OK was returned survives exit, kill and crash of the process; not always a
 * power cut.
 * Threads: any number at once; the events of one thread keep their order.
 * Blocks: only when a chunk of the buffer (512 KiB) is full and sr-worker has not prepared the next one: then this call
 * makes one, a file with a storageDir, or, where the buffer is full, waits for the thread that is making one or room for
 * one: at most 0.1 s, on a machine that lets nobody run for longer 0.5 s. Within a chunk nearly every call
 * allocates nothing and makes no system call. A thread's first event in a chunk, and after what is told has changed (a
 * full snapshot came, or is missing), may allocate a little and wake sr-worker.
 *
 * event_json points to length bytes; NULL is refused.
 */
SR_API sr_status SR_CALL sr_record(const char *event_json,
                                   size_t length);

/**
 * Records many events, one per line (JSON Lines), each as sr_record does; empty lines are skipped. For hosts where each
 * call is expensive, or that receive events in bulk.
 *
 * accepted (may be NULL) receives the number of events that were recorded. Stops at the first event that is refused and
 * returns the error. Otherwise returns SR_NEEDS_FULL_SNAPSHOT if a full snapshot is missing after the last event, else
 * SR_NOT_STORED if one of the events is in memory only, else the status of the last event; SR_OK when there is no event. To go on after a refused event, use sr_record_lines_until.
 * Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
 *
 * json_lines points to length bytes, NULL is refused; accepted points to a size_t or is NULL.
 */
SR_API sr_status SR_CALL sr_record_lines(const char *json_lines,
                                         size_t length,
                                         size_t *accepted);

/**
 * As sr_record_lines, and tells how many bytes were read; accepted can't tell that, since it does not count events with
 * SR_NOT_CAPTURED. Returns SR_OK and the others as sr_record_lines does.
 *
 * end (may be NULL) receives the number of bytes that were read, including the refused event and its line feed: the next
 * event begins at json_lines + end. It is length when no event was refused, and 0 when the call failed before the first.
 * Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
 *
 * json_lines points to length bytes, NULL is refused; accepted and end point to a size_t each or are NULL.
 */
SR_API sr_status SR_CALL sr_record_lines_until(const char *json_lines,
                                               size_t length,
                                               size_t *accepted,
                                               size_t *end);

/**
 * Sets a filter that keeps, drops or replaces each event before it is stored, in memory or on disk; NULL removes it. It outlives
 * sr_shutdown. Call it before sr_init, so that it sees the first event. A forked process has the
 * filter of its parent, and may set another before its own sr_init.
 *
 * The filter runs on the thread that records, in the call that records, on as many threads at once as record, and with no lock
 * of the library held. It sees what is captured: the events of sr_record, sr_record_lines, sr_record_lines_until and
 * sr_view_record, those that sr_record_custom, sr_record_log and sr_record_request make (secrets are masked by then), and clicks
 * and scroll depths, of sr_record_interaction too, as a custom event with the tag "session-replay-interaction". It does not see
 * what the library makes of views, frames, nodes, pointer and keys, of which each event builds on those before: leave out there
 * what must not be seen.
 * A call whose event is dropped returns SR_NOT_CAPTURED, and "filtered" in sr_stats() counts it. After a full snapshot that is
 * dropped the replay can't be drawn until another is recorded: the library asks for one at once, and after each that is dropped, too,
 * later: after 5 s, 10 s, up to 5 min. Keep the Meta event (type 4) that comes before a full snapshot.
 * It may call any sr_ function but sr_shutdown; calls that record events there (sr_capture_now is one) are refused with
 * SR_ERROR_INVALID_ARGUMENT, since nothing would filter them.
 * While a filter is set, sr_record takes a slower way: docs/guide/performance.md has the figures. Without one it costs nothing.
 * When this returns, the previous filter is not called any more, and is not running. Inside a callback of the library's (filter, log,
 * snapshot, transport, getter) this does not wait, since two that replace each other would wait for ever: a call of the previous
 * filter may then still be running.
 * sr_shutdown does not wait for it.
 * Returns SR_OK. Threads: any. Blocks: while the previous filter is running; inside a callback, never.
 */
SR_API sr_status SR_CALL sr_set_filter(sr_filter_callback callback,
                                       void *user_data);

/**
 * Inside a filter: gives the event that is recorded in place of the one that the filter was called with, if it then returns
 * SR_FILTER_KEEP. It is copied: yours stays yours. Of several calls the last counts.
 *
 * The replacement is an event of the same "type", which a player can play (the check of validateOnRecord). It may be larger than
 * the event, up to the option maxSingleEventSizeBytes: beyond that the call that records returns SR_ERROR_EVENT_TOO_LARGE. The
 * timestamp of those that the library makes, as of a line of the log, stays the library's.
 * Returns SR_OK; SR_ERROR_INVALID_JSON when it is no such event; SR_ERROR_INVALID_ARGUMENT when it is of another type, and
 * outside of a filter. After an error neither the event nor the replacement is recorded, whatever the filter returns, unless
 * another call succeeds.
 * Threads: that of the filter. Blocks: never.
 *
 * event_json points to length bytes, which need not end in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_filter_replace(const char *event_json,
                                           size_t length);

/**
 * Sets the callback that is called when a full snapshot is wanted; NULL removes it. For a window in which nothing moves: it
 * records nothing, so that no call returns SR_NEEDS_FULL_SNAPSHOT, and its new session would stay empty. May be called before
 * sr_init; in a forked process, only after sr_init.
 *
 * It is called once for each want: another session began, recording began late or was resumed, a chunk was lost, the server
 * rejected something that the rest builds on. Not at once, but when the want has lasted for 250 ms: a host that is told by the
 * status of a call has met it by then. What is wanted already when this is called counts, too. Not again for the same want,
 * however much is lost meanwhile: sr_wants_full_snapshot tells whether it is met.
 * In a program with views the library takes the full snapshot of the scene itself; only pages (sr_view_record) are asked for
 * theirs, each by its view, once in each part of the recording.
 * The callback runs on the thread sr-worker, one call at a time, never on a thread of the host, and should return soon:
 * have the page take its full snapshot from there on, or on its own thread. It may call any sr_ function but sr_shutdown, and
 * sr_flush only with 0. sr_shutdown does not wait for it; after another sr_init it is not called before
 * it has returned. When this returns, the previous callback is not called any more, and is not running. Inside a callback of the
 * library's (as listed at sr_set_filter) this does not wait: a call of the previous one may then still be running.
 * Returns SR_OK, or SR_ERROR_FORKED. Threads: any. Blocks: while the previous callback is running; inside a callback, never.
 */
SR_API sr_status SR_CALL sr_set_snapshot_callback(sr_snapshot_callback callback,
                                                  void *user_data);

/**
 * Whether a full snapshot is wanted now, for hosts that can't be called back: ask a few times a second, or in each frame.
 *
 * view: whether the page in this view has to take one; 0: whether any page has to. False while nothing is captured, before
 * sr_init and after sr_shutdown. In a program with views but no page it is always false.
 * Threads: any. Blocks: never.
 */
SR_API bool SR_CALL sr_wants_full_snapshot(uint64_t view);

/**
 * Records a click or a scroll depth for heatmaps, where interactionConfig is on (the option, or the remote configuration). It is
 * no event of the replay, and travels in requests of its own. Pages that the web recorder records tell theirs by themselves.
 *
 * event_json: a JSON object of at most 32,000 bytes, in UTF-8; copied. A click: {"type":"click","x":…,"y":…,"selector":…,
 * "viewportWidth":…,"viewportHeight":…,"pageUrl":…,"timestamp":…}, of which the selector may be missing. A scroll:
 * {"type":"scroll","maxScrollX":…,"maxScrollY":…,"maxScrollWidth":…,"maxScrollHeight":…,"viewportWidth":…,"viewportHeight":…,
 * "pageUrl":…,"timestamp":…}. Pixels of CSS from the top left of the page; timestamp in milliseconds since 1970.
 * docs/guide/heatmaps.md says more.
 * Returns SR_OK; SR_NOT_STORED (recorded in memory only); SR_NOT_CAPTURED (not recorded: the session is not captured, or
 * interactionConfig is not on); SR_ERROR_INVALID_JSON when it is not as above, and sr_last_error() names the member;
 * SR_ERROR_EVENT_TOO_LARGE; SR_ERROR_BUFFER_FULL; SR_ERROR_STORAGE.
 * With a storageDir, an interaction for which SR_OK was returned survives as an event does: see sr_record.
 * Threads: any. Blocks: the first of a session and of a batch (30 to 60 s) makes a file with a storageDir.
 *
 * event_json points to text that ends in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_record_interaction(const char *event_json);

/**
 * Whether what is recorded now would be captured: ask before work that is only for the replay, like walking over widgets.
 *
 * Returns true when it would; false when not, and before sr_init and after sr_shutdown.
 * True as well while the user is idle (option idleTimeoutMs), since an action would be recorded: go on telling of them.
 * Threads: any. Blocks: never.
 */
SR_API bool SR_CALL sr_is_capturing(void);

/**
 * Shows a view, and tells whenever it moves, resizes, is raised, hidden or shown again. docs/guide/views.md has examples.
 *
 * A program either shows views, or is one page and calls sr_record: the library makes the document and the full snapshots
 * of a replay with views. What is captured of a session that begins later includes the views that are there then.
 * Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT (the page in this view has none: take one of that page);
 * SR_NOT_STORED; SR_NOT_CAPTURED (it is placed, and shows once something is captured); the errors of sr_record.
 * SR_ERROR_INVALID_ARGUMENT also when 256 views are there already, the parent is not, or views lie more than 8 deep.
 * Threads: any; the calls of one thread keep their order. Blocks: as sr_record.
 *
 * view is copied; NULL is refused.
 */
SR_API sr_status SR_CALL sr_view_place(const sr_view_info *view);

/**
 * Takes a view away, with those that lie in it.
 *
 * Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT when it is not there.
 * Threads: any. Blocks: as sr_record.
 */
SR_API sr_status SR_CALL sr_view_close(uint64_t view);

/**
 * Says what is seen in a view: all its nodes in paint order, so that what lies on top comes last. The library finds out what changed; a
 * list that did not change is not recorded. A view that was never placed is as large as its nodes.
 *
 * Call it after the toolkit has painted, at most some times a second, with what is seen; and again when sr_is_capturing()
 * turns true: nothing is kept while nothing is captured.
 * What is masked, privacyConfig says ("defaultMaskLevel", docs/guide/views.md): passwords always; in "medium", the default,
 * what inputs hold; in "conservative", and while the remote configuration is awaited, all text and images; and what has
 * SR_NODE_FLAG_MASKED.
 * Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT when a node is
 * malformed, or all views together would have more than 10000 nodes or 2000000 bytes of texts and images: then the list
 * before stays.
 * Threads: any; the calls of one thread keep their order. Blocks: as sr_record.
 *
 * nodes points to count nodes; NULL with a count of 0 only. They and their texts are copied.
 */
SR_API sr_status SR_CALL sr_view_nodes(uint64_t view,
                                       const sr_node *nodes,
                                       size_t count);

/**
 * Records events of the page in a view (of a web view), one per line, each as sr_record does: they are kept as safely. The
 * view has been placed; from now on the page is its content. Each full snapshot begins a document with node ids of its own, as a page does
 * that navigates or reloads; what is recorded after it is of that document. Node ids may be those of another view's page.
 *
 * accepted (may be NULL) receives the number of events that were recorded. Stops at the first event that is refused. rrweb's
 * events Load and DomContentLoaded have no meaning in a view: they are accepted and not kept.
 * Returns SR_OK and the others as sr_record_lines does; SR_NEEDS_FULL_SNAPSHOT means the page of this view: after its first events, where
 * its full snapshot was refused, and whenever the replay goes on somewhere else, in another session or behind a gap. SR_ERROR_INVALID_ARGUMENT when the view is not there.
 * Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
 *
 * json_lines points to length bytes, NULL is refused; accepted points to a size_t or is NULL.
 */
SR_API sr_status SR_CALL sr_view_record(uint64_t view,
                                        const char *json_lines,
                                        size_t length,
                                        size_t *accepted);

/**
 * Tells what the pointer does in a view: x and y are pixels from the view's upper left corner. kind is an sr_pointer. Not for
 * a view with a page, whose events tell it themselves.
 *
 * timestamp_ms: when, in milliseconds since 1970; 0: now. A time in the future counts as now.
 * Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT for another kind, when x or
 * y is not finite, and when the view is not there.
 * Threads: any. Blocks: as sr_record.
 */
SR_API sr_status SR_CALL sr_view_pointer(uint64_t view,
                                         uint32_t kind,
                                         double x,
                                         double y,
                                         int64_t timestamp_ms);

/**
 * Tells that a key was pressed in a view: "Enter", "Tab", "Escape", "ArrowUp", "F1", "Ctrl+S"; never what is typed: a name
 * that may be text is refused. Modifiers are Ctrl, Alt, Shift and Meta; a single character needs Ctrl or Meta, and no Alt.
 *
 * timestamp_ms: as in sr_view_pointer.
 * Returns SR_OK; SR_NOT_STORED; SR_NOT_CAPTURED; the errors of sr_record; SR_ERROR_INVALID_ARGUMENT for another name, and when
 * the view is not there.
 * Threads: any. Blocks: as sr_record.
 *
 * name points to text that ends in NUL; NULL is refused.
 */
SR_API sr_status SR_CALL sr_view_key(uint64_t view,
                                     const char *name,
                                     int64_t timestamp_ms);

/**
 * Records an event of your own, as rrweb's record.addCustomEvent() does: a breadcrumb, the name of a screen.
 *
 * tag: its name, 1 to 256 bytes. payload_json: any JSON; NULL: null. Both in UTF-8, end in NUL and are copied.
 * Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT.
 * SR_ERROR_INVALID_JSON when the payload is not JSON.
 * Threads: any. Blocks: as sr_record.
 */
SR_API sr_status SR_CALL sr_record_custom(const char *tag,
                                          const char *payload_json);

/**
 * Shows a frame in a view, which is made where there is none, as large as the frame. Pixels are its content from now on.
 *
 * Ask sr_view_next_frame_ms() first when to paint or read one. The call masks, compares with the frame before and copies
 * what changed; the library's thread sr-encoder, which begins with the first frame, makes images of that and records them. At
 * most two frames wait for it: what a kill can take. They belong to a flush or shutdown that begins after this call:
 * sr_flush and sr_shutdown wait for them, within their time, and sr_flush_poll() tells when they have arrived.
 * A mask holds for one frame longer than it is named, also where that frame is not kept; but nothing is known of frames from
 * before a view was first captured, so name all masks then. In the level "conservative", and while the remote configuration is
 * awaited, a frame without SR_FRAME_MASKS_KNOWN is not kept: ask sr_mask_level() before you read one.
 * Returns SR_OK, also when nothing changed, and when the frame came too early or two wait already: then what it shows is
 * found with the next one. SR_NOT_CAPTURED also when it has to say that its masks are known and does not. SR_NOT_STORED; the errors of
 * sr_record; SR_ERROR_INVALID_ARGUMENT also when 256 views are there already; SR_ERROR_RESOURCES when sr-encoder can't be
 * started. What fails on its thread is in the log.
 * Threads: any; of two that show the same view at once, one frame may be passed over. Blocks: as sr_record; never for the
 * encoder.
 *
 * frame and all it points to are only read during the call, in which nobody changes them. NULL is refused.
 */
SR_API sr_status SR_CALL sr_view_frame(const sr_frame *frame);

/**
 * In how many milliseconds a view wants its next frame; 0: now. It has the rate of the options ("frameIntervalMs",
 * "frameBytesPerSecond"), input, and how busy the encoder is in it: ask it in your timer, or before you read a frame back.
 *
 * 1000 while nothing is captured, before sr_init and after sr_shutdown: ask again then.
 * Threads: any. Blocks: never.
 */
SR_API uint32_t SR_CALL sr_view_next_frame_ms(uint64_t view);

/**
 * Records a line of the program's own log: it stands in the replay as a line of the console. For the sink of your logger.
 *
 * level: an sr_log_level; SR_LOG_DEBUG stands as "log", the others under their names. message: in UTF-8, ends in NUL, is copied
 * and cut after 8192 bytes. Secrets in it are masked: docs/guide/logs-and-requests.md has the table.
 * Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT; SR_NOT_CAPTURED also where
 * loggingConfig says so ("console": not enabled, or without this level), and for what is more than 4,000 lines or 2 MB at once and then
 * 200 lines or 200 kB a second: a line in front of a later one says how many were left out. Where loggingConfig says nothing, every
 * line is recorded. While the remote configuration is awaited the option decides, and before it is sent the server's answer does, too.
 * SR_ERROR_INVALID_ARGUMENT for another level.
 * Threads: any; the lines of one thread keep their order. Blocks: as sr_record. While nothing is captured it returns at once.
 */
SR_API sr_status SR_CALL sr_record_log(uint32_t level,
                                       const char *message);

/**
 * Records an HTTP request of the program, once it has ended: it stands in the replay as one of a page does. For the place where
 * your program calls its HTTP library.
 *
 * What is kept, loggingConfig says ("network"). Where it says nothing, all but the bodies, and of the headers those that are
 * known to be safe; {"network":{"enabled":true}} alone keeps every header. Secrets are masked always: in headers, in the URL, in bodies; docs/guide/logs-and-requests.md has the table.
 * The option interactionConfig.ugcFilterRules holds for the URL.
 * Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT; SR_NOT_CAPTURED also where
 * loggingConfig says so, and for what is more at once than of lines. SR_ERROR_INVALID_ARGUMENT when the URL is NULL or empty.
 * Threads: any; the requests of one thread keep their order. Blocks: as sr_record. While nothing is captured it returns at once.
 *
 * request and all that it points to is copied; NULL is refused.
 */
SR_API sr_status SR_CALL sr_record_request(const sr_request_info *request);

/**
 * Processes an event before it is sent to Segment: makes its session and device the current ones (see below), adds the
 * session replay properties, and returns the event to send instead. The event is a JSON object as Segment's libraries and HTTP API have
 * it: "type" is "track", "page", "screen", "identify", "group" or "alias"; the body of an HTTP API call needs no type. The
 * option segment says which of Segment's three integrations with Amplitude is used; docs/guide/segment.md shows each.
 *
 * A track, page or screen event gets the properties of the replay of its own device and session if that is captured.
 * Properties that are there stay. Those of another replay are never added: an event without a device, or of an earlier
 * session that this run did not capture, gets none. Every other byte of the event stays as it is. A session in an event becomes the current one if it is later. The device of an event is "context.device.id" or else
 * "anonymousId", unless one was set with sr_set_device_id or the option deviceId. After a session began, the next
 * sr_record returns SR_NEEDS_FULL_SNAPSHOT.
 *
 * event_json: UTF-8, ends in NUL; copied.
 * Returns NULL when it is not a JSON object, and before sr_init and after sr_shutdown: then send the event as it is.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: only while the getters of sr_set_segment_session_getter and sr_set_segment_device_getter run; in a program with views
 * (sr_view_place), as sr_record where the event begins another session.
 *
 * event_json points to text that ends in NUL; NULL is refused.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_segment_process(const char *event_json);

/**
 * As sr_segment_process, for a caller that knows the analytics session and device of the event: these are used instead of
 * those in the event or from the getters, whatever the option segment says. For programs with several analytics
 * instances, and for bindings.
 *
 * session_id: milliseconds since 1970; 0 or less: the event has no session.
 * device_id: UTF-8, ends in NUL; copied. NULL: the event has no device, and so gets no replay, unless the host set one.
 * Everything else is as with sr_segment_process, but no getter is called.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record where the event begins another session.
 *
 * event_json points to text that ends in NUL, NULL is refused; device_id points to such a text or is NULL.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_segment_process_for(const char *event_json,
                                            int64_t session_id,
                                            const char *device_id);

/**
 * Sets the getter that each sr_segment_process calls for the session id. Only for the option segment {"mode":
 * "classic-device"}, whose events carry no session. NULL removes the getter. Call this after each sr_init, which begins
 * without one.
 *
 * The getter runs on the threads that call sr_segment_process, several at once if they do. It may call any sr_
 * function but this one, sr_set_segment_device_getter and sr_shutdown. When this returns, the previous getter is not
 * running and is not called any more. sr_shutdown removes it but does not wait for it: to wait, set it to NULL before.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
 * Threads: any. Blocks: while the previous getter is running; inside a callback, never.
 */
SR_API sr_status SR_CALL sr_set_segment_session_getter(sr_session_getter getter,
                                                       void *user_data);

/**
 * Sets the getter that each sr_segment_process calls for the device id, with the option segment {"mode":
 * "classic-device"}: there the analytics library has a device id of its own, which changes when a user logs out. Its
 * value is used instead of the event's own, unless one was set with sr_set_device_id or the option deviceId. NULL removes
 * it. Call it after sr_init, which begins without one.
 *
 * The rules of sr_set_segment_session_getter hold here, too. This getter is called second.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
 * Threads: any. Blocks: while the previous getter is running; inside a callback, never.
 */
SR_API sr_status SR_CALL sr_set_segment_device_getter(sr_device_getter getter,
                                                      void *user_data);

/**
 * Evaluates the rules of the remote configuration (sr_targeting_config) with what you know now: an analytics event, user
 * properties, the address of the page that is shown. Call it with each of these, as it happens. Events that go through
 * sr_segment_process are evaluated there. A session that once matched stays captured, also after a restart within two days.
 *
 * context_json: UTF-8, ends in NUL; copied. A JSON object, all members of which are optional:
 * {"event": {"event_type": "Bought", "event_properties": {…}, "time": 1732300000000}, "userProperties": {…}, "page": {"url": "…"}}.
 * "time" is in milliseconds since 1970: without it the event does not count among the event types of the session. User properties
 * are added to those that were given before; an address replaces the one before. An "$identify" event of Amplitude's gives its "user_properties". NULL or
 * "": evaluates with what was given before.
 * Returns SR_OK while the session is captured, as by sampling where the remote configuration has no rules, or while
 * that is awaited; SR_NOT_CAPTURED: not captured, or not yet, also where it is held ("targeting" in sr_stats() says which rule decided);
 * SR_NEEDS_FULL_SNAPSHOT: the recording begins with this call, take one. SR_ERROR_INVALID_JSON; SR_ERROR_INVALID_ARGUMENT for a member that it has
 * not, or of another type (those of "event", too; null counts as absent), for more than 262,144 bytes, and for more than 128 levels.
 * Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
 *
 * context_json points to text that ends in NUL, or is NULL.
 */
SR_API sr_status SR_CALL sr_evaluate_targeting(const char *context_json);

/**
 * Sets the log callback; NULL removes it. The option logLevel says which lines it receives. May be called before sr_init;
 * in a forked process, only after sr_init.
 *
 * The callback runs on the library's threads, one call at a time, never on a thread of the host. It may call
 * any sr_ function but sr_shutdown, and sr_flush only with 0. When this returns, the previous callback is not
 * called any more, and is not running. Inside a callback of the library's (as listed at sr_set_filter) this does not wait: a call of the
 * previous one may then still be running.
 * Threads: any. Blocks: while the previous callback is running; inside a callback, never.
 */
SR_API void SR_CALL sr_set_log_callback(sr_log_callback callback,
                                        void *user_data);

/**
 * The lines of the log since the last call, for hosts that can't be called back (an event loop in another language): a
 * JSON array of {"level": "error" | "warn" | "info" | "debug", "message": text}, oldest first, at most the last 256; NULL
 * when there are none. Lines are kept from the first call on, so call it once before sr_init. While a log callback is
 * set, it receives the lines instead.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_take_log(void);

/**
 * Sets the callback that makes the library's HTTP requests, for example with Electron's net or through a proxy that asks
 * for a password; NULL: the library makes them itself, the default. Call it before sr_init if the library must not make
 * even the first request; in a forked process, only after sr_init.
 *
 * The callback runs on the thread sr-sender, one call at a time, and should return soon: sr_shutdown waits for it,
 * at most for the timeout of sr_shutdown.
 * It may call any sr_ function but sr_shutdown, and sr_flush only with 0. There is one request at a time.
 * Don't follow redirects. When this returns, the previous callback is not called any more, and is not running. Inside
 * a callback of the library's (as listed at sr_set_filter) this does not wait: a call of the previous one may then still be running.
 * Returns SR_OK, or SR_ERROR_FORKED. Threads: any. Blocks: while the previous callback is running; inside a callback, never.
 */
SR_API sr_status SR_CALL sr_set_transport(sr_transport_callback callback,
                                          void *user_data);

/**
 * Passes the response to a request of the transport callback.
 *
 * request_id: the id of the request. http_status: the status code of the server, 100 to 599; 0 when there was no
 * response: then body may hold the reason, UTF-8. headers_json: the headers of the response as a JSON object, names in any
 * case; NULL when there are none. body: body_length bytes, of which the first megabyte is read; NULL when there is none.
 * All is copied. If the body broke off, pass 0. If you can't tell, pass the headers: a body that is shorter than its
 * Content-Length (without a Content-Encoding) never leads to a drop.
 *
 * Returns SR_OK; SR_ERROR_TIMEOUT when the request is not in progress any more, because it timed out, the recording was
 * shut down, or a response was passed before; SR_ERROR_INVALID_ARGUMENT; SR_ERROR_FORKED.
 * Threads: any, also from inside the callback. Blocks: never.
 *
 * headers_json is NULL or points to text that ends in NUL; body is NULL or points to body_length bytes.
 */
SR_API sr_status SR_CALL sr_respond(uint64_t request_id,
                                    uint32_t http_status,
                                    const char *headers_json,
                                    const char *body,
                                    size_t body_length);

/**
 * Takes the request that waits for the host to make it: for hosts that can't be called back, as an event loop in another
 * language. The option hostRequests says which requests wait here; sr_set_transport is for all others.
 *
 * Returns a JSON object {"id": number, "kind": "events" | "config", "method": "POST" | "GET", "url": text, "headers": object of
 * texts, "bodyLength": bytes, "timeoutMs": milliseconds}; NULL when no request waits. Ask a few times a second, and more often
 * while you wait for sr_flush_poll or for the remote configuration. Each request is given once, and there is one at a time. Get
 * its body with sr_request_body, send exactly these headers, don't follow redirects, and pass the response to sr_respond. It has
 * to come within timeoutMs, which begin with this call; a later one is ignored and counts as none. A request that nobody takes
 * for 10 seconds counts as one whose server can't be reached. While a transport callback is set, it is given all
 * requests. Before sr_init and after sr_shutdown none waits.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
SR_API char *SR_CALL sr_take_request(void);

/**
 * Copies the body of a request that sr_take_request gave: bodyLength bytes, which may contain zeros.
 *
 * body: room for length bytes, at least for bodyLength of them; NULL with the length 0 is fine for a request without a body.
 * Returns SR_OK; SR_ERROR_TIMEOUT when the request is not in progress any more, as with sr_respond; SR_ERROR_INVALID_ARGUMENT
 * when length is less than bodyLength: then nothing is copied; SR_ERROR_FORKED.
 * Threads: any. Blocks: never.
 *
 * body is NULL or points to length bytes, which nobody else uses during the call.
 */
SR_API sr_status SR_CALL sr_request_body(uint64_t request_id,
                                         char *body,
                                         size_t length);

/**
 * For a crash handler: marks the current run as crashed. The next start with the same key and storageDir reports it:
 * "crashes" in its sr_stats(), and a line of its log. Events need no such call: what was recorded is safe already.
 *
 * code is any number for the reader, for example that of the signal. Of several calls the last one counts.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED when nothing is recording with a storageDir. Does not change sr_last_error().
 * Threads: any. It is the only function of this library that may be called from a signal handler, also one that
 * interrupted this library: it takes no lock, allocates nothing and makes no system call. Blocks: never.
 */
SR_API sr_status SR_CALL sr_mark_crash(int32_t code);

/**
 * The last error of this thread: a sentence that says what is wrong and what to do; "" after a call that succeeded.
 *
 * Ownership: the library's. Valid until the next sr_ call on the same thread. UTF-8, never NULL.
 * Threads: each has its own. Blocks: never.
 */
SR_API const char *SR_CALL sr_last_error(void);

/**
 * Frees a string that an sr_ call returned as char*. NULL is fine, and leaves sr_last_error() as it is. Each string is
 * freed once.
 *
 * Threads: any, also after sr_shutdown. Blocks: never.
 */
SR_API void SR_CALL sr_string_free(char *string);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#endif  /* SESSION_REPLAY_H */
