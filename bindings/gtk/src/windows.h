/* The windows and popovers of the program: which there are, and which lie in front of others. */
#ifndef SRG_WINDOWS_H
#define SRG_WINDOWS_H

#include "follow.h"

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
/* Looks at all again. */
void srg_windows_all_are_dirty(void);

#endif
