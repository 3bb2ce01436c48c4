/** @file
 * session-replay: records what happens in a program and ships it to Amplitude's Session Replay.
 *
 * Generated from src/ffi by cbindgen: change it there.
 *
 * - All text is UTF-8. Arguments are copied; nothing passed in needs to outlive its call.
 * - Every function may be called from any thread at any time, before sr_init and after sr_shutdown included, but
 *   not from a signal handler: what it interrupted may hold a lock that the call then waits for, for ever. Only
 *   sr_mark_crash is made for handlers.
 * - A char* that is returned belongs to the caller: sr_string_free(). A const char* belongs to the library.
 * - "Blocks: never" says that a call waits for no file, no network and no callback. It may take a lock, which others
 *   hold for moments and never while they wait for one of these, and wake a thread of the library.
 * - A callback has to return. An exception that leaves it ends the process (in C++ sr::Callbacks catches it); longjmp
 *   out of it, and pthread_exit on a thread of the library, are undefined.
 * - pthread_cancel may hit a thread in any call: it goes through as ever, and the thread ends at its first cancellation
 *   point afterwards, of which no function here is one. The getters of sr_set_segment_session_getter and
 *   sr_set_segment_device_getter, which run on the host's own threads, run with the thread's own state, and may be where
 *   it ends. Not so with PTHREAD_CANCEL_ASYNCHRONOUS: a thread that has it
 *   may only call what is safe there, which no function of this library is.
 * - After fork(), the child's calls answer SR_ERROR_FORKED until it calls sr_init itself.
 * - The library prints nothing, handles no signal, and has two threads of its own: sr-worker and sr-sender.
 */

#ifndef SESSION_REPLAY_H
#define SESSION_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The first number of this header's version; sr_version() tells that of the library which runs. */
#define SR_VERSION_MAJOR 0
/** The second number of this header's version; sr_version() tells that of the library which runs. */
#define SR_VERSION_MINOR 1
/** The third number of this header's version; sr_version() tells that of the library which runs. */
#define SR_VERSION_PATCH 0
/** The three in one number, to be compared: that of 1.2.3 is 1002003. */
#define SR_VERSION_NUMBER (SR_VERSION_MAJOR * 1000000 + SR_VERSION_MINOR * 1000 + SR_VERSION_PATCH)
#if defined(__cplusplus) && __cplusplus >= 201703L
/** An answer that is not looked at is a mistake: a string is leaked, or nothing is recorded at all. */
#define SR_NODISCARD [[nodiscard]]
#elif defined(__GNUC__)
#define SR_NODISCARD __attribute__((warn_unused_result))
#else
#define SR_NODISCARD
#endif

/* Until the end of this file. In C the tag of an enum and the type of its name are two things; in C++ this header has
 * one. And padding is no fault. */
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"
#if !defined(__cplusplus)
#pragma GCC diagnostic ignored "-Wc++-compat"
#endif
#endif

/**
 * What a call answers. 0 is success, positive values are news about a call that went well, negative values
 * are errors: then sr_last_error() says in a sentence what is wrong and what to do.
 *
 * A value, once released, keeps its meaning; new ones may be added.
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
   * Done, and this session has no full snapshot (rrweb event type 2) yet, or what it builds on was lost on its way to
   * the server, so that its replay can't be drawn: have the recorder take one (with rrweb: record.takeFullSnapshot()).
   * Where SR_NOT_STORED holds too, this is what is answered, for it asks for something; the answer to the full snapshot
   * then says SR_NOT_STORED, and "notStored" and "storage" in sr_stats() do at any time.
   */
  SR_NEEDS_FULL_SNAPSHOT = 1,
  /**
   * Nothing was kept: the session is not in the sample, or the user opted out, or capture is off, or a
   * device id or session id is missing. "state" in sr_stats() says which.
   */
  SR_NOT_CAPTURED = 2,
  /**
   * Done, but storageDir can't be used ("storage" in sr_stats() says why): this event is kept in memory, and ends with
   * the process if that comes before it is delivered. The directory is tried again with every 512 KiB; "notStored" in
   * sr_stats() counts such events.
   */
  SR_NOT_STORED = 3,
  /**
   * sr_init was not called, or sr_shutdown was.
   */
  SR_ERROR_NOT_INITIALIZED = -1,
  /**
   * An argument is NULL, malformed or out of bounds.
   */
  SR_ERROR_INVALID_ARGUMENT = -2,
  /**
   * The event is not an rrweb event, or not one that a player can play.
   */
  SR_ERROR_INVALID_JSON = -3,
  /**
   * The event is larger than the option maxSingleEventSizeBytes.
   */
  SR_ERROR_EVENT_TOO_LARGE = -4,
  /**
   * The option storageLimitBytes is reached by what the current session still has to deliver. Recording goes
   * on as soon as there is room.
   */
  SR_ERROR_BUFFER_FULL = -5,
  /**
   * No memory is to be had, or storageDir can't be used and enough waits in memory already.
   */
  SR_ERROR_STORAGE = -6,
  /**
   * This process was forked from one that had called sr_init: call sr_init here too.
   */
  SR_ERROR_FORKED = -7,
  /**
   * The time was not enough, or is over; nothing is dropped because of it.
   */
  SR_ERROR_TIMEOUT = -8,
  /**
   * A fault of this library. The host is not harmed.
   */
  SR_ERROR_INTERNAL = -9,
  /**
   * The system refuses what the library needs: no thread can be started. sr_last_error() says which limit to raise;
   * sr_init may be called again.
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
 * How much a line of the log matters.
 */
