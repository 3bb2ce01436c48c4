/* The flat list of what is seen in a window, in paint order, as sr_view_nodes takes it. */
#ifndef SRG_NODES_H
#define SRG_NODES_H

#include <glib.h>
#include <session_replay.h>

/* A color that is not seen. 0 would mean "as usual". */
#define SRG_NO_COLOR 0x01000000u

typedef struct {
    double x, y, width, height;
} SrgBox;

/* What cuts off the widgets in a widget: the part of it that is seen. */
typedef struct {
    SrgBox visible;
    guint32 node[2]; /* 1 + the place of the node that stands for it, in either list; 0: none yet */
    guint64 id;
    guint32 background; /* what lies below: of a widget with the same color no node is made */
    gboolean is_masked;
} SrgClip;

typedef struct {
    GArray *nodes;      /* sr_node */
    GPtrArray *texts;   /* what they point to */
    GHashTable *ids;
} SrgNodes;

/* What is seen in a window. Views that lie in it cover its nodes: so those that lie over such a view are a list of their own. */
typedef struct {
    SrgNodes below, above;
    GArray *views; /* SrgBox */
} SrgScene;

SrgBox srg_box(double x, double y, double width, double height);
SrgBox srg_intersection(const SrgBox *one, const SrgBox *other);
gboolean srg_is_empty(const SrgBox *box);
gboolean srg_contains(const SrgBox *outer, const SrgBox *inner);

/* A number of a node's own: of the object that it stands for, and of its part. */
guint64 srg_id(gconstpointer object, guint64 part, guint64 more);

void srg_nodes_init(SrgScene *scene);
void srg_nodes_clear(SrgScene *scene);
gboolean srg_nodes_are_full(const SrgScene *scene);
/* Adds a copy of a node, unless nothing of it is seen; its place is in the window. */
void srg_nodes_add(SrgScene *scene, sr_node node, SrgBox place, SrgClip *clip);
/* From now on, a view covers this part of the window. */
void srg_nodes_add_view(SrgScene *scene, const SrgBox *place);

#endif
