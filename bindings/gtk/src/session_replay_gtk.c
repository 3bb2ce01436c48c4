#include "../session_replay_gtk.h"

#include "page.h"
#include "recorder.h"
#include "walk.h"
#include "windows.h"

bool sr_gtk_attach(void) { return srg_begin(); }

void sr_gtk_detach(void) { srg_end(); }

void sr_gtk_mask(GtkWidget *widget) {
    if (widget) {
        srg_mask_widget(widget, TRUE);
    }
}

void sr_gtk_unmask(GtkWidget *widget) {
    if (widget) {
        srg_mask_widget(widget, FALSE);
    }
}

uint64_t sr_gtk_view_of(GtkWidget *widget) {
    const SrgWindow *window = srg_window_of(srg_root_of(widget));
    return window ? window->view : 0;
}

bool sr_gtk_record_web_views(const char *script) { return srg_pages_set_script(script); }
