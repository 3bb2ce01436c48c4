#include "input.h"

#include "parts.h"

#include <gdk/gdkkeysyms.h>

/* How far the pointer may move between press and release of a click. */
#define CLICK 10

#if !SRG_GTK4
#define GDK_ALT_MASK GDK_MOD1_MASK
#endif

static double pressed_x, pressed_y;

static const struct {
    guint key;
    const char *name;
} names[] = {
    {GDK_KEY_Return, "Enter"},       {GDK_KEY_KP_Enter, "Enter"},     {GDK_KEY_Tab, "Tab"},
    {GDK_KEY_ISO_Left_Tab, "Tab"},   {GDK_KEY_Escape, "Escape"},      {GDK_KEY_BackSpace, "Backspace"},
    {GDK_KEY_Delete, "Delete"},      {GDK_KEY_Insert, "Insert"},      {GDK_KEY_Home, "Home"},
    {GDK_KEY_End, "End"},            {GDK_KEY_Page_Up, "PageUp"},     {GDK_KEY_Page_Down, "PageDown"},
    {GDK_KEY_Up, "ArrowUp"},         {GDK_KEY_Down, "ArrowDown"},     {GDK_KEY_Left, "ArrowLeft"},
    {GDK_KEY_Right, "ArrowRight"},   {GDK_KEY_Menu, "ContextMenu"},   {GDK_KEY_Print, "PrintScreen"},
    {GDK_KEY_Pause, "Pause"},        {GDK_KEY_Caps_Lock, "CapsLock"}, {GDK_KEY_Num_Lock, "NumLock"},
    {GDK_KEY_Scroll_Lock, "ScrollLock"},
};

static char *bare_name(guint key, GdkModifierType modifiers) {
    for (gsize at = 0; at < G_N_ELEMENTS(names); ++at) {
        if (names[at].key == key) {
            return g_strdup(names[at].name);
        }
    }
    if (key >= GDK_KEY_F1 && key <= GDK_KEY_F24) {
        return g_strdup_printf("F%u", key - GDK_KEY_F1 + 1);
    }
    const gboolean is_command = (modifiers & (GDK_CONTROL_MASK | GDK_META_MASK | GDK_SUPER_MASK)) && !(modifiers & GDK_ALT_MASK);
    const guint lower = gdk_keyval_to_lower(key);
    const gboolean is_sign = (lower >= GDK_KEY_a && lower <= GDK_KEY_z) || (lower >= GDK_KEY_0 && lower <= GDK_KEY_9);
    return is_command && is_sign ? g_strdup_printf("%c", (char)(modifiers & GDK_SHIFT_MASK ? gdk_keyval_to_upper(key) : lower)) : NULL;
}

char *srg_key_name(guint key, GdkModifierType modifiers) {
    char *name = bare_name(key, modifiers);
    if (!name) {
        return NULL;
    }
    const gboolean is_meta = (modifiers & (GDK_META_MASK | GDK_SUPER_MASK)) != 0;
    char *whole = g_strconcat(modifiers & GDK_CONTROL_MASK ? "Ctrl+" : "", modifiers & GDK_ALT_MASK ? "Alt+" : "",
                              modifiers & GDK_SHIFT_MASK ? "Shift+" : "", is_meta ? "Meta+" : "", name, NULL);
    g_free(name);
    return whole;
}

static void tell(const SrgWindow *window, guint32 kind, double x, double y) {
    if (!srg_parts_has_page_at(window->view, x, y)) {
        sr_view_pointer(window->view, kind, x, y, 0);
    }
}

static void button(const SrgWindow *window, gboolean is_down, guint which, double x, double y) {
    tell(window, is_down ? SR_POINTER_DOWN : SR_POINTER_UP, x, y);
    if (is_down) {
        pressed_x = x;
        pressed_y = y;
    } else if (ABS(x - pressed_x) + ABS(y - pressed_y) < CLICK) {
        tell(window, which == GDK_BUTTON_SECONDARY ? SR_POINTER_CONTEXT_MENU : SR_POINTER_CLICK, x, y);
    }
}

static void key(const SrgWindow *window, guint value, GdkModifierType modifiers) {
    char *name = srg_key_name(value, modifiers);
    if (name) {
        sr_view_key(window->view, name, 0);
    }
    g_free(name);
}

#if SRG_GTK4

void srg_input(const SrgWindow *window, GdkEvent *event) {
    double x = 0, y = 0;
    gdk_event_get_position(event, &x, &y);
    x -= window->left + window->inside.x;
    y -= window->top + window->inside.y;
    switch ((int)gdk_event_get_event_type(event)) {
    case GDK_MOTION_NOTIFY: tell(window, SR_POINTER_MOVE, x, y); break;
    case GDK_BUTTON_PRESS: button(window, TRUE, gdk_button_event_get_button(event), x, y); break;
    case GDK_BUTTON_RELEASE: button(window, FALSE, gdk_button_event_get_button(event), x, y); break;
    case GDK_TOUCH_BEGIN: tell(window, SR_POINTER_TOUCH_START, x, y); break;
    case GDK_TOUCH_UPDATE: tell(window, SR_POINTER_TOUCH_MOVE, x, y); break;
    case GDK_TOUCH_END: tell(window, SR_POINTER_TOUCH_END, x, y); break;
    case GDK_KEY_PRESS: key(window, gdk_key_event_get_keyval(event), gdk_event_get_modifier_state(event)); break;
    default: break;
    }
}

#else

/* From the window of the event to that of its toplevel. */
static void in_toplevel(const GdkEvent *event, double *x, double *y) {
    gdk_event_get_coords(event, x, y);
    GdkWindow *toplevel = gdk_window_get_toplevel(event->any.window);
    for (GdkWindow *it = event->any.window; it && it != toplevel; it = gdk_window_get_effective_parent(it)) {
        gdk_window_coords_to_parent(it, *x, *y, x, y);
    }
}

void srg_input(const SrgWindow *window, GdkEvent *event) {
    double x = 0, y = 0;
    if (event->any.window) {
        in_toplevel(event, &x, &y);
    }
    x -= window->left + window->inside.x;
    y -= window->top + window->inside.y;
    switch ((int)event->type) {
    case GDK_MOTION_NOTIFY: tell(window, SR_POINTER_MOVE, x, y); break;
    case GDK_BUTTON_PRESS: button(window, TRUE, event->button.button, x, y); break;
    case GDK_2BUTTON_PRESS: tell(window, SR_POINTER_DOUBLE_CLICK, x, y); break;
    case GDK_BUTTON_RELEASE: button(window, FALSE, event->button.button, x, y); break;
    case GDK_TOUCH_BEGIN: tell(window, SR_POINTER_TOUCH_START, x, y); break;
    case GDK_TOUCH_UPDATE: tell(window, SR_POINTER_TOUCH_MOVE, x, y); break;
    case GDK_TOUCH_END: tell(window, SR_POINTER_TOUCH_END, x, y); break;
    case GDK_KEY_PRESS: key(window, event->key.keyval, event->key.state); break;
    default: break;
    }
}

#endif
