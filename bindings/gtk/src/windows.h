/* The windows and popovers of the program as views: each at its place, in front of those below it. */
#ifndef SRG_WINDOWS_H
#define SRG_WINDOWS_H

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

/* Who is told: that a window was painted, or changed; and of each event of one (GTK 4). */
typedef struct {
    void (*changed)(void);
    void (*happened)(SrgWindow *window, GdkEvent *event);
} SrgListener;

void srg_windows_begin(const SrgListener *listener);
/* Closes the views, and lets go of the windows. */
void srg_windows_end(void);
/* Finds which windows are there, places them, and closes those that are gone. */
void srg_windows_update(void);
/* SrgWindow. It stays as it is until the next update. */
GPtrArray *srg_windows(void);
SrgWindow *srg_window_of(GtkWidget *widget);
/* A popover that was shown: it is in no list of GTK. */
void srg_windows_note_popover(GtkWidget *popover);
/* Shows what was found in a window. */
void srg_window_show(SrgWindow *window, SrgScene *scene);
/* Looks at all again. */
void srg_windows_all_are_dirty(void);
guint32 srg_window_background(GtkWidget *widget);

#endif
