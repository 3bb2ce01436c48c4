/* What GTK 3 and GTK 4 name differently. */
#ifndef SRG_COMPAT_H
#define SRG_COMPAT_H

#define GDK_DISABLE_DEPRECATION_WARNINGS
#include <gtk/gtk.h>

#include "nodes.h"

#define SRG_GTK4 GTK_CHECK_VERSION(3, 90, 0)

/* The widgets in a widget, internal ones too, in paint order. Each is held until the list is freed. */
GPtrArray *srg_children(GtkWidget *widget);
/* Where a widget lies in another one around it. */
gboolean srg_place(GtkWidget *widget, GtkWidget *around, SrgBox *place);
/* Whether it is written from the right to the left. */
gboolean srg_is_rtl(GtkWidget *widget);
/* In which direction a text is written: as its first letter that has one. */
PangoDirection srg_direction(const char *text);
/* Whether it cuts off what lies in it. */
gboolean srg_clips(GtkWidget *widget);
/* Whether this is a window or a popover, which is a view of its own. */
gboolean srg_is_root(GtkWidget *widget);
/* The window or popover around a widget, or the widget itself. */
GtkWidget *srg_root_of(GtkWidget *widget);
/* The first of this type that is seen in a widget, and not in a popover of it; NULL: none. */
GtkWidget *srg_find(GtkWidget *widget, GType type);
/* Into GLib's log: why a call failed. */
void srg_say(const char *why);
/* Whether a widget is of this type, whose header need not be there. */
gboolean srg_is_named(GtkWidget *widget, const char *type);

#endif
