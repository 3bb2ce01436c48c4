#include "controls.h"

#include "marks.h"
#include "pictures.h"

/* Around a check: the part of its widget that is not its text. GTK 4 has a widget for it. */
static SrgBox mark_of(const SrgSeen *seen) {
    SrgBox all = srg_box(0, 0, seen->place.width, seen->place.height), beside;
#if SRG_GTK4
    GtkWidget *mark = gtk_widget_get_first_child(seen->widget);
    return mark && srg_place_in(seen, mark, &beside) ? beside : all;
#else
    GtkWidget *child = gtk_bin_get_child(GTK_BIN(seen->widget));
    if (child && gtk_widget_get_mapped(child) && srg_place_in(seen, child, &beside)) {
        const double right = beside.x + beside.width;
        return srg_is_rtl(seen->widget) ? srg_box(right, 0, all.width - right, all.height) : srg_box(0, 0, beside.x, all.height);
    }
    return all;
#endif
}

void srg_describe_check(SrgLook *look, const SrgSeen *seen, gboolean is_radio, guint32 state) {
    sr_node node = srg_whole(seen, is_radio ? SR_NODE_RADIO : SR_NODE_CHECKBOX, 1);
    node.flags |= state;
    const sr_node ring = {.kind = SR_NODE_CUSTOM, .id = srg_id(seen->widget, 3, 0), .flags = node.flags & SR_NODE_FLAG_FOCUSED};
    node.flags &= ~(guint32)SR_NODE_FLAG_FOCUSED;
    srg_mark(look, seen, node, mark_of(seen), 2);
    if (ring.flags) {
        srg_add(look, seen, ring, srg_border_box(seen)); /* Around all of it: the box itself lies below its picture. */
    }
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

/* The widget that draws it, as it looks. */
static void describe_arrow(SrgLook *look, const SrgSeen *seen, double left) {
    const GType type = g_type_from_name(SRG_GTK4 ? "GtkBuiltinIcon" : "GtkIcon");
    GtkWidget *icon = type ? srg_find(seen->widget, type) : NULL;
    SrgBox inside;
    if (icon && srg_place_in(seen, icon, &inside)) {
        const SrgSeen arrow = {icon, srg_in_window(seen, inside), seen->clip};
        srg_picture(look, &arrow, 1);
    } else {
        sr_node arrow = srg_text(seen, 2, "\342\226\276");
        arrow.flags |= SR_NODE_FLAG_CENTER;
        srg_add(look, seen, arrow, srg_box(left, seen->place.y, 20, seen->place.height));
    }
}

void srg_describe_choice(SrgLook *look, const SrgSeen *seen) {
    char *text = choice_of(seen->widget);
    GtkWidget *button = srg_find(seen->widget, GTK_TYPE_BUTTON);
    const gboolean is_rtl = srg_is_rtl(seen->widget);
    sr_node node = srg_whole(seen, SR_NODE_INPUT, 1);
    srg_colors(button ? button : seen->widget, &node.background, &node.border);
    node.flags |= is_rtl ? (guint32)SR_NODE_FLAG_RIGHT : 0u;
    node.text = text;
    srg_add(look, seen, node, srg_border_box(seen));
    describe_arrow(look, seen, is_rtl ? seen->place.x + 6 : seen->place.x + seen->place.width - 26);
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
        const guint32 line = node.border == SRG_NO_COLOR ? srg_faded(srg_color(parent), 0.15) : node.border;
        node.kind = SR_NODE_ITEM;
        node.border = SRG_NO_COLOR;
        srg_add(look, seen, node, *it);
        srg_area(look, seen, 2, srg_box(it->x, it->y + it->height - 1, it->width, 1), line, 0);
        srg_area(look, seen, 3, srg_box(it->x + it->width - 1, it->y, 1, it->height), line, 0);
    } else {
        srg_add(look, seen, node, srg_border_box(seen));
    }
    if (node.background >> 24 == 0xff) {
        seen->clip->background = node.background;
    }
}

#if !SRG_GTK4
/* From the middle of its label to its lower edge. */
static void describe_frame(SrgLook *look, const SrgSeen *seen, GtkFrame *frame) {
    GtkWidget *label = gtk_frame_get_label_widget(frame);
    const double above = label ? gtk_widget_get_allocated_height(label) / 2.0 : 0;
    const SrgBox *it = &seen->place;
    if (gtk_frame_get_shadow_type(frame) != GTK_SHADOW_NONE) {
        srg_area(look, seen, 50, srg_box(it->x, it->y + above, it->width, it->height - above), SRG_NO_COLOR, srg_faded(srg_color(seen->widget), 0.25));
    }
}

/* Beside its label. */
static void describe_expander(SrgLook *look, const SrgSeen *seen, GtkExpander *expander) {
    GtkWidget *label = gtk_expander_get_label_widget(expander);
    SrgBox at = srg_box(16, 0, 0, seen->place.height);
    if (label && gtk_widget_get_mapped(label)) {
        srg_place(label, seen->widget, &at);
    }
    const gboolean is_rtl = srg_is_rtl(seen->widget), is_open = gtk_expander_get_expanded(expander);
    sr_node arrow = srg_text(seen, 51, is_open ? "\342\226\276" : is_rtl ? "\342\227\202" : "\342\226\270");
    arrow.flags |= SR_NODE_FLAG_CENTER;
    srg_add(look, seen, arrow, srg_in_window(seen, srg_box(is_rtl ? at.x + at.width : at.x - 16, at.y, 16, at.height)));
}

void srg_describe_edges(SrgLook *look, const SrgSeen *seen) {
    if (GTK_IS_FRAME(seen->widget) && !GTK_IS_ASPECT_FRAME(seen->widget)) {
        describe_frame(look, seen, GTK_FRAME(seen->widget));
    } else if (GTK_IS_EXPANDER(seen->widget)) {
        describe_expander(look, seen, GTK_EXPANDER(seen->widget));
    }
}
#endif
