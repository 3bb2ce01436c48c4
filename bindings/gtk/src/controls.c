#include "controls.h"

/* The font of a label's first letter: markup may set another one than the style. */
static void label_font(sr_node *node, GtkLabel *label) {
    PangoAttrList *attributes = pango_layout_get_attributes(gtk_label_get_layout(label));
    PangoFontDescription *font = pango_font_description_new();
    const PangoFontDescription *own = pango_context_get_font_description(gtk_widget_get_pango_context(GTK_WIDGET(label)));
    pango_font_description_merge(font, own, TRUE);
    if (attributes) {
        PangoAttrIterator *first = pango_attr_list_get_iterator(attributes);
        pango_attr_iterator_get_font(first, font, NULL, NULL);
        pango_attr_iterator_destroy(first);
    }
    node->flags &= ~(guint32)(SR_NODE_FLAG_BOLD | SR_NODE_FLAG_ITALIC);
    srg_font(node, GTK_WIDGET(label), font);
    pango_font_description_free(font);
}

void srg_describe_label(SrgLook *look, const SrgSeen *seen, GtkLabel *label) {
    const char *text = gtk_label_get_text(label);
    if (!text || !*text) {
        return;
    }
    sr_node node = srg_text(seen, 1, text);
    label_font(&node, label);
    PangoLayout *layout = gtk_label_get_layout(label);
    PangoRectangle lines;
    pango_layout_get_pixel_extents(layout, NULL, &lines);
    const double align = gtk_label_get_xalign(label);
    const gboolean is_rtl = gtk_widget_get_direction(seen->widget) == GTK_TEXT_DIR_RTL;
    const double side = is_rtl ? 1 - align : align;
    SrgBox place = seen->place;
    if (pango_layout_get_line_count(layout) > 1) {
        /* Several lines stand at the top of a node, and where the label puts them in the label. */
        node.flags |= SR_NODE_FLAG_MULTILINE;
        const double above = MAX(0, (place.height - lines.height) * (double)gtk_label_get_yalign(label));
        place = srg_box(place.x, place.y + above, place.width, place.height - above);
        const GtkJustification justify = gtk_label_get_justify(label);
        node.flags |= justify == GTK_JUSTIFY_CENTER ? SR_NODE_FLAG_CENTER : justify == GTK_JUSTIFY_RIGHT ? SR_NODE_FLAG_RIGHT : 0u;
    } else if (side > 0.25) {
        node.flags |= side > 0.75 ? SR_NODE_FLAG_RIGHT : SR_NODE_FLAG_CENTER;
    }
    if (!pango_layout_is_ellipsized(layout)) {
        /* The player's font may be a little wider than the app's. */
        const double more = 4 + place.width / 16;
        place.x -= node.flags & SR_NODE_FLAG_RIGHT ? more : node.flags & SR_NODE_FLAG_CENTER ? more / 2 : 0;
        place.width += more;
    }
    srg_add(look, seen, node, place);
}

gboolean srg_describe_check(SrgLook *look, const SrgSeen *seen, gboolean is_radio, gboolean is_set) {
    GtkWidget *label = srg_find(seen->widget, GTK_TYPE_LABEL);
    sr_node node = srg_whole(seen, is_radio ? SR_NODE_RADIO : SR_NODE_CHECKBOX, 1);
    node.flags |= is_set ? SR_NODE_FLAG_CHECKED : 0u;
    node.text = label ? gtk_label_get_text(GTK_LABEL(label)) : NULL;
    srg_add(look, seen, node, srg_box(seen->place.x + 4, seen->place.y, seen->place.width, seen->place.height));
#if !SRG_GTK4
    GtkWidget *child = gtk_bin_get_child(GTK_BIN(seen->widget));
    return !child || child == label;
#else
    return TRUE;
#endif
}

