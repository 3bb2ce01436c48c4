/* One look at a window: what all who describe widgets share. */
#ifndef SRG_LOOK_H
#define SRG_LOOK_H

#include "passwords.h"
#include "style.h"

/* What paints itself, or is a page: it is shown in a view of its own. */
typedef struct {
    GtkWidget *widget; /* held */
    SrgBox place;      /* in the window */
    SrgBox visible;    /* the part of it that is seen */
    guint32 background;
} SrgDrawn;

typedef struct {
    SrgScene nodes;
    GtkWidget *root; /* held: the window or the popover */
    SrgBox origin;   /* of the view, in the root */
    GArray *drawn;   /* SrgDrawn */
} SrgLook;

/* A widget that is described, with what is around it. */
typedef struct {
    GtkWidget *widget;
    SrgBox place; /* in the window */
    SrgClip *clip;
} SrgSeen;

/* A node of this kind that is the whole widget, and has its look; its text is not set. */
sr_node srg_whole(const SrgSeen *seen, guint32 kind, guint64 part);
/* A text in it. Its color is the one that is seen: of what is disabled, too. */
sr_node srg_text(const SrgSeen *seen, guint64 part, const char *text);
/* A filled rectangle of it. */
void srg_area(SrgLook *look, const SrgSeen *seen, guint64 part, SrgBox place, guint32 background, guint32 border);
void srg_add(SrgLook *look, const SrgSeen *seen, sr_node node, SrgBox place);
/* A part of the widget, moved to where the widget is in the window. */
SrgBox srg_in_window(const SrgSeen *seen, SrgBox part);
/* The widget without its margins, in the window: in GTK 3 those of its style are in its place. */
SrgBox srg_border_box(const SrgSeen *seen);
/* Where a widget lies in the place of the one around it, with that one's border. */
gboolean srg_place_in(const SrgSeen *seen, GtkWidget *inner, SrgBox *inside);
/* The widget as a view of its own. */
void srg_drawn(SrgLook *look, const SrgSeen *seen);

/* Views are numbered from 2^50, so that an app may have its own beside them. */
guint64 srg_new_view(void);

#endif
