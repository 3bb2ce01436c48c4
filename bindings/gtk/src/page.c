#include "page.h"

#ifndef SR_GTK_WEBKIT

gboolean srg_is_web_view(GtkWidget *widget) { return srg_is_named(widget, "WebKitWebView") || srg_is_named(widget, "WebKitWebViewBase"); }
gboolean srg_pages_set_script(const char *script) {
    (void)script;
    srg_say("web views are not recorded: the adapter was compiled without WebKitGTK (SR_GTK_WEBKIT)");
    return FALSE;
}
gboolean srg_pages_are_recorded(void) { return FALSE; }
void srg_page_prepare(GtkWidget *widget) { (void)widget; }
void srg_page_begin(SrgPart *part) { (void)part; }
void srg_page_end(SrgPart *part) { (void)part; }
void srg_pages_set_privacy(const char *config) { (void)config; }

#else

#if SRG_GTK4
#include <webkit/webkit.h>
#else
#include <webkit2/webkit2.h>
#endif

#define HANDLER "sessionReplayGtk"

/* Each message of a page begins with the number of its view, which the host tells each new document. Until then the recorder
 * keeps what it has: so nothing of a document reaches the view of the one before. */
static const char options[] =
    "(() => { if (window.top !== window || window.sessionReplayRecorder) return;"
    " window.sessionReplayRecorderOptions = { privacyConfig: %s, postMessage: (lines) => {"
    "  if (!window.__sessionReplayView) throw new Error('the view is not there yet');"
    "  window.webkit.messageHandlers." HANDLER ".postMessage(window.__sessionReplayView + '\\n' + lines); } }; })();\n";

static char *script, *privacy;
static GPtrArray *pages; /* SrgPart */

static GQuark mark(void) { return g_quark_from_static_string("session-replay-page"); }

static void run(GtkWidget *view, const char *source) {
    webkit_web_view_evaluate_javascript(WEBKIT_WEB_VIEW(view), source, -1, NULL, NULL, NULL, NULL, NULL);
}

gboolean srg_is_web_view(GtkWidget *widget) { return WEBKIT_IS_WEB_VIEW(widget); }

gboolean srg_pages_set_script(const char *source) {
    if (!source) {
        srg_say("web views are not recorded: the script is NULL");
        return FALSE;
    }
    g_free(script);
    script = g_strdup(source);
    return TRUE;
}

gboolean srg_pages_are_recorded(void) { return script != NULL; }

/* What the page sends: the number of its view, then events, one a line. A page may send whatever it likes. */
static void take(WebKitUserContentManager *manager, const char *message) {
    char *lines = NULL;
    const guint64 view = message ? g_ascii_strtoull(message, &lines, 10) : 0;
    for (guint at = 0; view && lines && *lines == '\n' && pages && at < pages->len; ++at) {
        const SrgPart *part = pages->pdata[at];
        if (part->view != view || !part->widget || webkit_web_view_get_user_content_manager(WEBKIT_WEB_VIEW(part->widget)) != manager) {
            continue;
        }
        if (sr_view_record(view, lines + 1, strlen(lines + 1), NULL) == SR_NEEDS_FULL_SNAPSHOT) {
            run(part->widget, "window.sessionReplayRecorder && sessionReplayRecorder.takeFullSnapshot()");
        }
        return;
    }
}

