// The app's window: a tool bar with a menu, a table of orders, a form, tabs, a plot, a web view where WebKitGTK is there.
#ifndef ORDERS_WINDOW_H
#define ORDERS_WINDOW_H

#include "order_list.h"
#include "sign_in_dialog.h"

#ifdef SR_GTK_WEBKIT
#if GTK_CHECK_VERSION(4, 0, 0)
#include <webkit/webkit.h>
#else
#include <webkit2/webkit2.h>
#endif
#endif

typedef struct {
    GtkWidget *window, *menu, *search, *list, *tabs, *name, *card, *paid, *note, *progress, *pay, *status, *plot, *page;
    double value; // of the plot
    SignInDialog dialog;
} OrdersWindow;

static inline void draw_plot(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data) {
    (void)area;
    const OrdersWindow *orders = data;
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_fill(cairo);
    cairo_set_source_rgb(cairo, 0.18, 0.44, 0.87);
    for (int at = 0; at < 12; ++at) {
        const double tall = (at * 37 % 11 + 3) * (height - 4) / 14.0 * orders->value;
        cairo_rectangle(cairo, 8 + at * 24, height - tall, 16, tall);
    }
    cairo_fill(cairo);
}

#if !GTK_CHECK_VERSION(4, 0, 0)
static inline gboolean draw_plot_3(GtkWidget *area, cairo_t *cairo, gpointer data) {
    draw_plot(GTK_DRAWING_AREA(area), cairo, gtk_widget_get_allocated_width(area), gtk_widget_get_allocated_height(area), data);
    return TRUE;
}
#endif

static inline GtkWidget *new_plot(OrdersWindow *orders) {
    GtkWidget *plot = gtk_drawing_area_new();
    gtk_widget_set_size_request(plot, 300, 90);
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(plot), draw_plot, orders, NULL);
#else
    g_signal_connect(plot, "draw", G_CALLBACK(draw_plot_3), orders);
#endif
    return plot;
}

/// With its title over it.
static inline GtkWidget *titled(GtkWidget *plot, const char *text) {
    GtkWidget *overlay = gtk_overlay_new(), *title = gtk_label_new(text);
    gtk_widget_set_halign(title, GTK_ALIGN_START);
    gtk_widget_set_valign(title, GTK_ALIGN_START);
#if GTK_CHECK_VERSION(4, 0, 0)
    gtk_overlay_set_child(GTK_OVERLAY(overlay), plot);
#else
    gtk_container_add(GTK_CONTAINER(overlay), plot);
#endif
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), title);
    return overlay;
}

static inline void row(GtkWidget *grid, int at, const char *text, GtkWidget *field) {
    GtkWidget *label = gtk_label_new_with_mnemonic(text);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), field);
    gtk_widget_set_hexpand(field, TRUE);
    gtk_grid_attach(GTK_GRID(grid), label, 0, at, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), field, 1, at, 1, 1);
}

static inline GtkWidget *new_countries(void) {
#if GTK_CHECK_VERSION(4, 0, 0)
    return gtk_drop_down_new_from_strings((const char *const[]){"Germany", "France", "Norway", NULL});
#else
    GtkWidget *box = gtk_combo_box_text_new();
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(box), "Germany");
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(box), "France");
    gtk_combo_box_set_active(GTK_COMBO_BOX(box), 0);
    return box;
#endif
}

static inline void sign_in(GtkWidget *button, OrdersWindow *orders) {
    (void)button;
    sign_in_dialog_show(&orders->dialog, GTK_WINDOW(orders->window));
}

static inline GtkWidget *new_form(OrdersWindow *orders) {
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8), *grid = gtk_grid_new();
    gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
    gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
    orders->name = gtk_entry_new();
    set_text(orders->name, "Grace Hopper");
    orders->card = new_password();
    row(grid, 0, "_Name", orders->name);
    row(grid, 1, "_Card", orders->card);
    row(grid, 2, "Co_untry", new_countries());
    row(grid, 3, "_Pieces", gtk_spin_button_new_with_range(0, 100, 1));
    orders->paid = gtk_check_button_new_with_label("The order is paid");
    GtkWidget *parcel = radio("As a parcel", NULL), *letter = radio("As a letter", parcel), *refund = gtk_button_new_with_label("Refund");
    gtk_widget_set_sensitive(refund, FALSE);
    orders->note = gtk_text_view_new();
    orders->progress = gtk_progress_bar_new();
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(orders->progress), 0.42);
    orders->pay = gtk_button_new_with_label("Pay now");
    g_signal_connect(orders->pay, "clicked", G_CALLBACK(sign_in), orders);
    GtkWidget *note = scrolled(orders->note);
    gtk_widget_set_size_request(note, -1, 60);
    for (GtkWidget **it = (GtkWidget *[]){grid, orders->paid, parcel, letter, note, orders->progress, orders->pay, refund, NULL}; *it; ++it) {
        add(column, *it, FALSE);
    }
    return column;
}

