#include "style.h"

/* Large enough for a border, a rounded corner, and a middle between them. */
#define SIDE 24

guint32 srg_color_of(const GdkRGBA *color) {
    const guint32 parts[] = {(guint32)(color->alpha * 255 + 0.5), (guint32)(color->red * 255 + 0.5), (guint32)(color->green * 255 + 0.5),
                             (guint32)(color->blue * 255 + 0.5)};
    return parts[0] == 0 ? SRG_NO_COLOR : parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3];
}

guint32 srg_faded(guint32 color, double share) {
    return (color & 0xffffffu) | (guint32)((double)(color >> 24) * share) << 24;
}

static GtkStateFlags state_of(GtkWidget *widget, GtkStateFlags more) {
    return (gtk_widget_get_state_flags(widget) & ~(GtkStateFlags)GTK_STATE_FLAG_INSENSITIVE) | more;
}

/* A style in another state has lost what is around its widget, to which rules may refer: so only where it has to be. */
static gboolean enter(GtkWidget *widget, GtkStateFlags more) {
    const gboolean is_other = state_of(widget, more) != gtk_widget_get_state_flags(widget);
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    if (is_other) {
        gtk_style_context_save(style);
        gtk_style_context_set_state(style, state_of(widget, more));
    }
    return is_other;
}

static void leave(GtkWidget *widget, gboolean is_other) {
    if (is_other) {
        gtk_style_context_restore(gtk_widget_get_style_context(widget));
    }
}

guint32 srg_color_in(GtkWidget *widget, GtkStateFlags more) {
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    GdkRGBA color = {0, 0, 0, 1};
#if SRG_GTK4
    const gboolean is_other = enter(widget, more);
    gtk_style_context_get_color(style, &color);
    leave(widget, is_other);
#else
    gtk_style_context_get_color(style, state_of(widget, more), &color);
#endif
    return srg_color_of(&color);
}

guint32 srg_color(GtkWidget *widget) { return srg_color_in(widget, 0); }

guint32 srg_seen_color(GtkWidget *widget) {
    GdkRGBA color = {0, 0, 0, 1};
#if SRG_GTK4
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &color);
#else
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), gtk_widget_get_state_flags(widget), &color);
#endif
    return srg_color_of(&color);
}

/* What cairo has painted there. It multiplies with alpha. */
static guint32 pixel_at(cairo_surface_t *surface, int x, int y) {
    const unsigned char *row = cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
    const guint32 pixel = ((const guint32 *)(const void *)row)[x], alpha = pixel >> 24;
    if (alpha < 4) {
        return SRG_NO_COLOR;
    }
    guint32 color = alpha << 24;
    for (int shift = 0; shift < 24; shift += 8) {
        const guint32 part = (pixel >> shift & 255) * 255 / alpha;
        color |= MIN(part, 255) << shift;
    }
    return color;
}

guint32 srg_accent(GtkWidget *widget) {
    GdkRGBA color;
    const gboolean is_named = gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), "theme_selected_bg_color", &color);
    return is_named ? srg_color_of(&color) : 0xff3584e4u;
}

#if !SRG_GTK4
guint32 srg_part_color(GtkWidget *widget, const char *part) {
    GtkWidgetPath *path = gtk_widget_path_copy(gtk_widget_get_path(widget));
    GtkStyleContext *style = gtk_style_context_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
    cairo_t *cairo = cairo_create(surface);
    gtk_widget_path_append_type(path, G_TYPE_NONE);
    gtk_widget_path_iter_set_object_name(path, -1, part);
    gtk_style_context_set_path(style, path);
    gtk_style_context_set_parent(style, gtk_widget_get_style_context(widget));
    gtk_render_background(style, cairo, 0, 0, SIDE, SIDE);
    cairo_surface_flush(surface);
    const guint32 color = pixel_at(surface, SIDE / 2, SIDE / 2);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    g_object_unref(style);
    gtk_widget_path_unref(path);
    return color;
}
#endif

/* Styles paint with gradients, images and shadows, too: so the style paints a little of it, and its pixels are read. */
void srg_colors_in(GtkWidget *widget, GtkStateFlags more, guint32 *background, guint32 *border) {
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
    cairo_t *cairo = cairo_create(surface);
    /* Of what is disabled, too: in another state, what is around it in the style would be lost. */
    const gboolean is_other = more && enter(widget, more);
    gtk_render_background(style, cairo, 0, 0, SIDE, SIDE);
    cairo_surface_flush(surface);
    *background = pixel_at(surface, SIDE / 2, SIDE / 2);
    const guint32 edges[] = {pixel_at(surface, SIDE / 2, SIDE - 1), pixel_at(surface, SIDE / 2, 0), pixel_at(surface, 0, SIDE / 2)};
    gtk_render_frame(style, cairo, 0, 0, SIDE, SIDE);
    leave(widget, is_other);
    cairo_surface_flush(surface);
    const guint32 bottom = pixel_at(surface, SIDE / 2, SIDE - 1);
    /* A line at one side alone is no border. */
    const gboolean is_around = bottom != edges[0] && pixel_at(surface, SIDE / 2, 0) != edges[1] && pixel_at(surface, 0, SIDE / 2) != edges[2];
    *border = is_around ? bottom : SRG_NO_COLOR;
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

void srg_colors(GtkWidget *widget, guint32 *background, guint32 *border) { srg_colors_in(widget, 0, background, border); }

void srg_font(sr_node *node, GtkWidget *widget, const PangoFontDescription *font) {
    PangoContext *context = gtk_widget_get_pango_context(widget);
    const PangoFontDescription *own = pango_context_get_font_description(context);
    font = font ? font : own;
    if (!font) {
        return;
    }
    double size = pango_font_description_get_size(font) / (double)PANGO_SCALE;
    if (!pango_font_description_get_size_is_absolute(font)) {
        const double resolution = pango_cairo_context_get_resolution(context);
        size *= (resolution > 0 ? resolution : 96) / 72;
    }
    node->font_size = (float)CLAMP(size, 1, 1000);
    node->flags |= pango_font_description_get_weight(font) >= PANGO_WEIGHT_SEMIBOLD ? SR_NODE_FLAG_BOLD : 0u;
    node->flags |= pango_font_description_get_style(font) != PANGO_STYLE_NORMAL ? SR_NODE_FLAG_ITALIC : 0u;
    const char *family = pango_font_description_get_family(font);
    node->flags |= family && (g_strrstr(family, "ono") || g_strrstr(family, "Courier")) ? SR_NODE_FLAG_MONOSPACE : 0u;
}
