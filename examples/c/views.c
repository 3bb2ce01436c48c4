/* An app of two windows and a dialog, drawn by its own renderer, and a web view beside them, in one replay.
 *
 *   cc -Iinclude examples/c/views.c -Ltarget/debug -lsession_replay -o views
 *   ./views http://127.0.0.1:8787        the viewer's address
 *
 * docs/guide/views.md explains the calls. What the app would draw stands in tables here.
 */
#define _POSIX_C_SOURCE 200809L

#include <session_replay.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ORDERS = 1, DIALOG = 2, HELP = 3 };

#define COUNT(list) (sizeof(list) / sizeof *(list))
/* A node: kind, id, rectangle, text; more members behind. */
#define NODE(node_kind, node_id, left, top, wide, high, ...)                                                     \
    {.size = sizeof(sr_node), .kind = SR_NODE_##node_kind, .id = (node_id), .x = (left), .y = (top), .width = (wide), \
     .height = (high), .text = __VA_ARGS__}

static void expect(const char *call, sr_status status) {
    if (status < 0) {
        fprintf(stderr, "%s: %s\n", call, sr_last_error());
        exit(1);
    }
}

static void moment(void) {
    const struct timespec pause = {0, 250000000};
    nanosleep(&pause, NULL);
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void show_orders(const char *search, bool paid_only, int selected) {
    char count[64];
    snprintf(count, sizeof count, "3 orders, number %d is selected", selected + 1);
    sr_node nodes[] = {
        NODE(MENU, 1, 0, 0, 560, 26, NULL, .background = 0xffffffff),
        NODE(ITEM, 2, 4, 0, 50, 26, "File"),
        NODE(ITEM, 3, 54, 0, 50, 26, "Edit"),
        NODE(TEXT, 4, 16, 40, 60, 26, "Search"),
        NODE(INPUT, 5, 80, 40, 220, 26, search, .flags = SR_NODE_FLAG_FOCUSED),
        NODE(CHECKBOX, 6, 316, 40, 110, 26, "Paid only", .flags = paid_only ? SR_NODE_FLAG_CHECKED : 0),
        NODE(BUTTON, 7, 450, 40, 94, 26, "New order"),
        NODE(LIST, 8, 16, 80, 528, 200, NULL),
        NODE(ITEM, 9, 17, 81, 526, 24, "1041   Ada Lovelace        € 120.00", .clip = 8),
        NODE(ITEM, 10, 17, 105, 526, 24, "1042   Grace Hopper        € 80.50", .clip = 8),
        NODE(ITEM, 11, 17, 129, 526, 24, "1043   Alan Turing         € 9.99", .clip = 8),
        NODE(TEXT, 12, 16, 292, 528, 20, count, .color = 0xff66707a, .font_size = 12),
    };
    nodes[8 + selected].flags |= SR_NODE_FLAG_SELECTED;
    expect("sr_view_nodes", sr_view_nodes(ORDERS, nodes, COUNT(nodes)));
}

static void show_dialog(const char *password) {
    const sr_node nodes[] = {
        NODE(TEXT, 1, 20, 16, 260, 24, "Sign in to pay", .flags = SR_NODE_FLAG_BOLD, .font_size = 16),
        NODE(TEXT, 2, 20, 52, 80, 26, "Password"),
        NODE(PASSWORD, 3, 104, 52, 176, 26, password, .flags = SR_NODE_FLAG_FOCUSED),
        NODE(BUTTON, 4, 200, 96, 80, 28, "Sign in", .background = 0xff2f6fde, .color = 0xffffffff),
    };
    expect("sr_view_nodes", sr_view_nodes(DIALOG, nodes, COUNT(nodes)));
}

/* What a recorder in the web view would hand over. */
static void load_page(void) {
    char events[2048];
    const int length = snprintf(
        events, sizeof events,
        "{\"type\":4,\"timestamp\":%lld,\"data\":{\"href\":\"app://help\",\"width\":320,\"height\":240}}\n"
        "{\"type\":2,\"timestamp\":%lld,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":\"html\","
        "\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"body\",\"attributes\":{\"style\":\"font:14px sans-serif\"},"
        "\"id\":3,\"childNodes\":[{\"type\":2,\"tagName\":\"h2\",\"attributes\":{},\"id\":4,\"childNodes\":[{\"type\":3,"
        "\"textContent\":\"Help\",\"id\":5}]},{\"type\":2,\"tagName\":\"p\",\"attributes\":{},\"id\":6,\"childNodes\":[{\"type\":3,"
        "\"textContent\":\"Loading\",\"id\":7}]},{\"type\":2,\"tagName\":\"input\",\"attributes\":{\"value\":\"\"},\"id\":8,"
        "\"childNodes\":[]}]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}}}",
        now_ms(), now_ms());
    expect("sr_view_record", sr_view_record(HELP, events, (size_t)length, NULL));
}

static void change_page(void) {
    char events[512];
    const int length = snprintf(
        events, sizeof events,
        "{\"type\":3,\"timestamp\":%lld,\"data\":{\"source\":0,\"texts\":[{\"id\":7,\"value\":\"How to pay an order\"}],"
        "\"attributes\":[],\"removes\":[],\"adds\":[]}}\n"
        "{\"type\":3,\"timestamp\":%lld,\"data\":{\"source\":5,\"text\":\"refunds\",\"isChecked\":false,\"id\":8}}",
        now_ms(), now_ms());
    expect("sr_view_record", sr_view_record(HELP, events, (size_t)length, NULL));
}

static void place(uint64_t view, double x, double y, double width, double height, int z, const char *title) {
    const sr_view_info info = {.size = sizeof info, .view = view, .x = x, .y = y, .width = width, .height = height, .z = z,
                               .flags = SR_VIEW_FOCUSED, .title = title};
    expect("sr_view_place", sr_view_place(&info));
}

int main(int count, char **arguments) {
    const char *server = count > 1 ? arguments[1] : "http://127.0.0.1:8787";
    char options[512];
    snprintf(options, sizeof options,
             "{\"deviceId\": \"native-app\", \"sessionId\": %lld, \"sampleRate\": 1, \"enableRemoteConfig\": false,"
             " \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             count > 2 ? atoll(arguments[2]) : now_ms(), server);
    expect("sr_init", sr_init("api-key", options));

    /* The desk: without it, as large as the windows need. */
    const sr_view_info desk = {.size = sizeof desk, .width = 1000, .height = 600, .background = 0xff3c5a6e};
    expect("sr_view_place", sr_view_place(&desk));
    place(ORDERS, 60, 80, 560, 320, 1, "Orders");
    show_orders("", false, 0);
    expect("sr_record_custom", sr_record_custom("screen", "{\"name\": \"orders\"}"));
    moment();
    expect("sr_view_pointer", sr_view_pointer(ORDERS, SR_POINTER_MOVE, 100, 116, 0));
    expect("sr_view_pointer", sr_view_pointer(ORDERS, SR_POINTER_CLICK, 100, 116, 0));
    show_orders("", false, 1);
    moment();
    show_orders("Hopper", true, 1);
    place(HELP, 640, 120, 320, 240, 2, "Help");
    load_page();
    moment();
    change_page();
    place(DIALOG, 300, 200, 300, 140, 3, "Sign in");
    show_dialog("");
    moment();
    show_dialog("correct horse");
    expect("sr_view_key", sr_view_key(DIALOG, "Enter", 0));
    moment();
    /* The dialog is moved, then closed; the list below it changes. */
    place(DIALOG, 420, 260, 300, 140, 3, "Sign in");
    moment();
    expect("sr_view_close", sr_view_close(DIALOG));
    show_orders("Hopper", true, 2);
    place(ORDERS, 40, 60, 560, 320, 4, "Orders (1 paid)");
    moment();
    expect("sr_record_custom", sr_record_custom("screen", "{\"name\": \"end\"}"));
    expect("sr_shutdown", sr_shutdown(10000));
    return 0;
}
