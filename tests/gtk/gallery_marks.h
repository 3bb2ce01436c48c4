// Parts of the gallery that are compared by themselves.
#ifndef GALLERY_MARKS_H
#define GALLERY_MARKS_H

#include "screen.h"

static struct {
    const char *name;
    GtkWidget *widget;
    int width; // from its beginning; negative: from its end; 0: all of it
    const char *row; // of a GtkTreeView; NULL: not a cell
    int column;
} marked[16];
static gsize marked_count;

static inline GtkWidget *mark(const char *name, int width, GtkWidget *widget) {
    g_assert_cmpuint(marked_count, <, G_N_ELEMENTS(marked));
    marked[marked_count].name = name;
    marked[marked_count].widget = widget;
    marked[marked_count].row = NULL;
    marked[marked_count++].width = width;
    return widget;
}

static inline void mark_cell(const char *name, GtkWidget *tree, const char *row, int column) {
    mark(name, 0, tree);
    marked[marked_count - 1].row = row;
    marked[marked_count - 1].column = column;
}

/// On the screen.
static inline GdkRectangle place_of_mark(gsize at) {
    GdkRectangle all = on_screen(marked[at].widget), cell;
    if (marked[at].row) {
        GtkTreeView *tree = GTK_TREE_VIEW(marked[at].widget);
        GtkTreePath *path = gtk_tree_path_new_from_string(marked[at].row);
        int x, y;
        gtk_tree_view_get_background_area(tree, path, gtk_tree_view_get_column(tree, marked[at].column), &cell);
        gtk_tree_view_convert_bin_window_to_widget_coords(tree, cell.x, cell.y, &x, &y);
        gtk_tree_path_free(path);
        return (GdkRectangle){all.x + x, all.y + y, cell.width, cell.height};
    }
    const int width = marked[at].width ? ABS(marked[at].width) : all.width;
    const gboolean is_right = (gtk_widget_get_default_direction() == GTK_TEXT_DIR_RTL) != (marked[at].width < 0);
    return (GdkRectangle){is_right ? all.x + all.width - width : all.x, all.y, width, all.height};
}

#endif
