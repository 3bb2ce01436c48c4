/* Buttons, checks and other widgets that stand for themselves. */
#ifndef SRG_CONTROLS_H
#define SRG_CONTROLS_H

#include "look.h"

/* A box with a check, and what is set of it: see srg_check_state(). Its text is a widget in it. */
void srg_describe_check(SrgLook *look, const SrgSeen *seen, gboolean is_radio, guint32 state);
/* What was chosen in it is an input, as in pages. */
void srg_describe_choice(SrgLook *look, const SrgSeen *seen);
/* A button, an item of a menu, and whatever else is only a box around other widgets. */
void srg_describe_box(SrgLook *look, const SrgSeen *seen);

#if !SRG_GTK4
/* What a frame and an expander draw in GTK 3, and is no widget there. */
void srg_describe_edges(SrgLook *look, const SrgSeen *seen);
#endif

#endif