static inline GtkWidget *new_more(OrdersWindow *orders) {
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8), *help = gtk_text_view_new();
    gtk_text_view_set_editable(GTK_TEXT_VIEW(help), FALSE);
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(help)), "How orders are sent\nAn order is packed within two days.", -1);
    GtkWidget *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 100, 1), *on = gtk_switch_new();
    gtk_range_set_value(GTK_RANGE(scale), 30);
    gtk_scale_set_draw_value(GTK_SCALE(scale), FALSE);
    gtk_switch_set_active(GTK_SWITCH(on), TRUE);
    gtk_widget_set_halign(on, GTK_ALIGN_START);
    orders->plot = new_plot(orders);
    add(column, scrolled(new_parts_tree()), TRUE);
    for (GtkWidget **it = (GtkWidget *[]){help, scale, on, titled(orders->plot, "Sales by month"), NULL}; *it; ++it) {
        add(column, *it, FALSE);
    }
    return column;
}

static inline GtkWidget *new_page(OrdersWindow *orders) {
#ifdef SR_GTK_WEBKIT
    orders->page = webkit_web_view_new();
    gtk_widget_set_size_request(orders->page, 300, 200);
    return orders->page;
#else
    (void)orders;
    return gtk_label_new("WebKitGTK is not there.");
#endif
}

static inline GtkWidget *new_menu(void) {
    GMenu *menu = g_menu_new();
    g_menu_append(menu, "Open", "app.open");
    g_menu_append(menu, "Save", "app.save");
    g_menu_append(menu, "Only paid ones", "app.paid");
    GtkWidget *button = gtk_menu_button_new();
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
    g_object_unref(menu);
    return button;
}

static inline void add_actions(GtkApplication *application) {
    for (const char *const *name = (const char *const[]){"open", "save", NULL}; *name; ++name) {
        GSimpleAction *action = g_simple_action_new(*name, NULL);
        g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(action));
        g_object_unref(action);
    }
    GSimpleAction *paid = g_simple_action_new_stateful("paid", NULL, g_variant_new_boolean(TRUE));
    g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(paid));
    g_object_unref(paid);
}

static inline GtkWidget *new_bar(OrdersWindow *orders) {
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    orders->menu = new_menu();
    orders->search = gtk_search_entry_new();
    add(bar, orders->menu, FALSE);
    add(bar, icon_button("document-open-symbolic"), FALSE);
    add(bar, gtk_button_new_with_label("Refresh"), FALSE);
    add(bar, orders->search, FALSE);
    return bar;
}

static inline OrdersWindow *orders_window_new(GtkApplication *application) {
    OrdersWindow *orders = g_new0(OrdersWindow, 1);
    orders->value = 0.6;
    orders->window = gtk_application_window_new(application);
    g_object_set_data_full(G_OBJECT(orders->window), "orders", orders, g_free);
    gtk_window_set_title(GTK_WINDOW(orders->window), "Orders");
    gtk_window_set_default_size(GTK_WINDOW(orders->window), 860, 560);
    add_actions(application);
    orders->tabs = gtk_notebook_new();
    for (int at = 0; at < 3; ++at) {
        GtkWidget *page = at == 0 ? new_form(orders) : at == 1 ? new_more(orders) : new_page(orders);
        g_object_set(page, "margin-top", 8, "margin-bottom", 8, "margin-start", 8, "margin-end", 8, NULL);
        gtk_notebook_append_page(GTK_NOTEBOOK(orders->tabs), page, gtk_label_new(((const char *const[]){"Order", "More", "Page"})[at]));
    }
    orders->list = new_order_list();
    orders->status = gtk_label_new("40 orders");
    gtk_label_set_xalign(GTK_LABEL(orders->status), 0);
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    g_object_set(column, "margin-top", 6, "margin-bottom", 6, "margin-start", 6, "margin-end", 6, NULL);
    add(column, new_bar(orders), FALSE);
    add(column, panes(scrolled(orders->list), orders->tabs), TRUE);
    add(column, orders->status, FALSE);
    set_child(orders->window, column);
    return orders;
}

#endif
