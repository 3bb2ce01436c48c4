/* Where windows lie on the desk. */
#ifndef SRG_DESK_H
#define SRG_DESK_H

#include "compat.h"

SrgBox srg_desk_size(void);
/* `inside`: what is seen of a window or a popover, in the widget; `left`, `top`: the widget, in its surface; `desk`: what is
 * seen of it, on the desk. Wayland does not tell programs where their windows are: there each lies over its parent. */
void srg_desk_place(GtkWidget *widget, SrgBox *inside, double *left, double *top, SrgBox *desk);
gboolean srg_desk_is_minimized(GtkWidget *widget);
/* Whether the window manager draws its title bar, and not GTK. */
gboolean srg_desk_has_bar(GtkWidget *widget);

#endif
