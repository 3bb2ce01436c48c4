/* The pointer and the keys, where they happened. What is typed is never told. */
#ifndef SRG_INPUT_H
#define SRG_INPUT_H

#include "windows.h"

/* An event of a window, or popover, that is shown. */
void srg_input(const SrgWindow *window, GdkEvent *event);
/* The name of a key, with its modifiers, for sr_view_key; NULL: it may be text. The caller frees it. */
char *srg_key_name(guint key, GdkModifierType modifiers);

#endif