enum sr_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Needs somebody's hand.
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
 * Tells the session id of the analytics library: milliseconds since 1970; 0 or less when there is none. Runs on the
 * thread that calls sr_segment_process, with that thread's own state of cancellation. It has to return, or its thread has to
 * end in it (pthread_cancel, pthread_exit): longjmp out of it is undefined, and so is an exception that leaves it.
 */
typedef int64_t (*sr_session_getter)(void *user_data);

/**
 * Tells the device id of the analytics library: writes it, in UTF-8, into buffer, which has room for size bytes, and
 * returns its length in bytes, as snprintf does; 0: there is none. A length of size or more is no device id. Runs, and has
 * to be left, as sr_session_getter.
 */
typedef size_t (*sr_device_getter)(void *user_data, char *buffer, size_t size);

/**
 * Receives one line of the log: UTF-8, ends in NUL, valid during the call only. Runs on a thread of the library. It has
 * to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are undefined.
 */
typedef void (*sr_log_callback)(void *user_data, sr_log_level level, const char *message);

/**
 * A request that the host is to make. Later versions may add members at the end.
 *
 * Everything in it belongs to the library and is valid during the call of the callback only: copy what is
 * needed longer.
 */
typedef struct {
  /**
   * Names this request when it is answered. Never 0, never used again in this process.
   */
  uint64_t id;
  /**
   * "POST" or "GET".
   */
  const char *method;
  /**
   * Where to.
   */
  const char *url;
  /**
   * A JSON object of text, like {"Content-Type": "application/json"}: to be sent just so.
   */
  const char *headers_json;
  /**
   * body_length bytes that may hold zeros; NULL when there are none.
   */
  const char *body;
  /**
   * Bytes in body.
   */
  size_t body_length;
  /**
   * An answer that comes later than this is ignored, and the request made again later.
   */
  uint32_t timeout_ms;
} sr_request;

/**
 * Makes a request, or begins to: the answer is given with sr_respond, from any thread, now or later. Runs on the thread
 * sr-sender. It has to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are
 * undefined.
 */
typedef void (*sr_transport_callback)(void *user_data, const sr_request *request);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library, like "1.2.3".
 *
 * Ownership: static. Threads: any. Blocks: never.
 */
const char *sr_version(void);

/**
 * Starts recording for the whole process.
 *
 * api_key: the key of the Amplitude project, UTF-8, ends in NUL.
 * options_json: a JSON object (docs/options.md lists the keys), UTF-8, ends in NUL; NULL for the defaults. With
 * the defaults nothing is captured: "sampleRate" is 0 until it, or the remote configuration, says otherwise.
 *
 * Both are copied. Opens no connection: that is left to the library's own two threads (sr-worker, sr-sender).
 * Returns SR_OK; SR_NOT_STORED when storageDir can't be used, so that events are kept in memory;
 * SR_ERROR_INVALID_ARGUMENT for a key or an option that is refused (sr_last_error() names it) or when it was
 * called before.
 * Threads: any. Blocks: while two threads are started and, with a storageDir, some small files made and read; never
 * for the network.
 */
