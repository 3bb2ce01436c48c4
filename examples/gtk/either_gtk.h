// What GTK 3 and GTK 4 name differently, for this example: a program of yours has one of them.
#ifndef EITHER_GTK_H
#define EITHER_GTK_H

#include <gtk/gtk.h>

#if GTK_CHECK_VERSION(4, 0, 0)

static inline void add(GtkWidget *box, GtkWidget *child, gboolean grows) {
    gtk_widget_set_hexpand(child, grows);
    gtk_widget_set_vexpand(child, grows);
    gtk_box_append(GTK_BOX(box), child);
}

static inline GtkWidget *scrolled(GtkWidget *child) {
    GtkWidget *area = gtk_scrolled_window_new();
    gtk_scrolled_window_set_has_frame(GTK_SCROLLED_WINDOW(area), TRUE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(area), child);
    return area;
}

static inline GtkWidget *icon_button(const char *icon) { return gtk_button_new_from_icon_name(icon); }
static inline void set_child(GtkWidget *window, GtkWidget *child) { gtk_window_set_child(GTK_WINDOW(window), child); }
static inline void set_text(GtkWidget *entry, const char *text) { gtk_editable_set_text(GTK_EDITABLE(entry), text); }

static inline GtkWidget *new_password(void) {
    GtkWidget *entry = gtk_password_entry_new();
    gtk_password_entry_set_show_peek_icon(GTK_PASSWORD_ENTRY(entry), TRUE);
    return entry;
}

static inline void close_window(GtkWidget *window) { gtk_window_destroy(GTK_WINDOW(window)); }
static inline gboolean is_checked(GtkWidget *check) { return gtk_check_button_get_active(GTK_CHECK_BUTTON(check)); }

static inline GtkWidget *radio(const char *label, GtkWidget *other) {
    GtkWidget *made = gtk_check_button_new_with_label(label);
    gtk_check_button_set_group(GTK_CHECK_BUTTON(made), other ? GTK_CHECK_BUTTON(other) : NULL);
    gtk_check_button_set_active(GTK_CHECK_BUTTON(made), !other);
    return made;
}

static inline GtkWidget *panes(GtkWidget *left, GtkWidget *right) {
    GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    gtk_paned_set_start_child(GTK_PANED(paned), left);
    gtk_paned_set_end_child(GTK_PANED(paned), right);
    return paned;
}

#else

static inline void add(GtkWidget *box, GtkWidget *child, gboolean grows) { gtk_box_pack_start(GTK_BOX(box), child, grows, grows, 0); }

static inline GtkWidget *scrolled(GtkWidget *child) {
    GtkWidget *area = gtk_scrolled_window_new(NULL, NULL);
    gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(area), GTK_SHADOW_IN);
    gtk_container_add(GTK_CONTAINER(area), child);
    return area;
}

static inline GtkWidget *icon_button(const char *icon) { return gtk_button_new_from_icon_name(icon, GTK_ICON_SIZE_BUTTON); }

static inline void set_child(GtkWidget *window, GtkWidget *child) {
    gtk_container_add(GTK_CONTAINER(window), child);
    gtk_widget_show_all(child);
}

static inline void set_text(GtkWidget *entry, const char *text) { gtk_entry_set_text(GTK_ENTRY(entry), text); }

static inline GtkWidget *new_password(void) {
    GtkWidget *entry = gtk_entry_new();
    gtk_entry_set_input_purpose(GTK_ENTRY(entry), GTK_INPUT_PURPOSE_PASSWORD);
    gtk_entry_set_visibility(GTK_ENTRY(entry), FALSE);
    return entry;
}

static inline void close_window(GtkWidget *window) { gtk_widget_destroy(window); }
static inline gboolean is_checked(GtkWidget *check) { return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(check)); }

static inline GtkWidget *radio(const char *label, GtkWidget *other) {
    return gtk_radio_button_new_with_label_from_widget(other ? GTK_RADIO_BUTTON(other) : NULL, label);
}

static inline GtkWidget *panes(GtkWidget *left, GtkWidget *right) {
    GtkWidget *paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    gtk_paned_pack1(GTK_PANED(paned), left, TRUE, FALSE);
    gtk_paned_pack2(GTK_PANED(paned), right, FALSE, FALSE);
    return paned;
}

#endif
#endif
