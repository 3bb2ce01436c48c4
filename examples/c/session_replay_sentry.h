/* Session replay in the reports of sentry-native: each has the address of its moment. Copy this file, and give sentry its callbacks:
 *
 *     sentry_options_set_before_send(options, session_replay_sentry_before_send, NULL);
 *     sentry_options_set_on_crash(options, session_replay_sentry_on_crash, NULL);
 *
 * Call session_replay_sentry_update() where sr_init and sr_set_session_id have returned, and now and then: a crash report has the
 * address of the last call, since nothing may be asked of a library while its process crashes. */
#ifndef SESSION_REPLAY_SENTRY_H
#define SESSION_REPLAY_SENTRY_H

#include <sentry.h>
#include <session_replay.h>

#include <stddef.h>

/* The context in which the address stands. */
#define SESSION_REPLAY_SENTRY_CONTEXT "session_replay"

/* {"url": address, "id": replay id}; null where nothing is captured. */
static inline sentry_value_t session_replay_sentry_context(void) {
    char *url = sr_get_session_replay_url();
    if (url == NULL) {
        return sentry_value_new_null();
    }
    char *id = sr_get_session_replay_id();
    sentry_value_t context = sentry_value_new_object();
    sentry_value_set_by_key(context, "url", sentry_value_new_string(url));
    if (id != NULL) {
        sentry_value_set_by_key(context, "id", sentry_value_new_string(id));
    }
    sr_string_free(id);
    sr_string_free(url);
    return context;
}

/* For the report of a crash that comes after this. */
static inline void session_replay_sentry_update(void) {
    sentry_value_t context = session_replay_sentry_context();
    if (sentry_value_is_null(context)) {
        sentry_remove_context(SESSION_REPLAY_SENTRY_CONTEXT);
        sentry_remove_tag("replay_id");
        return;
    }
    /* What one searches for. */
    const char *id = sentry_value_as_string(sentry_value_get_by_key(context, "id"));
    sentry_set_tag("replay_id", id);
    sentry_set_context(SESSION_REPLAY_SENTRY_CONTEXT, context);
}

/* For all other reports: the address of their moment. A before_send of your own calls it. */
static inline sentry_value_t session_replay_sentry_before_send(sentry_value_t event, void *hint, void *user_data) {
    (void)hint;
    (void)user_data;
    sentry_value_t context = session_replay_sentry_context();
    if (sentry_value_is_null(context)) {
        return event;
    }
    sentry_value_t contexts = sentry_value_get_by_key(event, "contexts");
    if (sentry_value_is_null(contexts)) {
        contexts = sentry_value_new_object();
        sentry_value_set_by_key(event, "contexts", contexts);
    }
    sentry_value_set_by_key(contexts, SESSION_REPLAY_SENTRY_CONTEXT, context);
    return event;
}

/* Keeps before_send away from crashes: it would run in the handler of a signal. */
static inline sentry_value_t session_replay_sentry_on_crash(const sentry_ucontext_t *crash, sentry_value_t event, void *user_data) {
    (void)crash;
    (void)user_data;
    return event;
}

#endif
