/* An app with windows of its own renderer, a plot that it draws pixel by pixel, and a web view, in one replay.
 *
 *   cc -Iinclude examples/c/views.c -Ltarget/debug -lsession_replay -o views
 *   ./views http://127.0.0.1:8787        the viewer's address
 *   ./views http://127.0.0.1:8787 SESSION PACE        milliseconds that each step takes: 250
 *
 * docs/guide/views.md explains the calls. What the app would draw stands in tables here; its plot is drawn for real.
 */
#define _POSIX_C_SOURCE 200809L

#include <session_replay.h>

#include "help_page.h"
#include "plot.h"
#include "system.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS = 1, DIALOG = 2, HELP = 3, REVENUE = 4 };
static const uint32_t WHITE = 0xffffffff, BLUE = 0xff2f6fde, FAINT = 0xff66707a, STRIPE = 0xfff4f6f9;

/* A node: kind, id, rectangle, text; more members behind. */
#define NODE(node_kind, node_id, left, top, wide, high, ...)                                                     \
    (sr_node){.size = sizeof(sr_node), .kind = SR_NODE_##node_kind, .id = (node_id), .x = (left), .y = (top),     \
              .width = (wide), .height = (high), .text = __VA_ARGS__}

typedef struct {
    int number;
    const char *customer, *total;
    bool is_paid;
} order;

static order orders[] = {
    {1041, "Ada Lovelace", "€ 120.00", true},    {1042, "Grace Hopper", "€ 80.50", false},
    {1043, "Alan Turing", "€ 9.99", true},       {1044, "Barbara Liskov", "€ 310.00", false},
    {1045, "Edsger Dijkstra", "€ 45.25", true},
};
enum { COUNT = sizeof orders / sizeof *orders };

/* What the app shows. */
static struct {
    char search[32], password[32];
    bool paid_only;
    int selected;
    plot revenue;
} app = {.selected = 1041};
static int pace_ms = 250;

static void expect(const char *call, sr_status status) {
    if (status < 0) {
        fprintf(stderr, "%s: %s\n", call, sr_last_error());
        exit(1);
    }
}

/* The plot is drawn again and again; its frames are handed over when one is wanted. */
static void draw_plot(void) {
    plot_step(&app.revenue);
    if (sr_view_next_frame_ms(REVENUE) > 0) {
        return;
    }
    plot_draw(&app.revenue);
    const sr_frame frame = {
        .size = sizeof frame, .format = SR_PIXELS_RGBA, .view = REVENUE, .width = PLOT_WIDTH, .height = PLOT_HEIGHT,
        .stride = PLOT_WIDTH * 4, .scale = 1, .pixels = app.revenue.pixels, .length = sizeof app.revenue.pixels,
        .flags = SR_FRAME_MASKS_KNOWN, /* there is nothing to be masked in it */
    };
    expect("sr_view_frame", sr_view_frame(&frame));
}

/* Time goes on: one step of what the user does. */
static void moment(void) {
    for (int waited = 0; waited < pace_ms; waited += 50) {
        draw_plot();
        pause_ms(50);
    }
}