#if SRG_GTK4
static void received(WebKitUserContentManager *manager, JSCValue *value, gpointer data) {
#else
static void received(WebKitUserContentManager *manager, WebKitJavascriptResult *result, gpointer data) {
    JSCValue *value = webkit_javascript_result_get_js_value(result);
#endif
    (void)data;
    char *message = jsc_value_is_string(value) ? jsc_value_to_string(value) : NULL;
    take(manager, message);
    g_free(message);
}

static char *source_of_options(void) { return g_strdup_printf(options, privacy ? privacy : "{}"); }

static WebKitUserScript *user_script(void) {
    char *first = source_of_options();
    char *source = g_strconcat(first, "if (window.top === window && !window.sessionReplayRecorder) {\n", script, "\n}", NULL);
    WebKitUserScript *made =
        webkit_user_script_new(source, WEBKIT_USER_CONTENT_INJECT_TOP_FRAME, WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_START, NULL, NULL);
    g_free(source);
    g_free(first);
    return made;
}

/* Several web views may share a manager: it is prepared once. FALSE: the app has such a handler of its own. */
static gboolean prepare(WebKitUserContentManager *manager) {
    if (g_object_get_qdata(G_OBJECT(manager), mark())) {
        return TRUE;
    }
#if SRG_GTK4
    const gboolean is_free = webkit_user_content_manager_register_script_message_handler(manager, HANDLER, NULL);
#else
    const gboolean is_free = webkit_user_content_manager_register_script_message_handler(manager, HANDLER);
#endif
    if (is_free) {
        WebKitUserScript *made = user_script();
        g_signal_connect(manager, "script-message-received::" HANDLER, G_CALLBACK(received), NULL);
        webkit_user_content_manager_add_script(manager, made);
        g_object_set_qdata_full(G_OBJECT(manager), mark(), made, (GDestroyNotify)webkit_user_script_unref);
    }
    return is_free;
}

void srg_page_prepare(GtkWidget *widget) {
    if (script && WEBKIT_IS_WEB_VIEW(widget)) {
        prepare(webkit_web_view_get_user_content_manager(WEBKIT_WEB_VIEW(widget)));
    }
}

static void tell_view(const SrgPart *part) {
    char source[320];
    g_snprintf(source, sizeof source,
               "window.__sessionReplayView = %" G_GUINT64_FORMAT "; if (window.sessionReplayRecorder) {"
               " if (window.__sessionReplayPaused) { window.__sessionReplayPaused = false; sessionReplayRecorder.resume(); }"
               " sessionReplayRecorder.flush(); }",
               part->view);
    run(part->widget, source);
}

/* A page that was there before the script. */
static void inject_late(GtkWidget *widget) {
    char *first = source_of_options();
    char *source = g_strconcat(first, "if (!window.sessionReplayRecorder) {\n", script, "\n}", NULL);
    run(widget, source);
    g_free(source);
    g_free(first);
}

/* What the document before has said may still be on its way: it belongs to a view of its own. */
static void loaded(GtkWidget *widget, WebKitLoadEvent event, gpointer data) {
    SrgPart *part = data;
    if (event == WEBKIT_LOAD_COMMITTED) {
        sr_view_close(part->view);
        part->view = part->info.view = srg_new_view();
        sr_view_place(&part->info);
        tell_view(part);
    } else if (event == WEBKIT_LOAD_FINISHED) {
        inject_late(widget);
        tell_view(part);
    }
}

void srg_page_begin(SrgPart *part) {
    WebKitWebView *view = WEBKIT_WEB_VIEW(part->widget);
    if (!prepare(webkit_web_view_get_user_content_manager(view))) {
        return;
    }
    pages = pages ? pages : g_ptr_array_new();
    g_ptr_array_add(pages, part);
    g_signal_connect(view, "load-changed", G_CALLBACK(loaded), part);
    if (!webkit_web_view_is_loading(view) && webkit_web_view_get_uri(view)) {
        inject_late(part->widget);
    }
    tell_view(part);
}

void srg_page_end(SrgPart *part) {
    if (pages) {
        g_ptr_array_remove_fast(pages, part);
    }
    if (part->widget) {
        g_signal_handlers_disconnect_by_data(part->widget, part);
        run(part->widget, "window.__sessionReplayView = 0;"
                          " if (window.sessionReplayRecorder) { window.__sessionReplayPaused = true; sessionReplayRecorder.pause(); }");
    }
}

void srg_pages_set_privacy(const char *config) {
    if (g_strcmp0(config, privacy) == 0) {
        return;
    }
    g_free(privacy);
    privacy = g_strdup(config);
    for (guint at = 0; pages && at < pages->len; ++at) {
        const SrgPart *part = pages->pdata[at];
        if (!part->widget) {
            continue; /* It was destroyed since the last look. */
        }
        WebKitUserContentManager *manager = webkit_web_view_get_user_content_manager(WEBKIT_WEB_VIEW(part->widget));
        WebKitUserScript *made = user_script(), *before = g_object_get_qdata(G_OBJECT(manager), mark());
        webkit_user_content_manager_remove_script(manager, before);
        webkit_user_content_manager_add_script(manager, made);
        g_object_set_qdata_full(G_OBJECT(manager), mark(), made, (GDestroyNotify)webkit_user_script_unref);
        char *source = g_strdup_printf("window.sessionReplayRecorder && sessionReplayRecorder.setPrivacyConfig(%s)", privacy ? privacy : "{}");
        run(part->widget, source);
        g_free(source);
    }
}

#endif
