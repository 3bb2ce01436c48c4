#include "labels.h"

#define FONT_FLAGS ((guint32)(SR_NODE_FLAG_BOLD | SR_NODE_FLAG_ITALIC | SR_NODE_FLAG_MONOSPACE))
/* Parts of one label. */
#define MAX_PARTS 64

/* A part of a line with one look. Its text is a piece of the layout's. */
typedef struct {
    sr_node node;
    int begin, end; /* bytes */
    PangoRectangle place;
    const PangoLayoutLine *line;
} Part;

static guint32 color_of(const PangoAttribute *attribute) {
    const PangoColor *color = &((const PangoAttrColor *)attribute)->color;
    return 0xff000000u | (guint32)(color->red >> 8) << 16 | (guint32)(color->green >> 8) << 8 | (guint32)(color->blue >> 8);
}

/* How a run looks: markup may set another font and other colors than the style. */
static sr_node look_of(const PangoLayoutRun *run, sr_node node, GtkWidget *label) {
    PangoFontDescription *font = pango_font_describe(run->item->analysis.font);
    node.flags &= ~FONT_FLAGS;
    srg_font(&node, label, font);
    pango_font_description_free(font);
    for (const GSList *at = run->item->analysis.extra_attrs; at; at = at->next) {
        const PangoAttribute *attribute = at->data;
        node.color = attribute->klass->type == PANGO_ATTR_FOREGROUND ? color_of(attribute) : node.color;
        node.background = attribute->klass->type == PANGO_ATTR_BACKGROUND ? color_of(attribute) : node.background;
    }
    return node;
}

static gboolean looks_like(const sr_node *one, const sr_node *other) {
    return one->flags == other->flags && one->color == other->color && one->background == other->background && ABS(one->font_size - other->font_size) < 0.01f;
}

/* The parts of a layout, in the order in which they are seen. */
static GArray *parts_of(PangoLayout *layout, const sr_node *plain, GtkWidget *label) {
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        if (!run) {
            continue;
        }
        Part part = {.node = look_of(run, *plain, label), .begin = run->item->offset, .end = run->item->offset + run->item->length};
        part.line = pango_layout_iter_get_line_readonly(iter);
        pango_layout_iter_get_run_extents(iter, NULL, &part.place);
        Part *last = parts->len ? &g_array_index(parts, Part, parts->len - 1) : NULL;
        if (last && last->line == part.line && last->end == part.begin && looks_like(&last->node, &part.node)) {
            last->end = part.end;
            last->place.width = part.place.x + part.place.width - last->place.x;
        } else {
            g_array_append_val(parts, part);
        }
    } while (parts->len < MAX_PARTS && pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
    return parts;
}