SR_NODISCARD
sr_status sr_init(const char *api_key,
                  const char *options_json);

/**
 * Sends what is recorded and waits until the server has it, at most timeout_ms milliseconds; 0 only starts it
 * and returns at once.
 *
 * Returns SR_OK, or SR_ERROR_TIMEOUT: then nothing is dropped and delivery goes on.
 * Threads: any; with more than 0, any but those that the callbacks run on. Blocks: up to timeout_ms.
 */
sr_status sr_flush(uint32_t timeout_ms);

/**
 * Begins what sr_flush does and returns at once: for hosts with an event loop, where nothing may wait. Ask with
 * sr_flush_poll, from a timer, whether it is done.
 *
 * Returns a number greater than 0 that names this flush, or -1: sr_last_error() says why.
 * Threads: any. Blocks: never.
 */
int64_t sr_flush_begin(void);

/**
 * Asks whether the server has what was recorded before sr_flush_begin or sr_shutdown_begin gave this number.
 *
 * Returns SR_OK when it has; SR_ERROR_TIMEOUT while it has not: nothing is dropped and delivery goes on;
 * SR_ERROR_NOT_INITIALIZED when that recorder has ended before.
 * Threads: any. Blocks: never.
 */
sr_status sr_flush_poll(int64_t flush);

/**
 * Begins what sr_shutdown does and returns at once: recording has ended, and every call but sr_flush_begin,
 * sr_flush_poll and sr_shutdown answers as after sr_shutdown, while delivery goes on. Ask with sr_flush_poll whether it
 * is done; then, or when there is no more time, call sr_shutdown(0), before which sr_init is refused.
 *
 * Returns a number greater than 0 for sr_flush_poll, or -1: sr_last_error() says why.
 * Threads: any. Blocks: never.
 */
int64_t sr_shutdown_begin(void);

/**
 * Ends recording, sends what is left, at most timeout_ms milliseconds, stops the library's threads and releases
 * everything. sr_init may be called again afterwards.
 *
 * Returns SR_OK, or SR_ERROR_TIMEOUT: then what was not sent waits in storageDir for the next sr_init with the
 * same key and directory; without a storageDir it is lost. While it waits, sr_shutdown(0) from another thread ends
 * its wait; a wait in sr_flush ends with it, and answers SR_ERROR_NOT_INITIALIZED if not all was delivered.
 * The library may be unloaded (dlclose) afterwards. A callback that takes longer than this call waits may still be
 * running then: before what it uses is freed, set it to NULL.
 * Threads: any but those that the callbacks run on.
 * Blocks: up to timeout_ms, and up to 200 ms more to cut off a request that is under way; then files are closed.
 */
sr_status sr_shutdown(uint32_t timeout_ms);

/**
 * How many recordings sr_init has begun in this process: the number of the latest, 0 before the first. sr_shutdown leaves
 * it as it is. Who began one and notes the number can tell later whether another has taken its place, so that the end
 * of the one is not the end of the other.
 *
 * Threads: any. Blocks: never.
 */
uint64_t sr_start_count(void);

/**
 * Tells the current analytics session, in milliseconds since 1970, greater than 0: whenever the analytics
 * library has one, and again whenever it begins another.
 *
 * The id as before: nothing happens, SR_OK. Another: every sr_record that begins after this returned belongs to
 * the new session, every one that had returned before belongs to the old; none is lost, none is in both.
 * Returns SR_NEEDS_FULL_SNAPSHOT (take one now), or SR_NOT_CAPTURED when the new session is not captured.
 * Threads: any. Blocks: never.
 */
sr_status sr_set_session_id(int64_t session_id_ms);

/**
 * As sr_set_session_id, for a session id that is a text of your own: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes.
 * UTF-8, ends in NUL; copied.
 *
 * Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT, SR_NOT_CAPTURED; SR_ERROR_INVALID_ARGUMENT names what is not allowed.
 * Threads: any. Blocks: never.
 *
 * session_id is NULL or points to text that ends in NUL.
 */
sr_status sr_set_session_id_string(const char *session_id);

