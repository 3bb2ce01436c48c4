/* Labels, buttons and other widgets that stand for themselves. */
#ifndef SRG_CONTROLS_H
#define SRG_CONTROLS_H

#include "look.h"

void srg_describe_label(SrgLook *look, const SrgSeen *seen, GtkLabel *label);
/* A box with a check, and its text; FALSE: what is in it is no text. */
gboolean srg_describe_check(SrgLook *look, const SrgSeen *seen, gboolean is_radio, gboolean is_set);
/* What was chosen in it is an input, as in pages. */
void srg_describe_choice(SrgLook *look, const SrgSeen *seen);
/* A button, an item of a menu, and whatever else is only a box around other widgets. */
void srg_describe_box(SrgLook *look, const SrgSeen *seen);

#endif
