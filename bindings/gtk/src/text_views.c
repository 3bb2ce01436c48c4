#include "text_views.h"

#define MAX_LINES 500

static gboolean line_is_bold(const GtkTextIter *begin) {
    gboolean is_bold = FALSE;
    GSList *tags = gtk_text_iter_get_tags(begin);
    for (GSList *at = tags; at; at = at->next) {
        gboolean is_set = FALSE;
        int weight = 0;
        g_object_get(at->data, "weight-set", &is_set, "weight", &weight, NULL);
        is_bold = is_set ? weight >= PANGO_WEIGHT_SEMIBOLD : is_bold;
    }
    g_slist_free(tags);
    return is_bold;
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
    node.flags |= SR_NODE_FLAG_MULTILINE;
    node.border = SRG_NO_COLOR;
    node.text = text;
    srg_add(look, seen, node, seen->place);
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
        int top, height, x, y;
        gtk_text_view_get_line_yrange(view, &line, &top, &height);
        if (top > area.y + area.height) {
            break;
        }
        GtkTextIter end = line;
        if (!gtk_text_iter_ends_line(&end)) {
            gtk_text_iter_forward_to_line_end(&end);
        }
        char *text = gtk_text_iter_get_visible_text(&line, &end);
        GdkRectangle first;
        gtk_text_view_get_iter_location(view, &line, &first);
        gtk_text_view_buffer_to_window_coords(view, GTK_TEXT_WINDOW_WIDGET, first.x, top, &x, &y);
        sr_node node = srg_text(seen, 16 + (guint64)gtk_text_iter_get_line(&line), text);
        node.flags |= line_is_bold(&line) ? SR_NODE_FLAG_BOLD : 0u;
        node.flags |= height > first.height * 3 / 2 ? SR_NODE_FLAG_MULTILINE : 0u;
        if (text && *text) {
            srg_add(look, &lines, node, srg_in_window(seen, srg_box(x, y, seen->place.width - x, height)));
        }
        g_free(text);
        if (!gtk_text_iter_forward_line(&line)) {
            break;
        }
    }
}