/**
 * Tells the device id of the analytics events: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes. UTF-8, ends in NUL;
 * copied.
 *
 * Another than before begins another replay: returns SR_NEEDS_FULL_SNAPSHOT, or SR_NOT_CAPTURED. The same:
 * nothing happens, SR_OK.
 * Threads: any. Blocks: never.
 *
 * device_id is NULL or points to text that ends in NUL.
 */
sr_status sr_set_device_id(const char *device_id);

/**
 * Stops recording because the user does not want it (true), or resumes it (false). What was recorded before is
 * still delivered.
 *
 * Returns SR_OK when nothing changes, SR_NOT_CAPTURED when recording is now off, SR_NEEDS_FULL_SNAPSHOT when
 * it is on again.
 * Threads: any. Blocks: never.
 */
sr_status sr_set_opt_out(bool opt_out);

/**
 * The current session id; -1 when there is none, when it is a text and no number, and before sr_init and after
 * sr_shutdown.
 *
 * Threads: any. Blocks: never.
 */
int64_t sr_get_session_id(void);

/**
 * The id of the replay, "<device id>/<session id>"; NULL while one of them is missing, and before sr_init and
 * after sr_shutdown. It is given whether or not the session is captured: for analytics events take
 * sr_get_session_replay_properties().
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD char *sr_get_session_replay_id(void);

/**
 * The properties to add to every analytics event, as a JSON object: {"[Amplitude] Session Replay ID": "…"}, and
 * "[Amplitude] Session Replay Debug" with the option debugMode. Empty, {}, while the session is not captured or
 * the remote configuration is still awaited. NULL only before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
char *sr_get_session_replay_properties(void);

/**
 * What the recorder in a page is to mask and block, as a JSON object: the option privacyConfig joined with the remote
 * configuration, with every member of the browser SDK's privacyConfig there. The library itself masks nothing: hand
 * this to whoever records. Before the remote configuration is known ("state" in sr_stats() is
 * "waiting-for-remote-config") it holds the option alone, so ask again then. NULL before sr_init and after
 * sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
char *sr_get_privacy_config(void);

/**
 * What happened so far, as a JSON object: what was recorded, refused, dropped and delivered, what waits, why
 * nothing is captured if so ("state", "advice"), and the last error. docs/c-api.md explains each member.
 * NULL before sr_init and after sr_shutdown.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD char *sr_stats(void);

/**
 * Keeps one rrweb event: a JSON object with a numeric "type" and a numeric "timestamp", in UTF-8. length is in
 * bytes; the text need not end in NUL. It is copied.
 *
 * Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT (kept, but this session has no full snapshot: take one);
 * SR_NOT_CAPTURED (nothing was kept, by configuration); SR_ERROR_INVALID_JSON when it can't be an object;
 * SR_ERROR_EVENT_TOO_LARGE; SR_ERROR_BUFFER_FULL; SR_ERROR_STORAGE.
 * Whether it is an rrweb event that a player can play is checked later by another thread, which drops what is not and
 * counts it in sr_stats() (dropped.invalidEvent). With the option validateOnRecord it is checked here, and the answer is
 * SR_ERROR_INVALID_JSON. sr_last_error() names the member that is wrong: the types 2 to 6 need an object "data", with
 * an object "node" (type 2), a numeric "source" (type 3), a numeric "width" and "height" (type 4). docs/c-api.md has the rest.
 * With a storageDir, an event for which SR_OK was returned survives the end of the process, however it ends.
 * Threads: any number at once; the events of one thread keep their order.
 * Blocks: never, but for what a file costs: now and then, when a chunk of the buffer (512 KiB) is full and sr-worker
 * has not made the next one ready, this call makes it, in storageDir if there is one. Otherwise it waits for no other
 * thread. Within a chunk it allocates nothing and makes no system call; with the first event of one it allocates a
 * little and wakes sr-worker.
 *
 * event_json is NULL or points to length bytes.
 */
sr_status sr_record(const char *event_json,
                    size_t length);

/**
 * As sr_record, for many events, one a line (JSON Lines); empty lines are passed over. For hosts whose calls are
 * dear or that receive events in bulk.
 *
 * accepted (may be NULL) tells how many events were kept. Stops at the first event that is refused and returns
 * why; otherwise the news of the last event. Returns SR_OK when there is no event. Who wants to go on behind a refused
 * event: sr_record_lines_until.
 * Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
 *
 * json_lines is NULL or points to length bytes; accepted is NULL or points to a size_t.
 */
