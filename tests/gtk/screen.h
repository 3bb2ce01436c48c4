// The screen, and a person's hand on it: what GTK does not do for a program.
#ifndef SCREEN_H
#define SCREEN_H

#include <gtk/gtk.h>

#if GTK_CHECK_VERSION(4, 0, 0)
#include <gdk/x11/gdkx.h>
#else
#include <gdk/gdkx.h>
#endif
#include <X11/Xutil.h>
#include <stdlib.h>

static gboolean stop_waiting(gpointer is_over) { return *(gboolean *)is_over = TRUE, G_SOURCE_REMOVE; }

/// Lets the program go on for so long.
static inline void wait_ms(guint milliseconds) {
    gboolean is_over = FALSE;
    g_timeout_add(milliseconds, stop_waiting, &is_over);
    while (!is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
}

/// xdotool, while the program goes on.
static inline void hand(const char *format, ...) {
    va_list values;
    va_start(values, format);
    char *command = g_strdup_vprintf(format, values), *whole = g_strconcat("xdotool ", command, NULL);
    va_end(values);
    GError *error = NULL;
    if (!g_spawn_command_line_async(whole, &error)) {
        g_printerr("%s: %s\n", whole, error->message);
        exit(1);
    }
    g_free(command);
    g_free(whole);
    wait_ms(500);
}

/// Where a widget is on the screen.
static inline GdkRectangle on_screen(GtkWidget *widget) {
#if GTK_CHECK_VERSION(4, 0, 0)
    GtkNative *native = gtk_widget_get_native(widget);
    GdkSurface *surface = gtk_native_get_surface(native);
    Display *display = gdk_x11_display_get_xdisplay(gdk_surface_get_display(surface));
    graphene_rect_t bounds;
    double dx, dy;
    int x, y;
    Window child;
    XTranslateCoordinates(display, gdk_x11_surface_get_xid(surface), DefaultRootWindow(display), 0, 0, &x, &y, &child);
    gtk_native_get_surface_transform(native, &dx, &dy);
    g_assert_true(gtk_widget_compute_bounds(widget, GTK_WIDGET(native), &bounds));
    const int size[] = {(int)bounds.size.width, (int)bounds.size.height};
    return (GdkRectangle){x + (int)(dx + (double)bounds.origin.x), y + (int)(dy + (double)bounds.origin.y), size[0], size[1]};
#else
    GtkWidget *window = gtk_widget_get_toplevel(widget);
    int x = 0, y = 0, left, top;
    gdk_window_get_origin(gtk_widget_get_window(window), &left, &top);
    gtk_widget_translate_coordinates(widget, window, 0, 0, &x, &y);
    return (GdkRectangle){left + x, top + y, gtk_widget_get_allocated_width(widget), gtk_widget_get_allocated_height(widget)};
#endif
}

static inline void click_at(GtkWidget *widget, int x, int y) {
    const GdkRectangle place = on_screen(widget);
    hand("mousemove %d %d click 1", place.x + x, place.y + y);
}

static inline void click(GtkWidget *widget) {
    const GdkRectangle place = on_screen(widget);
    hand("mousemove %d %d click 1", place.x + MIN(place.width / 2, 60), place.y + place.height / 2);
}

static inline void type(GtkWidget *widget, const char *text) {
    click(widget);
    hand("type --delay 20 \"%s\"", text);
    wait_ms(300 + 40 * (guint)strlen(text));
}

/// A picture of the whole screen.
static inline void screenshot(const char *path) {
    Display *display = gdk_x11_display_get_xdisplay(gdk_display_get_default());
    XWindowAttributes root;
    XGetWindowAttributes(display, DefaultRootWindow(display), &root);
    XImage *image = XGetImage(display, DefaultRootWindow(display), 0, 0, (unsigned)root.width, (unsigned)root.height, AllPlanes, ZPixmap);
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)image->data, CAIRO_FORMAT_RGB24, root.width, root.height, image->bytes_per_line);
    cairo_surface_write_to_png(surface, path);
    cairo_surface_destroy(surface);
    XDestroyImage(image);
}

#endif
