// A dialog with a password, which can be shown.
#ifndef SIGN_IN_DIALOG_H
#define SIGN_IN_DIALOG_H

#include "either_gtk.h"

typedef struct {
    GtkWidget *window, *user, *password, *shown, *cancel;
} SignInDialog;

static inline void toggled(GtkWidget *check, GtkWidget *password) { gtk_entry_set_visibility(GTK_ENTRY(password), is_checked(check)); }

static inline void cancelled(GtkWidget *button, SignInDialog *dialog) {
    (void)button;
    close_window(dialog->window);
}

static inline void sign_in_dialog_show(SignInDialog *dialog, GtkWindow *parent) {
#if GTK_CHECK_VERSION(4, 0, 0)
    dialog->window = gtk_window_new();
#else
    dialog->window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_type_hint(GTK_WINDOW(dialog->window), GDK_WINDOW_TYPE_HINT_DIALOG);
#endif
    gtk_window_set_title(GTK_WINDOW(dialog->window), "Sign in to pay");
    gtk_window_set_transient_for(GTK_WINDOW(dialog->window), parent);
    gtk_window_set_modal(GTK_WINDOW(dialog->window), TRUE);
    dialog->user = gtk_entry_new();
    gtk_entry_set_placeholder_text(GTK_ENTRY(dialog->user), "name@example.com");
    dialog->password = gtk_entry_new();
    gtk_entry_set_visibility(GTK_ENTRY(dialog->password), FALSE);
    dialog->shown = gtk_check_button_new_with_label("Show the password");
    g_signal_connect(dialog->shown, "toggled", G_CALLBACK(toggled), dialog->password);
    dialog->cancel = gtk_button_new_with_label("Cancel");
    g_signal_connect(dialog->cancel, "clicked", G_CALLBACK(cancelled), dialog);
    GtkWidget *title = gtk_label_new(NULL), *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
    gtk_label_set_markup(GTK_LABEL(title), "<b><big>Your session has ended</big></b>");
    g_object_set(column, "margin-top", 16, "margin-bottom", 16, "margin-start", 16, "margin-end", 16, NULL);
    for (GtkWidget **it = (GtkWidget *[]){title, gtk_label_new("Sign in again to pay this order."), dialog->user, dialog->password, dialog->shown,
                                          gtk_button_new_with_label("Sign in"), dialog->cancel, NULL}; *it; ++it) {
        add(column, *it, FALSE);
    }
    set_child(dialog->window, column);
    gtk_window_present(GTK_WINDOW(dialog->window));
}

#endif
