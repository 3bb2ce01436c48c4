/* Fields that text is typed into. */
#ifndef SRG_FIELDS_H
#define SRG_FIELDS_H

#include "look.h"

/* What a password field holds is never read: whether there is anything has to do. */
void srg_describe_field(SrgLook *look, const SrgSeen *seen);

#endif