sr_status sr_record_lines(const char *json_lines,
                          size_t length,
                          size_t *accepted);

/**
 * As sr_record_lines, and tells how far it came. accepted alone does not: an event that is answered with
 * SR_NOT_CAPTURED was gone through and not kept. Returns SR_OK and the rest as sr_record_lines does.
 *
 * end (may be NULL) tells how many bytes were gone through, the event that was refused and its line feed among them:
 * what follows begins at json_lines + end. It is length where no event was refused, and 0 where none was looked at.
 * Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
 *
 * json_lines is NULL or points to length bytes; accepted and end are NULL or point to a size_t each.
 */
sr_status sr_record_lines_until(const char *json_lines,
                                size_t length,
                                size_t *accepted,
                                size_t *end);

/**
 * Takes an event for Segment (a JSON object as Segment's libraries and HTTP API have it: "type" "track", "page",
 * "screen", "identify", "group" or "alias"; a body of the HTTP API needs none) before it is sent: follows the session
 * and the device that it tells of, and gives it back to be sent in its place. The option segment says which of Segment's
 * three integrations with Amplitude is used; docs/segment.md shows each.
 *
 * A track, page or screen event gets the properties of the replay of its own device and session where that is captured,
 * but never in place of one that it has, and never those of another replay: an event without a device, or of an earlier
 * session of which nothing is known, gets none. Every other byte of it stays as it is. A session in an event counts when
 * it is later than the current one. Its device is "context.device.id" or else "anonymousId", unless one was given with
 * sr_set_device_id or the option deviceId. When a session began, the next sr_record answers SR_NEEDS_FULL_SNAPSHOT.
 *
 * event_json: UTF-8, ends in NUL; copied.
 * Returns NULL when it is not a JSON object, and before sr_init and after sr_shutdown: then send the event as it is.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never, but for the getters of sr_set_segment_session_getter and sr_set_segment_device_getter.
 *
 * event_json is NULL or points to text that ends in NUL.
 */
SR_NODISCARD
char *sr_segment_process(const char *event_json);

/**
 * As sr_segment_process, where the caller knows which session and device the analytics are in when the event is sent:
 * these count in place of what the event and the getters tell, whatever the option segment says. For programs with
 * several analytics instances, and for bindings.
 *
 * session_id: milliseconds since 1970; 0 or less: the event tells of no session.
 * device_id: UTF-8, ends in NUL; copied. NULL: the event has no device, and so gets no replay, unless the host gave one.
 * Everything else is as with sr_segment_process, but no getter is asked.
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 *
 * Both texts are NULL or point to text that ends in NUL.
 */
SR_NODISCARD
char *sr_segment_process_for(const char *event_json,
                             int64_t session_id,
                             const char *device_id);

/**
 * Sets who is asked for the session id at each sr_segment_process, with the option segment {"mode":
 * "classic-device"}: there no event tells of a session. NULL: nobody, as after sr_init. Call it after sr_init.
 *
 * The getter runs on the threads that call sr_segment_process, several at once if they do. It may call any sr_
 * function but this one, sr_set_segment_device_getter and sr_shutdown. When this returns, the getter before is not running and is not called any
 * more. sr_shutdown lets go of it, but does not wait for it: to do so, set it to NULL before.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
 * Threads: any. Blocks: while the getter before is running.
 */
sr_status sr_set_segment_session_getter(sr_session_getter getter,
                                        void *user_data);

/**
 * Sets who is asked for the device id at each sr_segment_process, with the option segment {"mode": "classic-device"}:
 * there the analytics library has a device of its own, which changes when a user logs out. What it tells counts in place
 * of the event's own, unless one was given with sr_set_device_id or the option deviceId. NULL: nobody, as after sr_init.
 * Call it after sr_init.
 *
 * All that sr_set_segment_session_getter says of its getter holds for this one, which is asked after it.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
 * Threads: any. Blocks: while the getter before is running.
 */
sr_status sr_set_segment_device_getter(sr_device_getter getter,
                                       void *user_data);

