#include "nodes.h"

/* Nodes of one window: the library allows 10,000 of all. */
#define MAX_NODES 4000
/* Bytes of a text: the library cuts there. */
#define MAX_TEXT 4096

SrgBox srg_box(double x, double y, double width, double height) {
    const SrgBox box = {x, y, MAX(width, 0), MAX(height, 0)};
    return box;
}

SrgBox srg_intersection(const SrgBox *one, const SrgBox *other) {
    const double left = MAX(one->x, other->x), top = MAX(one->y, other->y);
    const double right = MIN(one->x + one->width, other->x + other->width);
    const double bottom = MIN(one->y + one->height, other->y + other->height);
    return srg_box(left, top, right - left, bottom - top);
}

gboolean srg_is_empty(const SrgBox *box) { return !(box->width > 0 && box->height > 0); }

gboolean srg_contains(const SrgBox *outer, const SrgBox *inner) {
    return inner->x >= outer->x && inner->y >= outer->y && inner->x + inner->width <= outer->x + outer->width &&
           inner->y + inner->height <= outer->y + outer->height;
}

static guint64 mixed(guint64 hash, guint64 value) {
    hash = (hash ^ value) + G_GUINT64_CONSTANT(0x9e3779b97f4a7c15); /* splitmix64 */
    hash = (hash ^ (hash >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

guint64 srg_id(gconstpointer object, guint64 part, guint64 more) {
    const guint64 hash = mixed(mixed((guint64)GPOINTER_TO_SIZE(object), part), more);
    return hash == 0 ? 1 : hash;
}

static void init(SrgNodes *list) {
    list->nodes = g_array_new(FALSE, FALSE, sizeof(sr_node));
    list->texts = g_ptr_array_new_with_free_func(g_free);
    list->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void clear(SrgNodes *list) {
    g_array_free(list->nodes, TRUE);
    g_ptr_array_free(list->texts, TRUE);
    g_hash_table_destroy(list->ids);
}

void srg_nodes_init(SrgScene *scene) {
    init(&scene->below);
    init(&scene->above);
    scene->views = g_array_new(FALSE, FALSE, sizeof(SrgBox));
}

void srg_nodes_clear(SrgScene *scene) {
    clear(&scene->below);
    clear(&scene->above);
    g_array_free(scene->views, TRUE);
}

gboolean srg_nodes_are_full(const SrgScene *scene) { return scene->below.nodes->len + scene->above.nodes->len + 2 > MAX_NODES; }

void srg_nodes_add_view(SrgScene *scene, const SrgBox *place) { g_array_append_val(scene->views, *place); }

/* The list's own copy, in whole characters; an app may hand over what is not UTF-8. */
static const char *kept(SrgNodes *list, const char *text) {
    if (!text || !*text) {
        return NULL;
    }
    const char *end = memchr(text, 0, MAX_TEXT);
    char *copy = g_utf8_make_valid(text, end ? end - text : MAX_TEXT);
    g_ptr_array_add(list->texts, copy);
    return copy;
}

static guint32 put(SrgNodes *list, sr_node node, const SrgBox *place, guint32 cut, const SrgClip *clip) {
    node.size = sizeof node;
    node.clip = cut;
    node.flags |= clip->is_masked ? SR_NODE_FLAG_MASKED : 0u;
    node.x = (float)place->x;
    node.y = (float)place->y;
    node.width = (float)place->width;
    node.height = (float)place->height;
    node.text = kept(list, node.text);
    if (node.image) {
        char *image = g_strdup(node.image);
        g_ptr_array_add(list->texts, image);
        node.image = image;
    }
    guint64 *id = g_new(guint64, 1);
    *id = node.id;
    /* The library would refuse a list that names two nodes alike. */
    if (!g_hash_table_add(list->ids, id)) {
        node.id = 0;
    }
    g_array_append_val(list->nodes, node);
    return list->nodes->len;
}

/* A node that is not seen itself, whose edges cut off what lies in it. */
static guint32 node_of(SrgNodes *list, guint32 *node, SrgClip *clip) {
    static const char this_part = 0;
    if (*node == 0) {
        const sr_node edges = {.kind = SR_NODE_CUSTOM, .id = srg_id(&this_part, clip->id, 0)};
        *node = put(list, edges, &clip->visible, 0, clip);
    }
    return *node;
}

static gboolean lies_over_a_view(const SrgScene *scene, const SrgBox *place) {
    for (guint at = 0; at < scene->views->len; ++at) {
        const SrgBox both = srg_intersection(place, &g_array_index(scene->views, SrgBox, at));
        if (!srg_is_empty(&both)) {
            return TRUE;
        }
    }
    return FALSE;
}

void srg_nodes_add(SrgScene *scene, sr_node node, SrgBox place, SrgClip *clip) {
    const SrgBox seen = srg_intersection(&place, &clip->visible);
    if (srg_nodes_are_full(scene) || srg_is_empty(&seen)) {
        return;
    }
    const gboolean is_above = lies_over_a_view(scene, &seen);
    SrgNodes *list = is_above ? &scene->above : &scene->below;
    const guint32 cut = srg_contains(&clip->visible, &place) ? 0 : node_of(list, &clip->node[is_above], clip);
    put(list, node, &place, cut, clip);
}
