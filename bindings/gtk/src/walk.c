#include "walk.h"

#include "controls.h"
#include "fields.h"
#include "items.h"
#include "labels.h"
#include "marks.h"
#include "pictures.h"
#include "text_views.h"

/* How deep widgets lie in each other; what lies deeper is left out. */
#define MAX_DEPTH 100

static GQuark mask_quark(void) { return g_quark_from_static_string("session-replay-mask"); }

void srg_mask_widget(GtkWidget *widget, gboolean is_masked) {
    g_object_set_qdata(G_OBJECT(widget), mask_quark(), GINT_TO_POINTER(is_masked));
    gtk_widget_queue_draw(widget); /* It is looked at again. */
}

/* What GTK 3 draws of parts that are no widgets, and what is a picture in both. */
static gboolean is_picture(GtkWidget *it) {
#if SRG_GTK4
    const gboolean is_knob = GTK_IS_SCALE(gtk_widget_get_ancestor(it, GTK_TYPE_SCALE)) && g_strcmp0(gtk_widget_get_css_name(it), "slider") == 0;
    return is_knob || GTK_IS_SWITCH(it) || GTK_IS_LEVEL_BAR(it) || GTK_IS_IMAGE(it) || GTK_IS_SPINNER(it) || srg_is_named(it, "GtkBuiltinIcon") || srg_is_named(it, "GtkColorSwatch") || srg_is_named(it, "GtkPanedHandle");
#else
    return GTK_IS_IMAGE(it) || GTK_IS_SPINNER(it) || GTK_IS_SWITCH(it) || GTK_IS_RANGE(it) || GTK_IS_PROGRESS_BAR(it) || GTK_IS_LEVEL_BAR(it) ||
           srg_is_named(it, "GtkArrow") || srg_is_named(it, "GtkIcon");
#endif
}

static void describe_tabs(SrgLook *look, const SrgSeen *seen, GtkNotebook *book) {
#if SRG_GTK4
    (void)look, (void)seen, (void)book; /* They are widgets. */
#else
    SrgBox strip = {0, 0, 0, 0};
    const int current = gtk_notebook_get_current_page(book);
    for (int at = 0; at < gtk_notebook_get_n_pages(book) && gtk_notebook_get_show_tabs(book); ++at) {
        GtkWidget *label = gtk_notebook_get_tab_label(book, gtk_notebook_get_nth_page(book, at));
        SrgBox tab;
        if (!label || !gtk_widget_get_mapped(label) || !srg_place(label, seen->widget, &tab)) {
            continue;
        }
        tab = srg_in_window(seen, srg_box(tab.x - 12, tab.y - 6, tab.width + 24, tab.height + 12));
        if (strip.width == 0) {
            strip = srg_box(seen->place.x, tab.y, seen->place.width, tab.height);
            const SrgBox *all = &seen->place;
            srg_area(look, seen, 39, *all, srg_part_color(seen->widget, "stack"), SRG_NO_COLOR);
            srg_area(look, seen, 40, strip, srg_part_color(seen->widget, "header"), SRG_NO_COLOR);
            srg_area(look, seen, 43, *all, SRG_NO_COLOR, srg_faded(srg_color(seen->widget), 0.2));
        }
        if (at == current) {
            srg_area(look, seen, 42, srg_box(tab.x, tab.y + tab.height - 3, tab.width, 3), srg_accent(seen->widget), 0);
        }
    }
#endif
}

/* What is drawn for a check, a choice and a mark of a menu; FALSE: it is none. is_leaf: whether all of it was told. */
static gboolean describe_choice(SrgLook *look, const SrgSeen *seen, gboolean *is_leaf) {
    GtkWidget *it = seen->widget;
    *is_leaf = TRUE;
    if (GTK_IS_COMBO_BOX(it) && !gtk_combo_box_get_has_entry(GTK_COMBO_BOX(it))) {
        return srg_describe_choice(look, seen), TRUE;
    }
#if SRG_GTK4
    if (GTK_IS_DROP_DOWN(it)) {
        return srg_describe_choice(look, seen), TRUE;
    }
    if (GTK_IS_CHECK_BUTTON(it)) {
        GtkWidget *mark = gtk_widget_get_first_child(it);
        const gboolean is_radio = mark && g_strcmp0(gtk_widget_get_css_name(mark), "radio") == 0;
        GtkCheckButton *check = GTK_CHECK_BUTTON(it);
        srg_describe_check(look, seen, is_radio, srg_check_state(is_radio, gtk_check_button_get_active(check), gtk_check_button_get_inconsistent(check)));
        *is_leaf = FALSE;
        return TRUE;
    }
#else
    if (GTK_IS_CHECK_BUTTON(it) && gtk_toggle_button_get_mode(GTK_TOGGLE_BUTTON(it))) {
        GtkToggleButton *check = GTK_TOGGLE_BUTTON(it);
        const gboolean is_radio = GTK_IS_RADIO_BUTTON(it);
        srg_describe_check(look, seen, is_radio, srg_check_state(is_radio, gtk_toggle_button_get_active(check), gtk_toggle_button_get_inconsistent(check)));
        *is_leaf = FALSE;
        return TRUE;
    }
    if (GTK_IS_CHECK_MENU_ITEM(it)) {
        srg_describe_box(look, seen);
        if (gtk_check_menu_item_get_active(GTK_CHECK_MENU_ITEM(it))) {
            srg_add(look, seen, srg_text(seen, 2, "\342\234\223"), srg_box(seen->place.x + 8, seen->place.y, 18, seen->place.height));
        }
        *is_leaf = FALSE;
        return TRUE;
    }
#endif
    return FALSE;
}

