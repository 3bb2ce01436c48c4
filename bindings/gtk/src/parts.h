/* What paints itself, and pages: views in the view of their window. */
#ifndef SRG_PARTS_H
#define SRG_PARTS_H

#include "look.h"

typedef struct {
    GtkWidget *widget; /* NULL once it is gone */
    guint64 view, parent;
    sr_view_info info;
    SrgBox part;       /* what is seen of the widget, in it */
    guint32 background;
    gboolean is_seen, is_dirty, is_page;
    GObject *paintable; /* GTK 4: says when it is painted again */
} SrgPart;

void srg_parts_begin(void);
void srg_parts_end(void);
/* Shows what a look at a window has found, and closes what it did not find again. damage: where the window was painted. */
void srg_parts_show(guint64 parent, GArray *drawn, const SrgBox *damage);
/* Closes those of windows that are gone. */
void srg_parts_tidy(void);
/* Hands over the frames that are wanted; answers with the milliseconds until the next one is, 0: none waits. */
guint srg_parts_frames(void);
void srg_parts_all_are_dirty(void);
/* Whether a page lies there, whose recorder tells of the pointer itself. */
gboolean srg_parts_has_page_at(guint64 parent, double x, double y);

#endif
