#include "text_views.h"

#define MAX_LINES 500

/* What the tags at this place say of the text behind it, the later ones over the others. */
static sr_node look_at(const SrgSeen *seen, const GtkTextIter *place, sr_node node) {
    GSList *tags = gtk_text_iter_get_tags(place);
    PangoFontDescription *font = pango_font_description_copy(pango_context_get_font_description(gtk_widget_get_pango_context(seen->widget)));
    for (GSList *at = tags; at; at = at->next) {
        gboolean has_color = FALSE, has_background = FALSE;
        GdkRGBA *color = NULL, *background = NULL;
        PangoFontDescription *own = NULL;
        g_object_get(at->data, "foreground-set", &has_color, "foreground-rgba", &color, "background-set", &has_background, "background-rgba", &background,
                     "font-desc", &own, NULL);
        node.color = has_color && color ? srg_color_of(color) : node.color;
        node.background = has_background && background ? srg_color_of(background) : node.background;
        if (own) {
            pango_font_description_merge(font, own, TRUE);
        }
        g_clear_pointer(&own, pango_font_description_free);
        g_clear_pointer(&color, gdk_rgba_free);
        g_clear_pointer(&background, gdk_rgba_free);
    }
    g_slist_free(tags);
    node.flags &= ~(guint32)(SR_NODE_FLAG_BOLD | SR_NODE_FLAG_ITALIC | SR_NODE_FLAG_MONOSPACE);
    srg_font(&node, seen->widget, font);
    pango_font_description_free(font);
    return node;
}

/* What can be typed into is one input, with the lines that are seen. */
static void describe_input(SrgLook *look, const SrgSeen *seen, GtkTextView *view, const GdkRectangle *area) {
    GtkTextIter begin, end;
    gtk_text_view_get_line_at_y(view, &begin, area->y, NULL);
    gtk_text_view_get_line_at_y(view, &end, area->y + area->height, NULL);
    gtk_text_iter_forward_to_line_end(&end);
    const gboolean is_password = srg_is_password(seen->widget);
    char *text = is_password ? g_strdup(srg_is_blank(seen->widget) ? "" : "*")
                             : gtk_text_buffer_get_text(gtk_text_view_get_buffer(view), &begin, &end, FALSE);
    sr_node node = srg_whole(seen, is_password ? SR_NODE_PASSWORD : SR_NODE_INPUT, 2);
    guint32 border;
    srg_colors(seen->widget, &node.background, &border);
    node.flags |= SR_NODE_FLAG_MULTILINE | (srg_is_rtl(seen->widget) ? (guint32)SR_NODE_FLAG_RIGHT : 0u);
    node.border = SRG_NO_COLOR;
    node.text = text;
    srg_add(look, seen, node, seen->place);
    g_free(text);
}

static SrgBox in_window(const SrgSeen *seen, GtkTextView *view, const GdkRectangle *part) {
    int x, y;
    gtk_text_view_buffer_to_window_coords(view, GTK_TEXT_WINDOW_WIDGET, part->x, part->y, &x, &y);
    return srg_in_window(seen, srg_box(x, y, part->width, part->height));
}

/* The end of a piece that is one line on the screen, with tags that stay the same. */
static GtkTextIter end_of_piece(GtkTextView *view, const GtkTextIter *begin, const GtkTextIter *line_end) {
    GtkTextIter end = *begin, toggle = *begin;
    /* GTK goes back from within hidden text at the end of a line. */
    const gboolean is_ahead = gtk_text_view_forward_display_line_end(view, &end) && gtk_text_iter_compare(&end, begin) > 0;
    if (!is_ahead || gtk_text_iter_compare(&end, line_end) > 0) {
        end = *line_end;
    }
    if (gtk_text_iter_forward_to_tag_toggle(&toggle, NULL) && gtk_text_iter_compare(&toggle, &end) < 0) {
        end = toggle;
    }
    return end;
}

/* A line of the buffer whose tags change in it, or that is several lines on the screen: a node for each piece. */
static void add_pieces(SrgLook *look, const SrgSeen *lines, GtkTextView *view, GtkTextIter at, const GtkTextIter *end, sr_node plain) {
    for (guint64 piece = 0; gtk_text_iter_compare(&at, end) < 0 && !srg_nodes_are_full(&look->nodes); ++piece) {
        const GtkTextIter next = end_of_piece(view, &at, end);
        GdkRectangle first, last;
        gtk_text_view_get_iter_location(view, &at, &first);
        gtk_text_view_get_iter_location(view, &next, &last);
        const int right = last.y < first.y + first.height ? last.x : first.x + 4000;
        const GdkRectangle all = {MIN(first.x, right), first.y, MAX(ABS(right - first.x), 1) * 17 / 16 + 4, first.height};
        char *text = gtk_text_iter_get_visible_text(&at, &next);
        sr_node node = look_at(lines, &at, plain);
        node.id = srg_id(lines->widget, plain.id, piece + 1);
        node.text = text;
        if (*text) {
            srg_add(look, lines, node, in_window(lines, view, &all));
        }
        g_free(text);
        at = next;
        while (gtk_text_iter_compare(&at, end) < 0 && g_unichar_isspace(gtk_text_iter_get_char(&at)) && gtk_text_iter_forward_char(&at)) {
            /* Blanks, which may lie at the end of a line, are left out. */
        }
    }
}

static void add_line(SrgLook *look, const SrgSeen *seen, const SrgSeen *lines, GtkTextView *view, const GtkTextIter *begin) {
    GtkTextIter end = *begin;
    if (!gtk_text_iter_ends_line(&end)) {
        gtk_text_iter_forward_to_line_end(&end);
    }
    GdkRectangle first;
    gtk_text_view_get_iter_location(view, begin, &first);
    const sr_node plain = srg_text(seen, 16 + (guint64)gtk_text_iter_get_line(begin), NULL);
    const GtkTextIter piece = end_of_piece(view, begin, &end);
    if (!gtk_text_iter_equal(&piece, &end)) {
        add_pieces(look, lines, view, *begin, &end, plain);
        return;
    }
    sr_node node = look_at(lines, begin, plain);
    char *text = gtk_text_iter_get_visible_text(begin, &end);
    SrgBox place = in_window(seen, view, &first);
    if (*text) {
        node.text = text;
        place.width = seen->place.x + seen->place.width - place.x;
        srg_add(look, lines, node, place);
    }
    g_free(text);
}

void srg_describe_text(SrgLook *look, const SrgSeen *seen, SrgClip *inside, GtkTextView *view) {
    GdkRectangle area;
    gtk_text_view_get_visible_rect(view, &area);
    if (gtk_text_view_get_editable(view) || srg_is_password(seen->widget)) {
        describe_input(look, seen, view, &area);
        return;
    }
    guint32 background, border;
    srg_colors(seen->widget, &background, &border);
    srg_area(look, seen, 2, seen->place, background, border);
    const SrgSeen lines = {seen->widget, seen->place, inside};
    GtkTextIter line;
    gtk_text_view_get_line_at_y(view, &line, area.y, NULL);
    for (int count = 0; count < MAX_LINES && !srg_nodes_are_full(&look->nodes); ++count) {
        int top, height;
        gtk_text_view_get_line_yrange(view, &line, &top, &height);
        if (top > area.y + area.height) {
            break;
        }
        add_line(look, seen, &lines, view, &line);
        if (!gtk_text_iter_forward_line(&line)) {
            break;
        }
    }
}
