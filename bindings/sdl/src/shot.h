/* A frame on its way to the library: its size and what is masked in it, as they were when it was read. */
#ifndef SESSION_REPLAY_SDL_SHOT_H
#define SESSION_REPLAY_SDL_SHOT_H

#include <session_replay.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SR_SDL_MAX_MASKS = 1024 };

/** Masks in paint order. In a Shot they are in pixels of the frame, before that in the window's own coordinates. */
typedef struct {
    sr_mask *list;
    size_t count, capacity;
    bool are_known; /* The list is complete. */
    bool is_broken; /* It is not, and can't be: nothing of the frame may be kept. */
} Masks;

typedef struct {
    uint64_t view;
    uint32_t format, flags;
    int width, height, stride;
    double scale;
    sr_masking_level level; /* What the masks were named for. */
    Masks masks;
} Shot;

static void masks_clear(Masks *masks) {
    masks->count = 0;
    masks->are_known = masks->is_broken = false;
}

static void masks_free(Masks *masks) {
    free(masks->list);
    memset(masks, 0, sizeof *masks);
}

static void masks_add(Masks *masks, const sr_mask *more, size_t count) {
    if (count > SR_SDL_MAX_MASKS - masks->count || (count > 0 && !more)) {
        masks->is_broken = true;
        return;
    }
    if (masks->count + count > masks->capacity) {
        const size_t capacity = masks->count + count + 16;
        sr_mask *list = (sr_mask *)realloc(masks->list, capacity * sizeof *list);
        if (!list) {
            masks->is_broken = true;
            return;
        }
        masks->list = list;
        masks->capacity = capacity;
    }
    for (size_t at = 0; at < count; ++at) {
        /* Each says how long it is: a host built against a longer sr_mask has its masks further apart. */
        const sr_mask *mask = (const sr_mask *)(const void *)((const char *)more + at * more->size);
        if (mask->size < sizeof *mask) {
            masks->is_broken = true;
            return;
        }
        masks->list[masks->count] = *mask;
        masks->list[masks->count++].size = sizeof *mask;
    }
}

/** What is hidden grows to whole pixels; what lies on top of it shrinks. */
static sr_rect mask_to_pixels(const sr_mask *mask, double scale) {
    const bool is_hidden = mask->kind != SR_MASK_ON_TOP;
    const double left = mask->rect.x * scale, top = mask->rect.y * scale;
    const double right = left + mask->rect.width * scale, bottom = top + mask->rect.height * scale;
    const double l = fmin(left, right), t = fmin(top, bottom), r = fmax(left, right), b = fmax(top, bottom);
    sr_rect rect;
    rect.x = (int32_t)fmax(-100000, is_hidden ? floor(l) : ceil(l));
    rect.y = (int32_t)fmax(-100000, is_hidden ? floor(t) : ceil(t));
    rect.width = (int32_t)fmin(100000, is_hidden ? ceil(r) : floor(r)) - rect.x;
    rect.height = (int32_t)fmin(100000, is_hidden ? ceil(b) : floor(b)) - rect.y;
    if (rect.width < 0 || rect.height < 0) { /* Nothing of it is a whole pixel. */
        rect.width = rect.height = 0;
    }
    return rect;
}

/** Takes the masks of the window along; false when they can't be. */
static bool shot_take_masks(Shot *shot, const Masks *from) {
    masks_clear(&shot->masks);
    masks_add(&shot->masks, from->list, from->count);
    for (size_t at = 0; at < shot->masks.count; ++at) {
        shot->masks.list[at].rect = mask_to_pixels(&shot->masks.list[at], shot->scale);
    }
    shot->masks.are_known = from->are_known;
    return !shot->masks.is_broken;
}

static void shot_show(const Shot *shot, const void *pixels) {
    if (sr_mask_level() < shot->level) {
        return; /* It became stricter since. */
    }
    sr_frame frame;
    memset(&frame, 0, sizeof frame);
    frame.size = sizeof frame;
    frame.format = shot->format;
    frame.view = shot->view;
    frame.width = (uint32_t)shot->width;
    frame.height = (uint32_t)shot->height;
    frame.scale = shot->scale;
    frame.flags = shot->flags | (shot->masks.are_known ? (uint32_t)SR_FRAME_MASKS_KNOWN : 0);
    frame.stride = (uint32_t)shot->stride;
    frame.pixels = pixels;
    frame.length = (size_t)shot->stride * (size_t)shot->height;
    frame.masks = shot->masks.list;
    frame.mask_count = shot->masks.count;
    sr_view_frame(&frame);
}

#endif