/**
 * Sets who hears what the library has to say; NULL: nobody, as at the beginning. The option logLevel says how
 * much. May be called before sr_init; in a process that was forked, only after sr_init.
 *
 * The callback runs on the library's threads, one call at a time, never on a thread of the host. It may call
 * any sr_ function but sr_shutdown, and sr_flush only with 0. When this returns, the callback before is not
 * running and is not called any more (unless this is called from inside it).
 * Threads: any. Blocks: while the callback before is running.
 */
void sr_set_log_callback(sr_log_callback callback, void *user_data);

/**
 * What the library had to say since the last call, for hosts that can't be called back (an event loop in another
 * language): a JSON array of {"level": "error" | "warn" | "info" | "debug", "message": text}, oldest first, the
 * last 256; NULL when there is nothing. The first call begins the keeping, so call it once before sr_init. A log
 * callback, if there is one, takes the lines away.
 *
 * Ownership: the caller's, to be freed with sr_string_free.
 * Threads: any. Blocks: never.
 */
SR_NODISCARD
char *sr_take_log(void);

/**
 * Lets the host make the library's HTTP requests: with Electron's net, say, or through a proxy that asks for a
 * password. NULL: the library makes them itself, as at the beginning. May be called before sr_init, which keeps
 * the first request from being made by the library; in a process that was forked, only after sr_init.
 *
 * The callback runs on the thread sr-sender, one call at a time, and should return soon: sr_shutdown waits for it, as
 * long as it waits at all.
 * It may call any sr_ function but sr_shutdown, and sr_flush only with 0. There is one request at a time.
 * Redirects are not to be followed. When this returns, the callback before is not running and is not called any
 * more (unless this is called from inside it).
 * Returns SR_OK, or SR_ERROR_FORKED. Threads: any. Blocks: while the callback before is running.
 */
sr_status sr_set_transport(sr_transport_callback callback,
                           void *user_data);

/**
 * Answers a request that a transport callback was given.
 *
 * request_id: its id. http_status: the server's status code, 100 to 599; 0 when there was no answer: then body may
 * hold the reason, UTF-8. headers_json: the answer's headers as a JSON object, names in any case; NULL when there
 * are none. body: body_length bytes, of which the first megabyte is read; NULL when there are none. All is copied.
 * An answer whose body broke off is none: give 0. Where the headers hold a Content-Length (and no Content-Encoding)
 * that the body falls short of, nothing is dropped because of the answer either.
 *
 * Returns SR_OK; SR_ERROR_TIMEOUT when the request is no longer under way, because its time was up, recording
 * ended, or it was answered before; SR_ERROR_INVALID_ARGUMENT; SR_ERROR_FORKED.
 * Threads: any, also from inside the callback. Blocks: never.
 *
 * headers_json is NULL or points to text that ends in NUL; body is NULL or points to body_length bytes.
 */
sr_status sr_respond(uint64_t request_id,
                     uint32_t http_status,
                     const char *headers_json,
                     const char *body,
                     size_t body_length);

/**
 * Notes that this process crashes, so that the next start with the same key and storageDir tells of it: "crashes" in its
 * sr_stats(), and a line of its log. The events need no help: what was recorded is safe already.
 *
 * code is for the reader: the number of the signal, say. Of several calls the last one counts.
 * Returns SR_OK; SR_ERROR_NOT_INITIALIZED when nothing is recording with a storageDir. Leaves sr_last_error() as it is.
 * Threads: any; and, as the only function of this library, from a signal handler, of a thread that is anywhere, in this
 * library too. It takes no lock, allocates nothing and touches no file. Blocks: never.
 */
sr_status sr_mark_crash(int32_t code);

/**
 * This thread's last failure: a sentence that says what is wrong and what to do, "" after a call that went
 * well.
 *
 * Ownership: the library's. Valid until the next sr_ call on the same thread. UTF-8, never NULL.
 * Threads: each has its own. Blocks: never.
 */
const char *sr_last_error(void);

/**
 * Frees a string that an sr_ call returned as char*. NULL is fine, and leaves sr_last_error() as it is. Each string is
 * freed once.
 *
 * Threads: any, also after sr_shutdown. Blocks: never.
 */
void sr_string_free(char *string);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#endif  /* SESSION_REPLAY_H */
