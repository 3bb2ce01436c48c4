/* Hears of a window that it was painted, and what happens in it. */
#ifndef SRG_FOLLOW_H
#define SRG_FOLLOW_H

#include "window.h"

/* Who is told: that a window was painted, or changed; and of each event of one (GTK 4). */
typedef struct {
    void (*changed)(void);
    void (*happened)(SrgWindow *window, GdkEvent *event);
} SrgListener;

void srg_listen(const SrgListener *listener);
/* Asked again of each window now and then: what tells of it may be another object. */
void srg_follow(SrgWindow *window);
void srg_leave(SrgWindow *window);

#endif