static char *choice_of(GtkWidget *widget) {
    char *text = NULL;
    if (GTK_IS_COMBO_BOX_TEXT(widget)) {
        return gtk_combo_box_text_get_active_text(GTK_COMBO_BOX_TEXT(widget));
    }
    if (GTK_IS_COMBO_BOX(widget)) {
        GtkTreeIter iter;
        GtkTreeModel *model = gtk_combo_box_get_model(GTK_COMBO_BOX(widget));
        GList *cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(widget));
        GtkWidget *view = srg_find(widget, GTK_TYPE_CELL_VIEW);
        /* The cell view has set its renderers when it painted. */
        if (view && model && gtk_combo_box_get_active_iter(GTK_COMBO_BOX(widget), &iter)) {
            for (GList *cell = cells; cell && !text; cell = cell->next) {
                if (G_OBJECT_TYPE(cell->data) == GTK_TYPE_CELL_RENDERER_TEXT) {
                    g_object_get(cell->data, "text", &text, NULL);
                }
            }
        }
        g_list_free(cells);
        return text;
    }
    GtkWidget *label = srg_find(widget, GTK_TYPE_LABEL);
    return label ? g_strdup(gtk_label_get_text(GTK_LABEL(label))) : NULL;
}

void srg_describe_choice(SrgLook *look, const SrgSeen *seen) {
    char *text = choice_of(seen->widget);
    GtkWidget *button = srg_find(seen->widget, GTK_TYPE_BUTTON);
    sr_node node = srg_whole(seen, SR_NODE_INPUT, 1);
    srg_colors(button ? button : seen->widget, &node.background, &node.border);
    node.text = text;
    srg_add(look, seen, node, seen->place);
    sr_node arrow = srg_text(seen, 2, "\342\226\276");
    arrow.flags |= SR_NODE_FLAG_CENTER;
    srg_add(look, seen, arrow, srg_box(seen->place.x + seen->place.width - 26, seen->place.y, 20, seen->place.height));
    g_free(text);
}

static guint32 kind_of(GtkWidget *widget) {
#if SRG_GTK4
    const gboolean is_item = GTK_IS_LIST_BOX_ROW(widget) || srg_is_named(widget, "GtkModelButton") || srg_is_named(widget, "GtkListItemWidget");
    const gboolean is_list = GTK_IS_LIST_BASE(widget) || GTK_IS_LIST_BOX(widget);
#else
    const gboolean is_item = GTK_IS_LIST_BOX_ROW(widget) || GTK_IS_MENU_ITEM(widget) || GTK_IS_MODEL_BUTTON(widget);
    const gboolean is_list = GTK_IS_LIST_BOX(widget);
#endif
    return is_item ? SR_NODE_ITEM : GTK_IS_BUTTON(widget) ? SR_NODE_BUTTON : is_list ? SR_NODE_LIST : SR_NODE_CUSTOM;
}

void srg_describe_box(SrgLook *look, const SrgSeen *seen) {
    GtkWidget *parent = gtk_widget_get_parent(seen->widget);
    sr_node node = {.kind = kind_of(seen->widget), .id = srg_id(seen->widget, 1, 0)};
    srg_colors(seen->widget, &node.background, &node.border);
    const GtkStateFlags state = gtk_widget_get_state_flags(seen->widget);
    const gboolean is_plain = node.kind == SR_NODE_CUSTOM || node.kind == SR_NODE_LIST;
    if (is_plain && node.border == SRG_NO_COLOR && (node.background == SRG_NO_COLOR || node.background == seen->clip->background)) {
        return; /* It is not seen. */
    }
    node.flags |= state & GTK_STATE_FLAG_CHECKED ? SR_NODE_FLAG_CHECKED : 0u;
    node.flags |= gtk_widget_is_sensitive(seen->widget) || is_plain ? 0u : SR_NODE_FLAG_DISABLED;
    node.flags |= !is_plain && gtk_widget_has_visible_focus(seen->widget) ? SR_NODE_FLAG_FOCUSED : 0u;
    if (parent && GTK_IS_TREE_VIEW(parent)) {
        /* A column's header has lines at two sides. */
        const SrgBox *it = &seen->place;
        const guint32 line = node.border == SRG_NO_COLOR ? 0xffd5d0ccu : node.border;
        node.kind = SR_NODE_ITEM;
        node.border = SRG_NO_COLOR;
        srg_add(look, seen, node, *it);
        srg_area(look, seen, 2, srg_box(it->x, it->y + it->height - 1, it->width, 1), line, 0);
        srg_area(look, seen, 3, srg_box(it->x + it->width - 1, it->y, 1, it->height), line, 0);
    } else {
        srg_add(look, seen, node, seen->place);
    }
    if (node.background >> 24 == 0xff) {
        seen->clip->background = node.background;
    }
}
