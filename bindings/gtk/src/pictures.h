/* What a widget paints: as pixels, and, where it is small, as a data: URL. */
#ifndef SRG_PICTURES_H
#define SRG_PICTURES_H

#include "look.h"

/* What is larger is no picture in the list. */
#define SRG_MAX_PIXELS (320 * 320)

/* What is seen of a part of the widget, in pixels of its screen, over a background; NULL: nothing was painted. The caller
 * destroys it. */
cairo_surface_t *srg_paint(GtkWidget *widget, SrgBox part, double scale, guint32 background);
/* Adds the widget as a picture, if it is small enough to be one. */
gboolean srg_picture(SrgLook *look, const SrgSeen *seen, guint64 part);
#if !SRG_GTK4
/* An icon of the theme, in the color of the widget's text. */
void srg_icon(SrgLook *look, const SrgSeen *seen, guint64 part, SrgBox place, const char *name);
#endif
/* Whether it draws by code of the app's own, or by OpenGL, and not by widgets in it. */
gboolean srg_paints_itself(GtkWidget *widget);

#endif
