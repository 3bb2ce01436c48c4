/* Walks over the widgets of a window, as they are painted: one behind those that lie on top of it. */
#ifndef SRG_WALK_H
#define SRG_WALK_H

#include "look.h"

void srg_mask_widget(GtkWidget *widget, gboolean is_masked);
/* Fills the list of a look that has its root and its origin. */
void srg_walk(SrgLook *look, const SrgBox *size, guint32 background);

#endif
