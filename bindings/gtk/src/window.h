/* One window or popover, and the views that show it. */
#ifndef SRG_WINDOW_H
#define SRG_WINDOW_H

#include "look.h"

typedef struct {
    GtkWidget *widget; /* NULL once it is gone */
    guint64 view;
    guint64 above; /* the view of what lies over views in it; 0: nothing does */
    gint32 z;
    gboolean is_dirty;  /* it was painted since it was looked at */
    gboolean is_active, is_hidden;
    SrgBox damage;      /* GTK 3: where it was painted, in the widget */
    SrgBox inside;      /* the view, in the widget: without a shadow */
    double left, top;   /* the widget, in its surface */
    GdkFrameClock *clock;
    gulong painted;
    GtkEventController *controller; /* GTK 4: sees its events */
} SrgWindow;

/* All of it is to be looked at again. */
void srg_window_is_dirty(SrgWindow *window);
/* Places its view where the window is now. */
void srg_window_place(SrgWindow *window);
/* Shows what was found in it. */
void srg_window_show(SrgWindow *window, SrgScene *scene);
guint32 srg_window_background(GtkWidget *widget);

#endif