static void show_orders(void) {
    static char texts[COUNT + 1][48];
    sr_node nodes[16 + 5 * COUNT];
    size_t count = 0;
    nodes[count++] = NODE(CUSTOM, 1, 0, 0, 560, 26, NULL, .background = WHITE);
    nodes[count++] = NODE(ITEM, 2, 4, 0, 50, 26, "File");
    nodes[count++] = NODE(ITEM, 3, 54, 0, 50, 26, "Edit");
    nodes[count++] = NODE(TEXT, 4, 16, 38, 60, 28, "Search");
    nodes[count++] = NODE(INPUT, 5, 72, 38, 228, 28, app.search, .flags = SR_NODE_FLAG_FOCUSED);
    nodes[count++] = NODE(CHECKBOX, 6, 316, 38, 100, 28, "Paid only", .flags = app.paid_only ? SR_NODE_FLAG_CHECKED : 0);
    nodes[count++] = NODE(BUTTON, 7, 440, 38, 104, 28, "New order", .background = BLUE, .color = WHITE);
    nodes[count++] = NODE(LIST, 8, 16, 80, 528, 168, NULL, .border = 0xffd5dae1);
    nodes[count++] = NODE(TEXT, 9, 28, 82, 80, 24, "Order", .color = FAINT, .font_size = 12);
    nodes[count++] = NODE(TEXT, 10, 110, 82, 200, 24, "Customer", .color = FAINT, .font_size = 12);
    nodes[count++] = NODE(TEXT, 11, 300, 82, 100, 24, "Total", .color = FAINT, .font_size = 12, .flags = SR_NODE_FLAG_RIGHT);
    int shown = 0;
    for (const order *it = orders; it < orders + COUNT; ++it) {
        if (app.paid_only && !it->is_paid) {
            continue;
        }
        const float top = 107 + 28.0F * (float)shown;
        const bool is_selected = it->number == app.selected;
        const uint32_t color = is_selected ? WHITE : 0, box = is_selected ? 0 : shown % 2 == 0 ? STRIPE : WHITE;
        const uint64_t id = (uint64_t)it->number * 10;
        snprintf(texts[shown], sizeof *texts, "%d", it->number);
        nodes[count++] = NODE(ITEM, id, 17, top, 526, 28, NULL, .background = box, .flags = is_selected ? SR_NODE_FLAG_SELECTED : 0);
        nodes[count++] = NODE(TEXT, id + 1, 28, top, 80, 28, texts[shown], .color = color);
        nodes[count++] = NODE(TEXT, id + 2, 110, top, 200, 28, it->customer, .color = color);
        nodes[count++] = NODE(TEXT, id + 3, 300, top, 100, 28, it->total, .color = color, .flags = SR_NODE_FLAG_RIGHT);
        nodes[count++] = NODE(TEXT, id + 4, 468, top + 5, 56, 18, it->is_paid ? "paid" : "open", .font_size = 11,
                              .color = it->is_paid ? 0xff1b7a4b : 0xff9a5b00, .flags = SR_NODE_FLAG_CENTER | SR_NODE_FLAG_BOLD,
                              .background = it->is_paid ? 0xffdff5e8 : 0xfffff0d6);
        ++shown;
    }
    snprintf(texts[COUNT], sizeof *texts, "%d orders, number %d is selected", shown, app.selected);
    nodes[count++] = NODE(TEXT, 12, 16, 258, 300, 22, "Revenue, live", .flags = SR_NODE_FLAG_BOLD);
    nodes[count++] = NODE(CUSTOM, 13, 0, 388, 560, 24, NULL, .background = 0xffe6eaf0);
    nodes[count++] = NODE(TEXT, 14, 16, 388, 528, 24, texts[COUNT], .color = FAINT, .font_size = 12);
    expect("sr_view_nodes", sr_view_nodes(ORDERS, nodes, count));
}

static void show_dialog(void) {
    const sr_node nodes[] = {
        NODE(TEXT, 1, 20, 16, 260, 24, "Sign in to pay", .flags = SR_NODE_FLAG_BOLD, .font_size = 16),
        NODE(TEXT, 2, 20, 52, 80, 28, "Password"),
        NODE(PASSWORD, 3, 104, 52, 176, 28, app.password, .flags = SR_NODE_FLAG_FOCUSED),
        NODE(BUTTON, 4, 200, 98, 80, 28, "Sign in", .background = BLUE, .color = WHITE),
    };
    expect("sr_view_nodes", sr_view_nodes(DIALOG, nodes, sizeof nodes / sizeof *nodes));
}

/* Text is typed into a field, which is shown after each letter. */
static void type(char *field, const char *text, void (*show)(void)) {
    for (size_t length = 1; length <= strlen(text); ++length) {
        memcpy(field, text, length);
        show();
        draw_plot();
        pause_ms(pace_ms / 4);
    }
}

