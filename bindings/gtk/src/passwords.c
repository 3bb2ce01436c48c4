#include "passwords.h"

#define FOLLOWED 1u
#define PASSWORD 2u

/* On the field: so it is forgotten with it. */
static GQuark mark(void) { return g_quark_from_static_string("session-replay-password"); }

static guint marks_of(GObject *field) { return GPOINTER_TO_UINT(g_object_get_qdata(field, mark())); }

static gboolean is_secret(GtkInputPurpose purpose) { return purpose == GTK_INPUT_PURPOSE_PASSWORD || purpose == GTK_INPUT_PURPOSE_PIN; }

static gboolean is_hidden(GtkWidget *field) {
    if (GTK_IS_ENTRY(field)) {
        return !gtk_entry_get_visibility(GTK_ENTRY(field)) || is_secret(gtk_entry_get_input_purpose(GTK_ENTRY(field)));
    }
    if (GTK_IS_TEXT_VIEW(field)) {
        return is_secret(gtk_text_view_get_input_purpose(GTK_TEXT_VIEW(field)));
    }
#if SRG_GTK4
    if (GTK_IS_TEXT(field)) {
        return !gtk_text_get_visibility(GTK_TEXT(field)) || is_secret(gtk_text_get_input_purpose(GTK_TEXT(field)));
    }
    if (GTK_IS_PASSWORD_ENTRY(field)) {
        return TRUE;
    }
    if (GTK_IS_EDITABLE(field)) {
        GtkEditable *within = gtk_editable_get_delegate(GTK_EDITABLE(field));
        return within && GTK_WIDGET(within) != field && srg_is_password(GTK_WIDGET(within));
    }
#endif
    return FALSE;
}

static void changed(GtkWidget *field) {
    if (is_hidden(field)) {
        g_object_set_qdata(G_OBJECT(field), mark(), GUINT_TO_POINTER(marks_of(G_OBJECT(field)) | PASSWORD));
    }
}

void srg_password_note(GtkWidget *widget) {
    if (!GTK_IS_EDITABLE(widget) && !GTK_IS_TEXT_VIEW(widget)) {
        return;
    }
    GObject *field = G_OBJECT(widget);
    if (!(marks_of(field) & FOLLOWED)) {
        g_object_set_qdata(field, mark(), GUINT_TO_POINTER(marks_of(field) | FOLLOWED));
        /* Not taken back by sr_gtk_detach: what was a password before it is one after the next sr_gtk_attach. */
        for (const char *const *name = (const char *const[]){"visibility", "input-purpose", NULL}; *name; ++name) {
            if (g_object_class_find_property(G_OBJECT_GET_CLASS(field), *name)) {
                char signal[64];
                g_snprintf(signal, sizeof signal, "notify::%s", *name);
                g_signal_connect(field, signal, G_CALLBACK(changed), NULL);
            }
        }
    }
    changed(widget);
}

gboolean srg_is_password(GtkWidget *field) {
    srg_password_note(field);
    return (marks_of(G_OBJECT(field)) & PASSWORD) != 0;
}

gboolean srg_is_blank(GtkWidget *field) {
    if (GTK_IS_ENTRY(field)) {
        return gtk_entry_get_text_length(GTK_ENTRY(field)) == 0;
    }
    if (GTK_IS_TEXT_VIEW(field)) {
        return gtk_text_buffer_get_char_count(gtk_text_view_get_buffer(GTK_TEXT_VIEW(field))) == 0;
    }
#if SRG_GTK4
    GtkEditable *within = GTK_IS_TEXT(field) ? GTK_EDITABLE(field) : gtk_editable_get_delegate(GTK_EDITABLE(field));
    return within && GTK_IS_TEXT(within) && gtk_text_get_text_length(GTK_TEXT(within)) == 0;
#else
    return FALSE;
#endif
}
