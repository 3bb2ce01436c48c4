// The texts of a window that are no fields', found in another way than the adapter does: by what GTK says lies at a point.
#ifndef TEXTS_H
#define TEXTS_H

#include <gtk/gtk.h>

static inline GPtrArray *children_of(GtkWidget *widget) {
    GPtrArray *list = g_ptr_array_new();
#if GTK_CHECK_VERSION(4, 0, 0)
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
        g_ptr_array_add(list, child);
    }
#else
    GList *children = GTK_IS_CONTAINER(widget) ? gtk_container_get_children(GTK_CONTAINER(widget)) : NULL;
    for (GList *at = children; at; at = at->next) {
        g_ptr_array_add(list, at->data);
    }
    if (GTK_IS_NOTEBOOK(widget)) {
        for (int at = 0; at < gtk_notebook_get_n_pages(GTK_NOTEBOOK(widget)); ++at) {
            g_ptr_array_add(list, gtk_notebook_get_tab_label(GTK_NOTEBOOK(widget), gtk_notebook_get_nth_page(GTK_NOTEBOOK(widget), at)));
        }
    }
    g_list_free(children);
#endif
    return list;
}

static inline void add_text(GString *all, const char *text) {
    if (text && *text) {
        g_string_append_printf(all, "%s\"", all->len > 1 ? "," : "");
        for (const char *at = text; *at; ++at) {
            g_string_append(all, *at == '"' || *at == '\\' ? "\\" : "");
            g_string_append(all, *at == '\n' ? "\\n" : (char[]){*at, 0});
        }
        g_string_append_c(all, '"');
    }
}

/// Whether it lies in its scrolled area.
static inline gboolean is_in_view(GtkWidget *widget) {
    GtkWidget *area = gtk_widget_get_ancestor(widget, GTK_TYPE_SCROLLED_WINDOW);
    double x, y;
#if GTK_CHECK_VERSION(4, 0, 0)
    if (!area || !gtk_widget_translate_coordinates(widget, area, 0, 0, &x, &y)) {
        return !area;
    }
    return y + gtk_widget_get_height(widget) > 1 && y < gtk_widget_get_height(area) - 1 && x < gtk_widget_get_width(area);
#else
    int left, top;
    if (!area || !gtk_widget_translate_coordinates(widget, area, 0, 0, &left, &top)) {
        return !area;
    }
    x = left, y = top;
    return y + gtk_widget_get_allocated_height(widget) > 1 && y < gtk_widget_get_allocated_height(area) - 1 && x < gtk_widget_get_allocated_width(area);
#endif
}

static inline void add_cells(GString *all, GtkTreeView *view) {
    GtkTreePath *first, *last;
    GtkTreeModel *model = gtk_tree_view_get_model(view);
    for (guint at = 0; at < gtk_tree_view_get_n_columns(view); ++at) {
        add_text(all, gtk_tree_view_column_get_title(gtk_tree_view_get_column(view, (int)at)));
    }
    if (!gtk_tree_view_get_visible_range(view, &first, &last)) {
        return;
    }
    GtkTreeIter iter;
    for (int at = 0; at < 2000; ++at) {
        int x, y;
        gtk_tree_view_convert_widget_to_bin_window_coords(view, 8, 0, &x, &y);
        GtkTreePath *path = NULL;
        if (!gtk_tree_view_get_path_at_pos(view, x, y + at, &path, NULL, NULL, NULL)) {
            continue; // The header lies there.
        }
        const gboolean is_seen = gtk_tree_path_compare(path, last) <= 0 && gtk_tree_model_get_iter(model, &iter, path);
        for (int column = 0; is_seen && column < gtk_tree_model_get_n_columns(model); ++column) {
            char *text = NULL;
            if (gtk_tree_model_get_column_type(model, column) == G_TYPE_STRING) {
                gtk_tree_model_get(model, &iter, column, &text, -1);
            }
            add_text(all, text);
            g_free(text);
        }
        gtk_tree_path_free(path);
    }
    gtk_tree_path_free(first);
    gtk_tree_path_free(last);
}

static inline void add_texts(GString *all, GtkWidget *widget) {
#if GTK_CHECK_VERSION(4, 0, 0)
    const gboolean is_field = GTK_IS_EDITABLE(widget) || GTK_IS_DROP_DOWN(widget) || GTK_IS_POPOVER(widget);
#else
    const gboolean is_field = GTK_IS_EDITABLE(widget) || GTK_IS_COMBO_BOX(widget) || GTK_IS_POPOVER(widget);
#endif
    if (!gtk_widget_get_mapped(widget) || is_field) {
        return;
    }
    if (GTK_IS_LABEL(widget) && is_in_view(widget)) {
        add_text(all, gtk_label_get_text(GTK_LABEL(widget)));
    } else if (GTK_IS_TREE_VIEW(widget)) {
        add_cells(all, GTK_TREE_VIEW(widget));
        return;
    } else if (GTK_IS_TEXT_VIEW(widget) && !gtk_text_view_get_editable(GTK_TEXT_VIEW(widget))) {
        GtkTextIter begin, end;
        GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(widget));
        gtk_text_buffer_get_bounds(buffer, &begin, &end);
        char *text = gtk_text_buffer_get_text(buffer, &begin, &end, FALSE), **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; ++line) {
            add_text(all, *line);
        }
        g_strfreev(lines);
        g_free(text);
    }
    GPtrArray *list = children_of(widget);
    for (guint at = 0; at < list->len; ++at) {
        add_texts(all, list->pdata[at]);
    }
    g_ptr_array_free(list, TRUE);
}

static inline char *texts_of(GtkWidget *window) {
    GString *all = g_string_new("[");
    add_texts(all, window);
    g_string_append_c(all, ']');
    return g_string_free(all, FALSE);
}

#endif
