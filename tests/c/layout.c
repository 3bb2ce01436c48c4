/* Prints what a compiled program has taken from the header: the values of the enums, the places of struct members. */
#include <session_replay.h>

#include <stdio.h>

#define VALUE(name) printf(#name " = %d\n", (int)(name))
#define SIZE(type) printf("sizeof(" #type ") = %zu\n", sizeof(type))
#define MEMBER(type, member) \
    printf(#type "." #member " at %zu, %zu bytes\n", offsetof(type, member), sizeof(((type *)NULL)->member))

int main(void) {
    VALUE(SR_OK);
    VALUE(SR_NEEDS_FULL_SNAPSHOT);
    VALUE(SR_NOT_CAPTURED);
    VALUE(SR_NOT_STORED);
    VALUE(SR_ERROR_NOT_INITIALIZED);
    VALUE(SR_ERROR_INVALID_ARGUMENT);
    VALUE(SR_ERROR_INVALID_JSON);
    VALUE(SR_ERROR_EVENT_TOO_LARGE);
    VALUE(SR_ERROR_BUFFER_FULL);
    VALUE(SR_ERROR_STORAGE);
    VALUE(SR_ERROR_FORKED);
    VALUE(SR_ERROR_TIMEOUT);
    VALUE(SR_ERROR_INTERNAL);
    VALUE(SR_ERROR_RESOURCES);
    VALUE(SR_LOG_ERROR);
    VALUE(SR_LOG_WARN);
    VALUE(SR_LOG_INFO);
    VALUE(SR_LOG_DEBUG);
    VALUE(SR_VIEW_HIDDEN);
    VALUE(SR_VIEW_FOCUSED);
    VALUE(SR_NODE_TEXT);
    VALUE(SR_NODE_IMAGE);
    VALUE(SR_NODE_BUTTON);
    VALUE(SR_NODE_INPUT);
    VALUE(SR_NODE_PASSWORD);
    VALUE(SR_NODE_CHECKBOX);
    VALUE(SR_NODE_RADIO);
    VALUE(SR_NODE_LIST);
    VALUE(SR_NODE_MENU);
    VALUE(SR_NODE_ITEM);
    VALUE(SR_NODE_SCROLL_AREA);
    VALUE(SR_NODE_CUSTOM);
    VALUE(SR_NODE_FLAG_DISABLED);
    VALUE(SR_NODE_FLAG_FOCUSED);
    VALUE(SR_NODE_FLAG_SELECTED);
    VALUE(SR_NODE_FLAG_CHECKED);
    VALUE(SR_NODE_FLAG_BOLD);
    VALUE(SR_NODE_FLAG_ITALIC);
    VALUE(SR_NODE_FLAG_MONOSPACE);
    VALUE(SR_NODE_FLAG_CENTER);
    VALUE(SR_NODE_FLAG_RIGHT);
    VALUE(SR_NODE_FLAG_MULTILINE);
    VALUE(SR_NODE_FLAG_MASKED);
    VALUE(SR_POINTER_MOVE);
    VALUE(SR_POINTER_DOWN);
    VALUE(SR_POINTER_UP);
    VALUE(SR_POINTER_CLICK);
    VALUE(SR_POINTER_DOUBLE_CLICK);
    VALUE(SR_POINTER_CONTEXT_MENU);
    VALUE(SR_POINTER_TOUCH_START);
    VALUE(SR_POINTER_TOUCH_MOVE);
    VALUE(SR_POINTER_TOUCH_END);
    SIZE(sr_status);
    SIZE(sr_log_level);
    MEMBER(sr_request, id);
    MEMBER(sr_request, method);
    MEMBER(sr_request, url);
    MEMBER(sr_request, headers_json);
    MEMBER(sr_request, body);
    MEMBER(sr_request, body_length);
    MEMBER(sr_request, timeout_ms);
    MEMBER(sr_view_info, size);
    MEMBER(sr_view_info, flags);
    MEMBER(sr_view_info, view);
    MEMBER(sr_view_info, parent);
    MEMBER(sr_view_info, x);
    MEMBER(sr_view_info, y);
    MEMBER(sr_view_info, width);
    MEMBER(sr_view_info, height);
    MEMBER(sr_view_info, z);
    MEMBER(sr_view_info, background);
    MEMBER(sr_view_info, title);
    MEMBER(sr_node, size);
    MEMBER(sr_node, kind);
    MEMBER(sr_node, id);
    MEMBER(sr_node, flags);
    MEMBER(sr_node, clip);
    MEMBER(sr_node, x);
    MEMBER(sr_node, y);
    MEMBER(sr_node, width);
    MEMBER(sr_node, height);
    MEMBER(sr_node, color);
    MEMBER(sr_node, background);
    MEMBER(sr_node, border);
    MEMBER(sr_node, font_size);
    MEMBER(sr_node, text);
    MEMBER(sr_node, image);
    return 0;
}
