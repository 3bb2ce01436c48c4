/* data: URLs of what was painted. Each is made once, and kept with the widget that shows it. */
#ifndef SRG_URLS_H
#define SRG_URLS_H

#include <gtk/gtk.h>

/* Of these pixels; NULL: it would be too long. The caller frees it. */
char *srg_url(cairo_surface_t *surface);
/* The same, kept with the widget among the `most` that it showed; good until the next call. */
const char *srg_kept_url(GtkWidget *widget, cairo_surface_t *surface, guint most);

#endif
