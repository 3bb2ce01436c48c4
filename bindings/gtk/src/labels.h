/* Labels: one text, or the parts of one that is marked up. */
#ifndef SRG_LABELS_H
#define SRG_LABELS_H

#include "look.h"

void srg_describe_label(SrgLook *look, const SrgSeen *seen, GtkLabel *label);

#endif
