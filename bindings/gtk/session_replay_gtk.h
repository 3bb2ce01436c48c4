/* Records the windows of a program with GTK 4 or GTK 3: compile the sources in src beside it, or link SessionReplay::Gtk of the
 * CMakeLists.txt here. docs/guide/gtk.md shows a program.
 *
 * Threads: all calls from the one that runs GTK. What fails returns false or 0, and GLib's log says why (domain "session-replay"). */
#ifndef SESSION_REPLAY_GTK_H
#define SESSION_REPLAY_GTK_H

#include <gtk/gtk.h>

#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Shows every window of this program, those that are there and those that come, as a view, from now on, as long as
 * sr_is_capturing(): before or after sr_init.
 *
 * A window is looked at after it was painted, at most 4 times a second. Password fields are found: what they hold is not even
 * read. Attach before fields are shown: one that ever hid its text stays a password. Returns true, also when it is attached
 * already: then nothing changes. Returns false when GTK is not initialized, or another thread runs its main loop: then nothing
 * happens. */
bool sr_gtk_attach(void);

/* Ends what sr_gtk_attach() began, and closes its views. When nothing is attached, it does nothing. What was masked stays masked,
 * and what was a password stays one, for the next sr_gtk_attach(). */
void sr_gtk_detach(void);

/* Masks the text and the pictures of a widget and of all that lies in it, whatever privacyConfig says, until it is destroyed; or,
 * with false, no longer. It is for what is secret and no password field. What paints itself, and a web view, is an empty
 * rectangle then. It may be called before sr_gtk_attach(), and again. Returns false when it is no widget. */
bool sr_gtk_mask(GtkWidget *widget, bool is_masked);

/* The number of the view that shows this widget's window, or popover, for views of your own that lie in it
 * (sr_view_info.parent); 0: it is not shown, or it is no widget. */
uint64_t sr_gtk_view_of(GtkWidget *widget);

/* Records the page in each WebKitWebView from now on, as a view of its own. script is the text of
 * session-replay-recorder.js (docs/guide/web-views.md), and is copied. Call it before the web views load: a page that is there
 * already is recorded from then on. Without the call, web views are empty rectangles. A second call names another script, for
 * pages that load from then on.
 *
 * Returns false when the adapter was compiled without WebKitGTK (SR_GTK_WEBKIT), or script is NULL: then nothing changes. */
bool sr_gtk_record_web_views(const char *script);

G_END_DECLS

#endif
