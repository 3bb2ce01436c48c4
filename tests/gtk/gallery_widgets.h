// The widgets that the gallery shows.
#ifndef GALLERY_WIDGETS_H
#define GALLERY_WIDGETS_H

#include "gallery_marks.h"
#include "order_list.h"

static inline GtkWidget *new_column(void) {
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
    g_object_set(column, "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12, NULL);
    return column;
}

static inline void add_all(GtkWidget *box, GtkWidget **widgets) {
    for (; *widgets; ++widgets) {
        add(box, *widgets, FALSE);
    }
}

static inline GtkWidget *new_check(const char *text, int state) {
    GtkWidget *check = gtk_check_button_new_with_label(text);
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check), state == 1);
    gtk_check_button_set_inconsistent(GTK_CHECK_BUTTON(check), state == 2);
#else
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(check), state == 1);
    gtk_toggle_button_set_inconsistent(GTK_TOGGLE_BUTTON(check), state == 2);
#endif
    return check;
}

static inline GtkWidget *new_switch(gboolean is_on) {
    GtkWidget *made = gtk_switch_new();
    gtk_switch_set_active(GTK_SWITCH(made), is_on);
    gtk_widget_set_halign(made, GTK_ALIGN_START);
    return made;
}

static inline GtkWidget *new_scale(gboolean is_value_seen) {
    GtkWidget *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 100, 1);
    gtk_range_set_value(GTK_RANGE(scale), 30);
    gtk_scale_set_draw_value(GTK_SCALE(scale), is_value_seen);
    return scale;
}

static inline GtkWidget *new_bar_of(double part) {
    GtkWidget *bar = gtk_progress_bar_new();
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(bar), part);
    gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(bar), TRUE);
    return bar;
}

static inline GtkWidget *new_combo(gboolean has_entry) {
    GtkWidget *combo = has_entry ? gtk_combo_box_text_new_with_entry() : gtk_combo_box_text_new();
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), "Germany");
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(combo), "France");
    gtk_combo_box_set_active(GTK_COMBO_BOX(combo), 0);
    return combo;
}

static inline GtkWidget *disabled(GtkWidget *widget) {
    gtk_widget_set_sensitive(widget, FALSE);
    return widget;
}

static inline GtkWidget *new_level(void) {
    GtkWidget *level = gtk_level_bar_new_for_interval(0, 1);
    gtk_level_bar_set_value(GTK_LEVEL_BAR(level), 0.6);
    return level;
}

static inline GtkWidget *new_frame(void) {
    GtkWidget *frame = gtk_frame_new("A frame");
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_frame_set_child(GTK_FRAME(frame), gtk_label_new("in the frame"));
#else
    gtk_container_add(GTK_CONTAINER(frame), gtk_label_new("in the frame"));
#endif
    return frame;
}

static inline GtkWidget *new_expander(void) {
    GtkWidget *expander = gtk_expander_new("An expander");
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_expander_set_child(GTK_EXPANDER(expander), gtk_label_new("in the expander"));
#else
    gtk_container_add(GTK_CONTAINER(expander), gtk_label_new("in the expander"));
#endif
    gtk_expander_set_expanded(GTK_EXPANDER(expander), TRUE);
    return expander;
}

static inline GtkWidget *new_stack(void) {
    GtkWidget *both = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4), *stack = gtk_stack_new(), *switcher = gtk_stack_switcher_new();
    gtk_stack_add_titled(GTK_STACK(stack), gtk_label_new("The first page of the stack"), "one", "First");
    gtk_stack_add_titled(GTK_STACK(stack), gtk_label_new("The second page of the stack"), "two", "Second");
    gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), GTK_STACK(stack));
    add(both, switcher, FALSE);
    add(both, stack, FALSE);
    return both;
}

static inline GtkWidget *new_radios(void) {
    GtkWidget *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *parcel = radio("A parcel", NULL);
    add(both, parcel, FALSE);
    add(both, radio("A letter", parcel), FALSE);
    return both;
}

static inline GtkWidget *new_entry(const char *text) {
    GtkWidget *entry = gtk_entry_new();
    set_text(entry, text);
    return entry;
}

