#include "../session_replay_gtk.h"

#include "page.h"
#include "recorder.h"
#include "walk.h"
#include "windows.h"

bool sr_gtk_attach(void) { return srg_begin(); }

void sr_gtk_detach(void) { srg_end(); }

bool sr_gtk_mask(GtkWidget *widget, bool is_masked) {
    if (!GTK_IS_WIDGET(widget)) {
        srg_say("what is to be masked is no widget");
        return false;
    }
    srg_mask_widget(widget, is_masked);
    return true;
}

uint64_t sr_gtk_view_of(GtkWidget *widget) {
    const SrgWindow *window = srg_window_of(srg_root_of(widget));
    return window ? window->view : 0;
}

bool sr_gtk_record_web_views(const char *script) { return srg_pages_set_script(script); }
