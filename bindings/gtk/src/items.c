#include "items.h"

#include "marks.h"

/* Rows that are looked at in one view. */
#define MAX_ROWS 1000

typedef struct {
    SrgLook *look;
    SrgSeen seen;
    GtkTreeView *view;
    GtkTreeModel *model; /* held: the app's code may take it away */
    GtkTreeIter iter;
    GtkTreePath *path;
    gboolean is_selected;
    guint64 row;
} Row;

/* The model and its cell functions are the app's own code, which may do anything. */
static gboolean is_alive(const Row *row) {
    return gtk_widget_get_mapped(GTK_WIDGET(row->view)) && gtk_tree_view_get_model(row->view) == row->model && !srg_nodes_are_full(&row->look->nodes);
}

static SrgBox in_window(const Row *row, const GdkRectangle *area) {
    int x, y;
    gtk_tree_view_convert_bin_window_to_widget_coords(row->view, area->x, area->y, &x, &y);
    return srg_in_window(&row->seen, srg_box(x, y, area->width, area->height));
}

static void add_text(Row *row, GtkCellRenderer *cell, SrgBox place, sr_node node) {
    char *text = NULL;
    gboolean has_color = FALSE;
    GdkRGBA *color = NULL;
    PangoFontDescription *font = NULL;
    float align = 0;
    g_object_get(cell, "text", &text, "foreground-set", &has_color, "foreground-rgba", &color, "font-desc", &font, "xalign", &align, NULL);
    node.kind = SR_NODE_TEXT;
    node.text = text;
    node.color = has_color && color ? srg_color_of(color) : node.color;
    PangoFontDescription *whole = pango_font_description_copy(pango_context_get_font_description(gtk_widget_get_pango_context(GTK_WIDGET(row->view))));
    pango_font_description_merge(whole, font, TRUE);
    srg_font(&node, GTK_WIDGET(row->view), whole);
    const float side = srg_is_rtl(GTK_WIDGET(row->view)) ? 1 - align : align;
    node.flags |= side > 0.75f ? SR_NODE_FLAG_RIGHT : side > 0.25f ? SR_NODE_FLAG_CENTER : 0u;
    if (text && *text) {
        srg_add(row->look, &row->seen, node, place);
    }
    pango_font_description_free(whole);
    g_clear_pointer(&font, pango_font_description_free);
    g_clear_pointer(&color, gdk_rgba_free);
    g_free(text);
}

/* `place`: with its padding. */
static void add_check(Row *row, GtkCellRenderer *cell, SrgBox place, sr_node node) {
    gboolean is_radio = FALSE, is_active = FALSE, is_inconsistent = FALSE;
    g_object_get(cell, "radio", &is_radio, "active", &is_active, "inconsistent", &is_inconsistent, NULL);
    node.kind = is_radio ? SR_NODE_RADIO : SR_NODE_CHECKBOX;
    node.flags |= srg_check_state(is_radio, is_active, is_inconsistent);
    srg_cell_mark(row->look, &row->seen, node, cell, row->is_selected, place, srg_id(cell, row->row, 9));
}

static void add_progress(Row *row, GtkCellRenderer *cell, SrgBox place, sr_node node) {
    int value = 0;
    char *text = NULL;
    g_object_get(cell, "value", &value, "text", &text, NULL);
    char *percent = text ? text : g_strdup_printf("%d %%", CLAMP(value, 0, 100));
    srg_add(row->look, &row->seen, (sr_node){.kind = SR_NODE_CUSTOM, .id = srg_id(cell, row->row, 8), .background = srg_accent(GTK_WIDGET(row->view))},
            srg_box(place.x + 2, place.y + place.height - 6, (place.width - 4) * CLAMP(value, 0, 100) / 100, 4));
    node.kind = SR_NODE_TEXT;
    node.flags |= SR_NODE_FLAG_CENTER;
    node.text = percent;
    srg_add(row->look, &row->seen, node, place);
    g_free(percent);
}

/* Of a renderer of the app's own no text is told: what it draws need not be what its model says. */
static void add_cell(Row *row, GtkTreeViewColumn *column, GtkCellRenderer *cell, const GdkRectangle *area) {
    int left = 0, width = 0;
    if (!gtk_cell_renderer_get_visible(cell) || !gtk_tree_view_column_cell_get_position(column, cell, &left, &width)) {
        return;
    }
    GdkRectangle part = {area->x + left, area->y, MIN(width, area->width - left), area->height};
    const SrgBox whole = in_window(row, &part);
    int xpad, ypad;
    gtk_cell_renderer_get_padding(cell, &xpad, &ypad);
    const SrgBox place = srg_box(whole.x + xpad, whole.y, whole.width - xpad, whole.height);
    sr_node node = {.id = srg_id(cell, row->row, 1), .flags = gtk_cell_renderer_get_sensitive(cell) ? 0u : SR_NODE_FLAG_DISABLED};
    node.color = srg_color_in(GTK_WIDGET(row->view), row->is_selected ? GTK_STATE_FLAG_SELECTED : 0);
    const GType type = G_OBJECT_TYPE(cell);
    if (type == GTK_TYPE_CELL_RENDERER_TEXT || type == GTK_TYPE_CELL_RENDERER_COMBO || type == GTK_TYPE_CELL_RENDERER_SPIN) {
        add_text(row, cell, place, node);
    } else if (type == GTK_TYPE_CELL_RENDERER_TOGGLE) {
        add_check(row, cell, whole, node);
    } else if (type == GTK_TYPE_CELL_RENDERER_PROGRESS) {
        add_progress(row, cell, place, node);
    }
}