static inline GtkWidget *new_controls(void) {
    GtkWidget *left = new_column(), *right = new_column(), *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    add_all(left, (GtkWidget *[]){mark("off", 22, new_check("Off", 0)), mark("on", 22, new_check("On", 1)), mark("partly", 22, new_check("Partly", 2)), mark("disabled", 22, disabled(new_check("On, disabled", 1))), new_radios(),
                                  mark("switch", 0, new_switch(TRUE)), mark("other switch", 0, new_switch(FALSE)), mark("scale", 0, new_scale(FALSE)), new_scale(TRUE), new_bar_of(0.4), mark("level", 0, new_level()), new_stack(), NULL});
    GtkWidget *password = gtk_entry_new();
    gtk_entry_set_visibility(GTK_ENTRY(password), FALSE);
    set_text(password, "secret");
    add_all(right, (GtkWidget *[]){mark("combo", -30, new_combo(FALSE)), mark("combo with a field", -30, new_combo(TRUE)), new_entry("Grace Hopper"), password, gtk_spin_button_new_with_range(0, 100, 1),
                                   gtk_search_entry_new(), gtk_button_new_with_label("A button"), disabled(gtk_button_new_with_label("Disabled")),
                                   gtk_toggle_button_new_with_label("A toggle"), icon_button("document-open-symbolic"), new_frame(), new_expander(), NULL});
#if GTK_CHECK_VERSION(4, 0, 0)
    add(right, gtk_drop_down_new_from_strings((const char *const[]){"Norway", "Sweden", NULL}), FALSE);
    add(right, gtk_editable_label_new("A label to edit"), FALSE);
#endif
    gtk_widget_set_size_request(left, 380, -1);
    gtk_widget_set_size_request(right, 380, -1);
    add(both, left, TRUE);
    add(both, right, TRUE);
    return both;
}

#if GTK_CHECK_VERSION(4, 0, 0)
static inline void set_up_row(GtkListItemFactory *factory, GtkListItem *item, gpointer data) {
    (void)factory, (void)data;
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_list_item_set_child(item, label);
}

static inline void bind_row(GtkListItemFactory *factory, GtkListItem *item, gpointer data) {
    (void)factory, (void)data;
    gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)), gtk_string_object_get_string(gtk_list_item_get_item(item)));
}

static inline GtkWidget *new_many_rows(void) {
    GtkStringList *rows = gtk_string_list_new(NULL);
    for (int row = 0; row < 10000; ++row) {
        char *text = g_strdup_printf("Row %d of many", row);
        gtk_string_list_append(rows, text);
        g_free(text);
    }
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
    return gtk_list_view_new(GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(rows))), factory);
}
#else
static inline GtkWidget *new_many_rows(void) {
    GtkListStore *rows = gtk_list_store_new(1, G_TYPE_STRING);
    for (int row = 0; row < 10000; ++row) {
        char *text = g_strdup_printf("Row %d of many", row);
        gtk_list_store_insert_with_values(rows, NULL, -1, 0, text, -1);
        g_free(text);
    }
    GtkWidget *view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(rows));
    g_object_unref(rows);
    add_text_column(view, "Many", 0);
    return view;
}
#endif

static inline GtkWidget *new_list_box(void) {
    GtkWidget *list = gtk_list_box_new();
    for (const char *const *text = (const char *const[]){"First row", "Second row", "Third row", NULL}; *text; ++text) {
#if GTK_CHECK_VERSION(4, 0, 0)
        gtk_list_box_append(GTK_LIST_BOX(list), gtk_label_new(*text));
#else
        gtk_container_add(GTK_CONTAINER(list), gtk_label_new(*text));
#endif
    }
    gtk_list_box_select_row(GTK_LIST_BOX(list), gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 1));
    return list;
}

/// A group is held in part, its first part is, and the other group isn't.
static inline void set_held(GtkTreeViewColumn *column, GtkCellRenderer *cell, GtkTreeModel *model, GtkTreeIter *iter, gpointer data) {
    (void)column, (void)data;
    char *path = gtk_tree_model_get_string_from_iter(model, iter);
    g_object_set(cell, "inconsistent", g_strcmp0(path, "0") == 0, "active", g_strcmp0(path, "0:0") == 0, NULL);
    g_free(path);
}

static inline GtkWidget *new_checked_tree(void) {
    GtkWidget *widget = new_parts_tree();
    GtkTreeView *tree = GTK_TREE_VIEW(widget);
    gtk_tree_view_insert_column_with_data_func(tree, -1, "Held", gtk_cell_renderer_toggle_new(), set_held, NULL, NULL);
    GtkCellRenderer *radio = gtk_cell_renderer_toggle_new();
    gtk_cell_renderer_toggle_set_radio(GTK_CELL_RENDERER_TOGGLE(radio), TRUE);
    gtk_tree_view_insert_column_with_data_func(tree, -1, "Main", radio, set_held, NULL, NULL);
    GtkTreePath *second = gtk_tree_path_new_from_string("0:0");
    gtk_tree_selection_select_path(gtk_tree_view_get_selection(tree), second);
    gtk_tree_path_free(second);
    for (int column = 2; column < 4; ++column) {
        mark_cell("cell of a group", widget, "0", column);
        mark_cell("cell of a selected row", widget, "0:0", column);
        mark_cell("cell that is not set", widget, "1", column);
    }
    return widget;
}

