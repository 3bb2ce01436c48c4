/* Which fields hold passwords. One that ever did stays one, also while a button shows what it holds. */
#ifndef SRG_PASSWORDS_H
#define SRG_PASSWORDS_H

#include "compat.h"

/* To be told of each widget before it is shown, also while nothing is captured: a field is followed as long as it lives. */
void srg_password_note(GtkWidget *widget);
gboolean srg_is_password(GtkWidget *field);
/* Whether a field holds anything: what it holds is not read. */
gboolean srg_is_blank(GtkWidget *field);

#endif
