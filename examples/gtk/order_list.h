// The table of orders, a GtkColumnView or a GtkTreeView, and a tree of parts.
#ifndef ORDER_LIST_H
#define ORDER_LIST_H

#include "either_gtk.h"

#define ORDERS 40

static inline char *order_text(int order, int column) {
    static const char *const names[] = {"Ada Lovelace", "Grace Hopper", "Alan Turing", "Edsger Dijkstra", "Barbara Liskov"};
    return column == 0 ? g_strdup_printf("%d", 1041 + order) : column == 1 ? g_strdup(names[order % 5]) : g_strdup_printf("€ %d.50", order * 37 % 900);
}

static inline void add_text_column(GtkWidget *view, const char *title, int column) {
    GtkCellRenderer *cell = gtk_cell_renderer_text_new();
    gtk_tree_view_insert_column_with_attributes(GTK_TREE_VIEW(view), -1, title, cell, "text", column, NULL);
    gtk_tree_view_column_set_min_width(gtk_tree_view_get_column(GTK_TREE_VIEW(view), column), column == 1 ? 150 : 80);
}

#if GTK_CHECK_VERSION(4, 0, 0)

static inline void set_up_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data) {
    (void)factory, (void)data;
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_list_item_set_child(item, label);
}

static inline void bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column) {
    (void)factory;
    char *text = order_text((int)gtk_list_item_get_position(item), GPOINTER_TO_INT(column));
    gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)), text);
    g_free(text);
}

static inline GtkWidget *new_order_list(void) {
    GtkStringList *rows = gtk_string_list_new(NULL);
    for (int order = 0; order < ORDERS; ++order) {
        gtk_string_list_append(rows, "order");
    }
    GtkWidget *view = gtk_column_view_new(GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(rows))));
    for (int column = 0; column < 3; ++column) {
        GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
        g_signal_connect(factory, "setup", G_CALLBACK(set_up_cell), NULL);
        g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), GINT_TO_POINTER(column));
        GtkColumnViewColumn *made = gtk_column_view_column_new(((const char *const[]){"Order", "Customer", "Total"})[column], factory);
        gtk_column_view_column_set_fixed_width(made, column == 1 ? 150 : 90);
        gtk_column_view_append_column(GTK_COLUMN_VIEW(view), made);
        g_object_unref(made);
    }
    return view;
}

#else

static inline GtkWidget *new_order_list(void) {
    GtkListStore *rows = gtk_list_store_new(4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
    for (int order = 0; order < ORDERS; ++order) {
        char *texts[] = {order_text(order, 0), order_text(order, 1), order_text(order, 2)};
        gtk_list_store_insert_with_values(rows, NULL, -1, 0, texts[0], 1, texts[1], 2, texts[2], 3, order % 3 != 0, -1);
        for (int at = 0; at < 3; ++at) {
            g_free(texts[at]);
        }
    }
    GtkWidget *view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(rows));
    g_object_unref(rows);
    add_text_column(view, "Order", 0);
    add_text_column(view, "Customer", 1);
    add_text_column(view, "Total", 2);
    gtk_tree_view_insert_column_with_attributes(GTK_TREE_VIEW(view), -1, "Paid", gtk_cell_renderer_toggle_new(), "active", 3, NULL);
    return view;
}

#endif

static inline GtkWidget *new_parts_tree(void) {
    GtkTreeStore *store = gtk_tree_store_new(2, G_TYPE_STRING, G_TYPE_STRING);
    for (const char *const *name = (const char *const[]){"Screws", "Panels", NULL}; *name; ++name) {
        GtkTreeIter group, part;
        char *small = g_strdup_printf("%s, small", *name);
        gtk_tree_store_insert_with_values(store, &group, NULL, -1, 0, *name, 1, "12", -1);
        gtk_tree_store_insert_with_values(store, &part, &group, -1, 0, small, 1, "5", -1);
        g_free(small);
    }
    GtkWidget *view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(store));
    g_object_unref(store);
    add_text_column(view, "Part", 0);
    add_text_column(view, "Stock", 1);
    gtk_tree_view_column_set_min_width(gtk_tree_view_get_column(GTK_TREE_VIEW(view), 0), 160);
    GtkTreePath *first = gtk_tree_path_new_first();
    gtk_tree_view_expand_row(GTK_TREE_VIEW(view), first, TRUE);
    gtk_tree_path_free(first);
    return view;
}

#endif