static inline GtkWidget *new_lists(void) {
    GtkWidget *left = new_column(), *right = new_column(), *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    add(left, scrolled(new_checked_tree()), TRUE);
    add(left, scrolled(new_order_list()), TRUE);
    add(right, scrolled(new_many_rows()), TRUE);
    add(right, scrolled(new_list_box()), TRUE);
    gtk_widget_set_size_request(left, 380, 500);
    gtk_widget_set_size_request(right, 380, 500);
    add(both, left, TRUE);
    add(both, right, TRUE);
    return both;
}

static inline GtkWidget *new_tagged_text(void) {
    GtkWidget *view = gtk_text_view_new();
    GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(view));
    GtkTextIter end;
    gtk_text_view_set_editable(GTK_TEXT_VIEW(view), FALSE);
    gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(view), GTK_WRAP_WORD);
    gtk_text_buffer_create_tag(buffer, "title", "weight", PANGO_WEIGHT_BOLD, "size-points", 18.0, NULL);
    gtk_text_buffer_create_tag(buffer, "red", "foreground", "#c01c28", NULL);
    gtk_text_buffer_create_tag(buffer, "slanted", "style", PANGO_STYLE_ITALIC, NULL);
    const char *const parts[][2] = {{"A title\n", "title"}, {"A line with ", NULL}, {"red", "red"}, {" and ", NULL}, {"slanted", "slanted"}, {" words.\n", NULL},
                                    {"A longer line, which is wrapped at the edge of its view since it has many words.\n", NULL}, {"All of it is red\n", "red"}};
    for (gsize at = 0; at < G_N_ELEMENTS(parts); ++at) {
        gtk_text_buffer_get_end_iter(buffer, &end);
        if (parts[at][1]) {
            gtk_text_buffer_insert_with_tags_by_name(buffer, &end, parts[at][0], -1, parts[at][1], NULL);
        } else {
            gtk_text_buffer_insert(buffer, &end, parts[at][0], -1);
        }
    }
    gtk_widget_set_size_request(view, 360, 160);
    return view;
}

static inline GtkWidget *marked_up(const char *markup) {
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_markup(GTK_LABEL(label), markup);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    return label;
}

static inline GtkWidget *new_words(void) {
    GtkWidget *column = new_column(), *tabs = gtk_notebook_new(), *wrapped = gtk_label_new("A label of several lines, which are wrapped where there is no more room for another word in it.");
    gtk_label_set_max_width_chars(GTK_LABEL(wrapped), 40);
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_label_set_wrap(GTK_LABEL(wrapped), TRUE);
#else
    gtk_label_set_line_wrap(GTK_LABEL(wrapped), TRUE);
#endif
    add_all(column, (GtkWidget *[]){marked_up("<b>All bold</b>"), marked_up("<i>All slanted</i>"), marked_up("<span foreground='#c01c28'>All red</span>"),
                                    marked_up("plain, <b>bold</b>, <i>slanted</i>, <span foreground='#1a5fb4'>blue</span>, <tt>even</tt>"),
                                    marked_up("<span size='x-large'>Large</span> and small"), marked_up("<a href='https://example.com'>A link</a>"),
                                    wrapped, new_tagged_text(), NULL});
    for (const char *const *name = (const char *const[]){"One", "Two", "Three", NULL}; *name; ++name) {
        gtk_notebook_append_page(GTK_NOTEBOOK(tabs), gtk_label_new("A page of a notebook"), gtk_label_new(*name));
    }
    add(column, tabs, FALSE);
    return column;
}

static inline GtkWidget *new_gallery_window(GtkWidget *child) {
#if GTK_CHECK_VERSION(4, 0, 0)
    GtkWidget *window = gtk_window_new(), *bar = gtk_header_bar_new();
    gtk_header_bar_pack_start(GTK_HEADER_BAR(bar), gtk_button_new_with_label("New"));
#else
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL), *bar = gtk_header_bar_new();
    gtk_header_bar_set_show_close_button(GTK_HEADER_BAR(bar), TRUE);
    gtk_header_bar_pack_start(GTK_HEADER_BAR(bar), gtk_button_new_with_label("New"));
    gtk_header_bar_set_title(GTK_HEADER_BAR(bar), "Gallery");
    gtk_widget_show_all(bar);
#endif
    gtk_window_set_titlebar(GTK_WINDOW(window), bar);
    gtk_window_set_title(GTK_WINDOW(window), "Gallery");
    set_child(window, child);
    gtk_window_present(GTK_WINDOW(window));
    return window;
}

/// A check that is to have the keyboard.
static GtkWidget *focused;
static inline GtkWidget *new_focus(void) {
    GtkWidget *column = new_column();
    focused = new_check("With the keyboard", 1);
    gtk_widget_set_halign(focused, GTK_ALIGN_START);
    gtk_widget_set_size_request(column, 400, 400);
    add_all(column, (GtkWidget *[]){focused, gtk_label_new("A label"), NULL});
    return column;
}

#endif
