/* The lines of a GtkTextView that are seen. */
#ifndef SRG_TEXT_VIEWS_H
#define SRG_TEXT_VIEWS_H

#include "look.h"

void srg_describe_text(SrgLook *look, const SrgSeen *seen, SrgClip *inside, GtkTextView *view);

#endif
