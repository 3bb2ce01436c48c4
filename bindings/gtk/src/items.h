/* The cells of a GtkTreeView that are seen. A model of a million rows costs as much as its view shows. */
#ifndef SRG_ITEMS_H
#define SRG_ITEMS_H

#include "look.h"

void srg_describe_rows(SrgLook *look, const SrgSeen *seen, const SrgClip *inside, GtkTreeView *view);

#endif
