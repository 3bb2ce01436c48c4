#include "urls.h"

#include "nodes.h"

/* The library takes no longer one. */
#define MAX_URL 65536

static cairo_status_t append(void *bytes, const unsigned char *data, unsigned int length) {
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

char *srg_url(cairo_surface_t *surface) {
    GByteArray *png = g_byte_array_new();
    char *url = NULL;
    if (cairo_surface_write_to_png_stream(surface, append, png) == CAIRO_STATUS_SUCCESS && png->len < MAX_URL / 4 * 3 - 64) {
        char *text = g_base64_encode(png->data, png->len);
        url = g_strconcat("data:image/png;base64,", text, NULL);
        g_free(text);
    }
    g_byte_array_free(png, TRUE);
    return url;
}

static guint64 hash_of(cairo_surface_t *surface) {
    const guint64 *data = (const guint64 *)(const void *)cairo_image_surface_get_data(surface);
    const gsize count = (gsize)cairo_image_surface_get_stride(surface) * (gsize)cairo_image_surface_get_height(surface) / 8;
    guint64 hash = srg_id(NULL, (guint64)cairo_image_surface_get_width(surface), count);
    for (gsize at = 0; at < count; ++at) {
        hash = (hash ^ data[at]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash;
}

const char *srg_kept_url(GtkWidget *widget, cairo_surface_t *surface, guint most) {
    static GQuark quark;
    quark = quark ? quark : g_quark_from_static_string("session-replay-pictures");
    const guint64 hash = hash_of(surface);
    GHashTable *kept = g_object_get_qdata(G_OBJECT(widget), quark);
    if (!kept) {
        kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        g_object_set_qdata_full(G_OBJECT(widget), quark, kept, (GDestroyNotify)g_hash_table_unref);
    }
    gpointer url = NULL;
    if (!g_hash_table_lookup_extended(kept, &hash, NULL, &url)) {
        if (g_hash_table_size(kept) >= most) {
            g_hash_table_remove_all(kept);
        }
        url = srg_url(surface);
        guint64 *key = g_new(guint64, 1);
        *key = hash;
        g_hash_table_insert(kept, key, url);
    }
    return url;
}