/* The pointer goes to a place in a view, in some moves, and clicks. */
static void click(uint64_t view, double x, double y) {
    for (int step = 4; step >= 0; --step) {
        expect("sr_view_pointer", sr_view_pointer(view, SR_POINTER_MOVE, x + step * step * 9, y + step * 11, 0));
        draw_plot();
        pause_ms(pace_ms / 5);
    }
    expect("sr_view_pointer", sr_view_pointer(view, SR_POINTER_CLICK, x, y, 0));
}

/* The web view's page is loaded, and changes: what its recorder hands over. */
static void record_page(const char *format, ...) {
    char events[2048];
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(events, sizeof events, format, values);
    va_end(values);
    expect("sr_view_record", sr_view_record(HELP, events, (size_t)length, NULL));
}

/* A window, which has the keyboard or lost it. */
static void place(uint64_t view, double x, double y, double width, double height, int z, const char *title, bool has_focus) {
    const sr_view_info info = {.size = sizeof info, .view = view, .x = x, .y = y, .width = width, .height = height, .z = z,
                               .flags = has_focus ? SR_VIEW_FOCUSED : 0, .title = title};
    expect("sr_view_place", sr_view_place(&info));
}

/* What the user does. */
static void use(void) {
    click(ORDERS, 60, 149);
    app.selected = 1042;
    show_orders();
    moment();
    click(ORDERS, 120, 52);
    type(app.search, "Liskov B", show_orders);
    click(ORDERS, 326, 52);
    app.paid_only = true;
    show_orders();
    moment();
    app.paid_only = false;
    show_orders();

    place(ORDERS, 40, 60, 560, 412, 1, "Orders", false);
    place(HELP, 640, 90, 320, 240, 2, "Help", true);
    record_page(HELP_IS_LOADED, wall_ms(), wall_ms());
    moment();
    record_page(HELP_CHANGES, wall_ms(), wall_ms());
    moment();
    place(HELP, 640, 90, 320, 240, 2, "Help", false);
    place(DIALOG, 300, 200, 300, 142, 3, "Sign in", true);
    show_dialog();
    moment();
    type(app.password, "correct horse", show_dialog);
    expect("sr_view_key", sr_view_key(DIALOG, "Enter", 0));
    moment();
    click(DIALOG, 240, 112);
    /* The dialog is moved, then closed; the list below it changes. */
    place(DIALOG, 420, 260, 300, 142, 3, "Sign in", true);
    moment();
    expect("sr_view_close", sr_view_close(DIALOG));
    orders[1].is_paid = true;
    show_orders();
    place(ORDERS, 60, 80, 560, 412, 4, "Orders (4 paid)", true);
    moment();
    moment();
}

int main(int count, char **arguments) {
    const char *server = count > 1 ? arguments[1] : "http://127.0.0.1:8787";
    pace_ms = count > 3 ? atoi(arguments[3]) : pace_ms;
    char options[512];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"native-app\", \"sessionId\": %lld, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             count > 2 ? atoll(arguments[2]) : wall_ms(), server);
    expect("sr_init", sr_init("api-key", options));

    /* The desk: without it, as large as the windows need. */
    const sr_view_info desk = {.size = sizeof desk, .width = 1000, .height = 600, .background = 0xff3c5a6e};
    expect("sr_view_place", sr_view_place(&desk));
    place(ORDERS, 40, 60, 560, 412, 1, "Orders", true);
    show_orders();
    /* The plot is a view in that of its window. */
    const sr_view_info revenue = {.size = sizeof revenue, .view = REVENUE, .parent = ORDERS, .x = 16, .y = 284, .width = PLOT_WIDTH, .height = PLOT_HEIGHT};
    expect("sr_view_place", sr_view_place(&revenue));
    for (int step = 0; step < PLOT_VALUES; ++step) {
        plot_step(&app.revenue);
    }
    draw_plot();
    expect("sr_record_custom", sr_record_custom("screen", "{\"name\": \"orders\"}"));
    moment();
    use();
    expect("sr_record_custom", sr_record_custom("screen", "{\"name\": \"end\"}"));
    expect("sr_shutdown", sr_shutdown(10000));
    return 0;
}