static gboolean have_one_look(const GArray *parts) {
    for (guint at = 1; at < parts->len; ++at) {
        if (!looks_like(&g_array_index(parts, Part, 0).node, &g_array_index(parts, Part, at).node)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Where the layout is drawn, in the window. */
static void origin_of(const SrgSeen *seen, GtkLabel *label, double *x, double *y) {
    int left, top;
    gtk_label_get_layout_offsets(label, &left, &top);
#if !SRG_GTK4
    GtkAllocation all;
    gtk_widget_get_allocation(GTK_WIDGET(label), &all);
    left -= all.x;
    top -= all.y;
#endif
    *x = seen->place.x + left;
    *y = seen->place.y + top;
}

/* How wide the blanks are that its text, without them, begins behind. */
static double blank_before(PangoLayout *layout, const Part *part, const char *text) {
    PangoRectangle first;
    pango_layout_index_to_pos(layout, part->end - (int)strlen(text), &first);
    return CLAMP(PANGO_PIXELS(MIN(first.x, first.x + first.width) - part->place.x), 0, PANGO_PIXELS(part->place.width));
}

static void add_parts(SrgLook *look, const SrgSeen *seen, GtkLabel *label, const GArray *parts) {
    PangoLayout *layout = gtk_label_get_layout(label);
    const char *text = pango_layout_get_text(layout);
    double x, y;
    origin_of(seen, label, &x, &y);
    for (guint at = 0; at < parts->len; ++at) {
        Part part = g_array_index(parts, Part, at);
        char *piece = g_strndup(text + part.begin, (gsize)(part.end - part.begin));
        PangoRectangle place = part.place;
        pango_extents_to_pixels(NULL, &place);
        part.node.text = piece;
        part.node.id = srg_id(seen->widget, 100 + at, 0);
        if (*g_strchug(piece) || part.node.background) {
            const double before = blank_before(layout, &part, piece), width = place.width - before;
            srg_add(look, seen, part.node, srg_box(x + place.x + before, y + place.y, width + 4 + width / 16, place.height));
        }
        g_free(piece);
    }
}

/* With its lines broken where they are: the player's font may be wider than the app's. */
static char *lines_of(PangoLayout *layout) {
    const char *text = pango_layout_get_text(layout);
    GString *all = g_string_new(NULL);
    for (int at = 0; at < pango_layout_get_line_count(layout); ++at) {
        const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, at);
        char *piece = g_strndup(text + line->start_index, (gsize)line->length);
        g_string_append_printf(all, "%s%s", at ? "\n" : "", g_strchomp(piece));
        g_free(piece);
    }
    return g_string_free(all, FALSE);
}

static void add_lines(SrgLook *look, const SrgSeen *seen, GtkLabel *label, sr_node node) {
    PangoLayout *layout = gtk_label_get_layout(label);
    const GtkJustification justify = gtk_label_get_justify(label);
    char *text = pango_layout_is_ellipsized(layout) ? g_strdup(node.text) : lines_of(layout);
    PangoRectangle lines;
    double x, y;
    pango_layout_get_pixel_extents(layout, NULL, &lines);
    origin_of(seen, label, &x, &y);
    node.flags |= SR_NODE_FLAG_MULTILINE;
    node.flags |= justify == GTK_JUSTIFY_CENTER ? SR_NODE_FLAG_CENTER : justify == GTK_JUSTIFY_RIGHT ? SR_NODE_FLAG_RIGHT : 0u;
    const double more = pango_layout_is_ellipsized(layout) ? 0 : 4 + lines.width / 16.0;
    const double before = node.flags & SR_NODE_FLAG_RIGHT ? more : node.flags & SR_NODE_FLAG_CENTER ? more / 2 : 0;
    node.text = text;
    srg_add(look, seen, node, srg_box(x + lines.x - before, y + lines.y, lines.width + more, lines.height + 2));
    g_free(text);
}

static void add_line(SrgLook *look, const SrgSeen *seen, GtkLabel *label, sr_node node) {
    const double align = (double)gtk_label_get_xalign(label), side = srg_is_rtl(seen->widget) ? 1 - align : align;
    SrgBox place = seen->place;
    node.flags |= side > 0.75 ? SR_NODE_FLAG_RIGHT : side > 0.25 ? SR_NODE_FLAG_CENTER : 0u;
    if (!pango_layout_is_ellipsized(gtk_label_get_layout(label))) {
        /* The player's font may be a little wider than the app's. */
        const double more = 4 + place.width / 16;
        place.x -= node.flags & SR_NODE_FLAG_RIGHT ? more : node.flags & SR_NODE_FLAG_CENTER ? more / 2 : 0;
        place.width += more;
    }
    srg_add(look, seen, node, place);
}

void srg_describe_label(SrgLook *look, const SrgSeen *seen, GtkLabel *label) {
    const char *text = gtk_label_get_text(label);
    if (!text || !*text) {
        return;
    }
    PangoLayout *layout = gtk_label_get_layout(label);
    sr_node node = srg_text(seen, 1, text);
    GArray *parts = parts_of(layout, &node, seen->widget);
    if (parts->len > 0) {
        node = g_array_index(parts, Part, 0).node;
        node.text = text;
    }
    if (!have_one_look(parts) && parts->len < MAX_PARTS && !pango_layout_is_ellipsized(layout)) {
        add_parts(look, seen, label, parts);
    } else if (pango_layout_get_line_count(layout) > 1) {
        add_lines(look, seen, label, node);
    } else {
        add_line(look, seen, label, node);
    }
    g_array_free(parts, TRUE);
}