static void describe_tab(SrgLook *look, const SrgSeen *seen) {
#if SRG_GTK4
    const gboolean is_current = (gtk_widget_get_state_flags(seen->widget) & GTK_STATE_FLAG_CHECKED) != 0;
    if (is_current && g_strcmp0(gtk_widget_get_css_name(seen->widget), "tab") == 0) {
        const SrgBox *it = &seen->place;
        srg_area(look, seen, 42, srg_box(it->x, it->y + it->height - 3, it->width, 3), srg_accent(seen->widget), 0);
    }
#endif
    if (GTK_IS_NOTEBOOK(seen->widget)) {
        describe_tabs(look, seen, GTK_NOTEBOOK(seen->widget));
    }
}

/* Whether what lies in it is to be described, too. */
static gboolean describe(SrgLook *look, const SrgSeen *seen) {
    GtkWidget *it = seen->widget;
    gboolean is_leaf;
    if (srg_is_named(it, "WebKitWebView") || srg_is_named(it, "WebKitWebViewBase")) {
        srg_drawn(look, seen);
        return FALSE;
    }
    if (GTK_IS_LABEL(it)) {
        srg_describe_box(look, seen);
        srg_describe_label(look, seen, GTK_LABEL(it));
        return SRG_GTK4;
    }
    if (GTK_IS_EDITABLE(it)) {
        srg_describe_field(look, seen);
        /* What is in this one is the same text, as a label. */
        return !srg_is_named(it, "GtkEditableLabel");
    }
    if (describe_choice(look, seen, &is_leaf)) {
        return !is_leaf;
    }
    if (GTK_IS_TREE_VIEW(it) || GTK_IS_TEXT_VIEW(it)) {
        return TRUE; /* Below, with its edges. */
    }
    if (is_picture(it) && srg_picture(look, seen, 1)) {
        return FALSE;
    }
    srg_describe_box(look, seen);
    describe_tab(look, seen);
#if !SRG_GTK4
    srg_describe_edges(look, seen);
#endif
    return TRUE;
}

static gboolean is_shown(GtkWidget *widget) {
    return gtk_widget_get_mapped(widget) && !srg_is_root(widget) && gtk_widget_get_opacity(widget) > 0.01;
}

static gboolean has_shown(const GPtrArray *list) {
    for (guint at = 0; at < list->len; ++at) {
        if (is_shown(list->pdata[at])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Part of a field, or of a check, that it has told of itself. */
static gboolean is_told(GtkWidget *parent, GtkWidget *child) {
#if SRG_GTK4
    const gboolean is_mark = GTK_IS_CHECK_BUTTON(parent) && srg_is_named(child, "GtkBuiltinIcon");
    return is_mark || (GTK_IS_EDITABLE(parent) && (GTK_IS_TEXT(child) || GTK_IS_LABEL(child)));
#else
    (void)parent, (void)child;
    return FALSE;
#endif
}

static void walk(SrgLook *look, GtkWidget *widget, SrgBox place, const SrgClip *around, int depth);

/* A widget is held by whoever calls. The app's code may run in here: what it took out of the window is not gone on with. */
static void walk_over(SrgLook *look, GtkWidget *parent, const GPtrArray *list, const SrgClip *clip, int depth) {
    for (guint at = 0; at < list->len && !srg_nodes_are_full(&look->nodes); ++at) {
        GtkWidget *child = list->pdata[at];
        SrgBox where;
        if (gtk_widget_get_parent(child) != parent || !is_shown(child) || is_told(parent, child) || !srg_place(child, look->root, &where)) {
            continue;
        }
        where.x -= look->origin.x;
        where.y -= look->origin.y;
        const SrgBox shown = srg_intersection(&where, &clip->visible);
        if (!srg_is_empty(&shown) || !srg_clips(parent)) {
            walk(look, child, where, clip, depth);
        }
    }
}

static void walk(SrgLook *look, GtkWidget *widget, SrgBox place, const SrgClip *around, int depth) {
    SrgClip clip = *around;
    clip.is_masked = clip.is_masked || g_object_get_qdata(G_OBJECT(widget), mask_quark());
    GPtrArray *list = srg_children(widget);
    const SrgSeen seen = {widget, place, &clip};
    if (!has_shown(list) && srg_paints_itself(widget) && !GTK_IS_LABEL(widget)) {
        srg_drawn(look, &seen);
    } else if (describe(look, &seen) && depth < MAX_DEPTH) {
        SrgClip inside = clip;
        if (srg_clips(widget)) {
            inside.visible = srg_intersection(&clip.visible, &place);
            inside.node[0] = inside.node[1] = 0;
            inside.id = srg_id(widget, 0, 0);
        }
        if (GTK_IS_TREE_VIEW(widget)) {
            srg_describe_box(look, &seen);
            srg_describe_rows(look, &seen, &inside, GTK_TREE_VIEW(widget));
        } else if (GTK_IS_TEXT_VIEW(widget)) {
            srg_describe_text(look, &seen, &inside, GTK_TEXT_VIEW(widget));
        }
        walk_over(look, widget, list, &inside, depth + 1);
    }
    g_ptr_array_free(list, TRUE);
}

void srg_walk(SrgLook *look, const SrgBox *size, guint32 background) {
    SrgClip clip = {.visible = *size, .background = background};
    clip.is_masked = g_object_get_qdata(G_OBJECT(look->root), mask_quark()) != NULL;
    GPtrArray *list = srg_children(look->root);
    walk_over(look, look->root, list, &clip, 0);
    g_ptr_array_free(list, TRUE);
}
