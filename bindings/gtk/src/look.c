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
    node.flags &= ~(guint32)SR_NODE_FLAG_FOCUSED;
    node.text = text;
    return node;
}

void srg_area(SrgLook *look, const SrgSeen *seen, guint64 part, SrgBox place, guint32 background, guint32 border) {
    const sr_node node = {.kind = SR_NODE_CUSTOM, .id = srg_id(seen->widget, part, 0), .background = background, .border = border};
    srg_add(look, seen, node, place);
}

void srg_add(SrgLook *look, const SrgSeen *seen, sr_node node, SrgBox place) { srg_nodes_add(&look->nodes, node, place, seen->clip); }

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
