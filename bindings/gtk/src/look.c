#include "look.h"

static guint32 state_flags(const SrgSeen *seen) {
    guint32 flags = gtk_widget_is_sensitive(seen->widget) ? 0u : SR_NODE_FLAG_DISABLED;
    const GtkStateFlags state = gtk_widget_get_state_flags(seen->widget);
#if SRG_GTK4
    const gboolean is_field_focused = GTK_IS_EDITABLE(seen->widget) && (state & GTK_STATE_FLAG_FOCUS_WITHIN);
#else
    const gboolean is_field_focused = GTK_IS_EDITABLE(seen->widget) && (state & GTK_STATE_FLAG_FOCUSED);
#endif
    return flags | (is_field_focused || gtk_widget_has_visible_focus(seen->widget) ? SR_NODE_FLAG_FOCUSED : 0u);
}

sr_node srg_whole(const SrgSeen *seen, guint32 kind, guint64 part) {
    sr_node node = {.kind = kind, .id = srg_id(seen->widget, part, 0), .flags = state_flags(seen), .color = srg_color(seen->widget)};
    srg_font(&node, seen->widget, NULL);
    return node;
}

sr_node srg_text(const SrgSeen *seen, guint64 part, const char *text) {
    sr_node node = srg_whole(seen, SR_NODE_TEXT, part);
    node.flags &= ~(guint32)(SR_NODE_FLAG_FOCUSED | SR_NODE_FLAG_DISABLED);
    node.color = srg_seen_color(seen->widget);
    node.text = text;
    return node;
}

gboolean srg_place_in(const SrgSeen *seen, GtkWidget *inner, SrgBox *inside) {
    SrgBox own;
    if (!srg_place(inner, seen->widget, inside) || !srg_place(seen->widget, seen->widget, &own)) {
        return FALSE;
    }
    inside->x -= own.x; /* In GTK 4 a place is told from within the border. */
    inside->y -= own.y;
    return TRUE;
}

SrgBox srg_border_box(const SrgSeen *seen) {
#if SRG_GTK4
    return seen->place;
#else
    GtkStyleContext *style = gtk_widget_get_style_context(seen->widget);
    const SrgBox *it = &seen->place;
    GtkBorder margin;
    gtk_style_context_get_margin(style, gtk_style_context_get_state(style), &margin);
    return srg_box(it->x + margin.left, it->y + margin.top, it->width - margin.left - margin.right, it->height - margin.top - margin.bottom);
#endif
}

/* A player sets text from the left to the right: what reads the other way says so itself. */
static char *isolated(GtkWidget *widget, const char *text) {
    const PangoDirection direction = srg_direction(text);
    const gboolean is_rtl = direction == PANGO_DIRECTION_RTL || (direction == PANGO_DIRECTION_NEUTRAL && srg_is_rtl(widget));
    return is_rtl && strspn(text, "0123456789.,:") != strlen(text) ? g_strconcat("\342\201\247", text, "\342\201\251", NULL) : NULL;
}

void srg_area(SrgLook *look, const SrgSeen *seen, guint64 part, SrgBox place, guint32 background, guint32 border) {
    const sr_node node = {.kind = SR_NODE_CUSTOM, .id = srg_id(seen->widget, part, 0), .background = background, .border = border};
    srg_add(look, seen, node, place);
}

void srg_add(SrgLook *look, const SrgSeen *seen, sr_node node, SrgBox place) {
    char *text = node.kind == SR_NODE_TEXT && node.text ? isolated(seen->widget, node.text) : NULL;
    node.text = text ? text : node.text;
    srg_nodes_add(&look->nodes, node, place, seen->clip);
    g_free(text);
}

SrgBox srg_in_window(const SrgSeen *seen, SrgBox part) {
    return srg_box(part.x + seen->place.x, part.y + seen->place.y, part.width, part.height);
}

void srg_drawn(SrgLook *look, const SrgSeen *seen) {
    SrgDrawn drawn = {.widget = seen->widget, .place = seen->place, .background = seen->clip->background};
    drawn.visible = srg_intersection(&seen->place, &seen->clip->visible);
    if (srg_is_empty(&drawn.visible)) {
        return;
    }
    if (seen->clip->is_masked) {
        srg_area(look, seen, 90, seen->place, 0xffdfe3e8u, 0);
        return;
    }
    g_object_ref(drawn.widget);
    srg_nodes_add_view(&look->nodes, &drawn.visible);
    g_array_append_val(look->drawn, drawn);
}

guint64 srg_new_view(void) {
    static guint64 last = G_GUINT64_CONSTANT(1) << 50;
    return ++last;
}
