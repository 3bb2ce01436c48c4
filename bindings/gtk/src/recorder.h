/* When a window is looked at: after it was painted, at most 4 times a second, and only while it is of use. */
#ifndef SRG_RECORDER_H
#define SRG_RECORDER_H

#include "compat.h"

gboolean srg_begin(void);
void srg_end(void);

#endif
