/* How a widget looks: colors that its style paints with, its font. */
#ifndef SRG_STYLE_H
#define SRG_STYLE_H

#include "compat.h"

/* The color of its text: of a widget that is enabled, since a player fades itself what is disabled. */
guint32 srg_color(GtkWidget *widget);
/* The color of its text as it is seen. */
guint32 srg_seen_color(GtkWidget *widget);
/* What its style paints behind it and around it; SRG_NO_COLOR: nothing. */
void srg_colors(GtkWidget *widget, guint32 *background, guint32 *border);
/* The same, with some states set as well. */
void srg_colors_in(GtkWidget *widget, GtkStateFlags more, guint32 *background, guint32 *border);
/* The color that the style names for what is chosen. */
guint32 srg_accent(GtkWidget *widget);
#if !SRG_GTK4
/* What the style paints behind a part that is no widget in GTK 3, like a notebook's "header". */
guint32 srg_part_color(GtkWidget *widget, const char *part);
#endif
guint32 srg_color_in(GtkWidget *widget, GtkStateFlags more);
guint32 srg_color_of(const GdkRGBA *color);
/* A color with less of it: 0 to 1. */
guint32 srg_faded(guint32 color, double share);

/* Sets size and style of a node's text: those of the widget, or of a font. */
void srg_font(sr_node *node, GtkWidget *widget, const PangoFontDescription *font);

#endif