static void add_expander(Row *row, GtkTreeViewColumn *column, const GdkRectangle *cell) {
    if (gtk_tree_view_get_expander_column(row->view) != column || !gtk_tree_model_iter_has_child(row->model, &row->iter)) {
        return;
    }
    const gboolean is_rtl = srg_is_rtl(GTK_WIDGET(row->view)), is_open = gtk_tree_view_row_expanded(row->view, row->path);
    const GdkRectangle arrow = {is_rtl ? cell->x + cell->width + 2 : cell->x - 16, cell->y, 14, cell->height};
    sr_node node = srg_text(&row->seen, srg_id(NULL, row->row, 2), is_open ? "\342\226\276" : is_rtl ? "\342\227\202" : "\342\226\270");
    node.flags |= SR_NODE_FLAG_CENTER;
    srg_add(row->look, &row->seen, node, in_window(row, &arrow));
}

static void add_column(Row *row, GtkTreeViewColumn *column) {
    GdkRectangle cell, all;
    if (!gtk_tree_view_column_get_visible(column)) {
        return;
    }
    gtk_tree_view_get_cell_area(row->view, row->path, column, &cell);
    gtk_tree_view_get_background_area(row->view, row->path, column, &all);
    /* From the right to the left, GTK 4 has taken off already how far it is scrolled, for a cell alone. */
    cell.x += all.x - gtk_tree_view_column_get_x_offset(column);
    const SrgBox back = in_window(row, &all), shown = srg_intersection(&back, &row->seen.clip->visible);
    if (srg_is_empty(&shown)) {
        return;
    }
    if (row->is_selected) {
        sr_node node = {.kind = SR_NODE_ITEM, .id = srg_id(column, row->row, 3), .flags = SR_NODE_FLAG_SELECTED};
        guint32 border;
        srg_colors_in(GTK_WIDGET(row->view), GTK_STATE_FLAG_SELECTED, &node.background, &border);
        srg_add(row->look, &row->seen, node, back);
    }
    const gboolean is_parent = gtk_tree_model_iter_has_child(row->model, &row->iter);
    gtk_tree_view_column_cell_set_cell_data(column, row->model, &row->iter, is_parent, is_parent && gtk_tree_view_row_expanded(row->view, row->path));
    if (!is_alive(row)) {
        return;
    }
    add_expander(row, column, &cell);
    GList *cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(column));
    for (GList *at = cells; at; at = at->next) {
        add_cell(row, column, at->data, &cell);
    }
    g_list_free(cells);
}

static void add_row(Row *row) {
    GList *columns = gtk_tree_view_get_columns(row->view);
    g_list_foreach(columns, (GFunc)(void (*)(void))g_object_ref, NULL);
    row->is_selected = gtk_tree_selection_path_is_selected(gtk_tree_view_get_selection(row->view), row->path);
    char *name = gtk_tree_path_to_string(row->path);
    row->row = srg_id(row->view, g_str_hash(name), 0);
    g_free(name);
    for (GList *at = columns; at && is_alive(row); at = at->next) {
        if (gtk_tree_model_get_iter(row->model, &row->iter, row->path)) {
            add_column(row, at->data);
        }
    }
    g_list_free_full(columns, g_object_unref);
}

/* To the row below it, as it is seen. */
static gboolean go_on(Row *row) {
    GtkTreeIter next;
    if (gtk_tree_view_row_expanded(row->view, row->path) && gtk_tree_model_get_iter(row->model, &row->iter, row->path) &&
        gtk_tree_model_iter_has_child(row->model, &row->iter)) {
        gtk_tree_path_down(row->path);
        return TRUE;
    }
    while (gtk_tree_path_get_depth(row->path) > 0) {
        gtk_tree_path_next(row->path);
        if (gtk_tree_model_get_iter(row->model, &next, row->path)) {
            return TRUE;
        }
        gtk_tree_path_up(row->path);
    }
    return FALSE;
}

void srg_describe_rows(SrgLook *look, const SrgSeen *seen, const SrgClip *inside, GtkTreeView *view) {
    GtkTreePath *first = NULL, *last = NULL;
    /* Rows are cut off at the header, too. */
    GdkRectangle tree;
    int x, y;
    gtk_tree_view_get_visible_rect(view, &tree);
    gtk_tree_view_convert_tree_to_widget_coords(view, tree.x, tree.y, &x, &y);
    const SrgBox below = srg_in_window(seen, srg_box(x, y, tree.width, tree.height));
    SrgClip rows = *inside;
    rows.visible = srg_intersection(&inside->visible, &below);
    rows.node[0] = rows.node[1] = 0;
    rows.id = srg_id(view, 1, 0);
    Row row = {.look = look, .seen = {seen->widget, seen->place, &rows}, .view = view, .model = gtk_tree_view_get_model(view)};
    if (!row.model || !gtk_tree_view_get_visible_range(view, &first, &last)) {
        return;
    }
    g_object_ref(row.model);
    row.path = first;
    for (int count = 0; count < MAX_ROWS && is_alive(&row) && gtk_tree_path_compare(row.path, last) <= 0; ++count) {
        add_row(&row);
        if (!is_alive(&row) || !go_on(&row)) {
            break;
        }
    }
    gtk_tree_path_free(row.path);
    gtk_tree_path_free(last);
    g_object_unref(row.model);
}
