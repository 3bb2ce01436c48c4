/* Marks of checks: boxes that a player knows, and over them what GTK draws, which may be half set, or of a dark theme. */
#ifndef SRG_MARKS_H
#define SRG_MARKS_H

#include "look.h"

/* What is set of a check, as flags of its node. */
guint32 srg_check_state(gboolean is_radio, gboolean is_set, gboolean is_partly_set);
/* Adds a node that is a check, and over it what the widget shows in this part of itself, in the middle of which it lies. */
void srg_mark(SrgLook *look, const SrgSeen *seen, sr_node check, SrgBox part, guint64 picture);
/* The same of a cell, whose renderer is one of GTK's own and holds the values of its row: `place` is the cell's, in the window, and
 * `picture` the id of the node. */
void srg_cell_mark(SrgLook *look, const SrgSeen *seen, sr_node check, GtkCellRenderer *cell, gboolean is_selected, SrgBox place,
                   guint64 picture);

#endif
