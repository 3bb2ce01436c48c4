#include "fields.h"

#include "pictures.h"

static const char *hint_of(GtkWidget *field) {
    if (GTK_IS_ENTRY(field)) {
        return gtk_entry_get_placeholder_text(GTK_ENTRY(field));
    }
#if SRG_GTK4
    if (GTK_IS_TEXT(field)) {
        return gtk_text_get_placeholder_text(GTK_TEXT(field));
    }
    GtkEditable *within = gtk_editable_get_delegate(GTK_EDITABLE(field));
    return within && GTK_IS_TEXT(within) ? gtk_text_get_placeholder_text(GTK_TEXT(within)) : NULL;
#else
    return NULL;
#endif
}

static char *text_of_field(GtkWidget *field) {
#if SRG_GTK4
    return g_strdup(gtk_editable_get_text(GTK_EDITABLE(field)));
#else
    return gtk_editable_get_chars(GTK_EDITABLE(field), 0, -1);
#endif
}

/* Where the text of a field stands: icons and buttons lie beside it. */
static SrgBox text_place(const SrgSeen *seen) {
#if SRG_GTK4
    SrgBox inside;
    GtkWidget *within = GTK_IS_TEXT(seen->widget) ? NULL : srg_find(seen->widget, GTK_TYPE_TEXT);
    return within && srg_place(within, seen->widget, &inside) ? srg_in_window(seen, inside) : seen->place;
#else
    GdkRectangle area = {0, 0, 0, 0};
    if (GTK_IS_ENTRY(seen->widget)) {
        gtk_entry_get_text_area(GTK_ENTRY(seen->widget), &area);
    }
    return area.width > 0 ? srg_in_window(seen, srg_box(area.x, area.y, area.width, area.height)) : seen->place;
#endif
}

#if !SRG_GTK4
static void describe_icon(SrgLook *look, const SrgSeen *seen, GtkEntryIconPosition which) {
    GdkRectangle area;
    GtkEntry *entry = GTK_ENTRY(seen->widget);
    const char *name = gtk_entry_get_icon_name(entry, which);
    if (name && gtk_entry_get_icon_storage_type(entry, which) != GTK_IMAGE_EMPTY) {
        gtk_entry_get_icon_area(entry, which, &area);
        srg_icon(look, seen, 5 + (guint64)which, srg_in_window(seen, srg_box(area.x, area.y, area.width, area.height)), name);
    }
}

static void describe_entry_parts(SrgLook *look, const SrgSeen *seen) {
    if (!GTK_IS_ENTRY(seen->widget)) {
        return;
    }
    describe_icon(look, seen, GTK_ENTRY_ICON_PRIMARY);
    describe_icon(look, seen, GTK_ENTRY_ICON_SECONDARY);
    if (GTK_IS_SPIN_BUTTON(seen->widget)) {
        const double side = seen->place.height;
        sr_node buttons = srg_text(seen, 3, "\342\210\222");
        buttons.flags |= SR_NODE_FLAG_CENTER;
        const double right = seen->place.x + seen->place.width - side;
        const gboolean is_rtl = srg_is_rtl(seen->widget);
        srg_add(look, seen, buttons, srg_box(is_rtl ? seen->place.x + side : right - side, seen->place.y, side, side));
        buttons.id = srg_id(seen->widget, 4, 0);
        buttons.text = "+";
        srg_add(look, seen, buttons, srg_box(is_rtl ? seen->place.x : right, seen->place.y, side, side));
    }
}
#endif

/* To which side the text goes. Of a password nothing but that is asked. */
static guint32 side_of(GtkWidget *field, const char *text) {
    const PangoDirection direction = srg_direction(text);
    const gboolean is_rtl = direction == PANGO_DIRECTION_NEUTRAL ? srg_is_rtl(field) : direction == PANGO_DIRECTION_RTL;
#if SRG_GTK4
    const double align = (double)gtk_editable_get_alignment(GTK_EDITABLE(field));
#else
    const double align = GTK_IS_ENTRY(field) ? (double)gtk_entry_get_alignment(GTK_ENTRY(field)) : 0;
#endif
    const double side = is_rtl ? 1 - align : align;
    return side > 0.75 ? SR_NODE_FLAG_RIGHT : side > 0.25 ? SR_NODE_FLAG_CENTER : 0u;
}

/* What a password field holds is never read: whether there is anything has to do. */
void srg_describe_field(SrgLook *look, const SrgSeen *seen) {
    const gboolean is_password = srg_is_password(seen->widget), is_blank = srg_is_blank(seen->widget);
    char *text = is_password ? g_strdup(is_blank ? "" : "*") : text_of_field(seen->widget);
    const SrgBox inside = text_place(seen);
    guint32 background, border;
    srg_colors(seen->widget, &background, &border);
    sr_node node = srg_whole(seen, is_password ? SR_NODE_PASSWORD : SR_NODE_INPUT, 1);
    node.flags |= side_of(seen->widget, text);
    const guint32 focus = node.flags & SR_NODE_FLAG_FOCUSED;
    node.text = text;
    if (inside.x - seen->place.x > 14 || inside.width < seen->place.width - 28) {
        /* Beside it something lies in the field's box. A field has 6 pixels before its text, as a GtkText has. */
        const sr_node box = {.kind = SR_NODE_CUSTOM, .id = srg_id(seen->widget, 7, 0), .background = background, .border = border, .flags = focus};
        srg_add(look, seen, box, srg_border_box(seen));
        node.flags &= ~(guint32)SR_NODE_FLAG_FOCUSED;
        node.background = node.border = SRG_NO_COLOR;
        const double before = SRG_GTK4 ? 0 : 6;
        srg_add(look, seen, node, srg_box(inside.x - before, seen->place.y, inside.width + before, seen->place.height));
    } else {
        node.background = background;
        node.border = border;
        srg_add(look, seen, node, srg_border_box(seen));
    }
    const char *hint = hint_of(seen->widget);
    if (hint && *hint && is_blank) {
        sr_node words = srg_text(seen, 2, hint);
        words.color = srg_faded(words.color, 0.5);
        words.flags |= srg_is_rtl(seen->widget) ? (guint32)SR_NODE_FLAG_RIGHT : 0u;
        srg_add(look, seen, words, inside);
    }
    g_free(text);
#if !SRG_GTK4
    describe_entry_parts(look, seen);
#endif
}
