/* Reads a frame of OpenGL into a pixel buffer, and hands it over once it lies there: nothing waits for the GPU. */
#ifndef SESSION_REPLAY_SDL_READBACK_H
#define SESSION_REPLAY_SDL_READBACK_H

#include "gl_state.h"
#include "shot.h"

/** Of one window. A look is over before the next begins, so one buffer is enough. */
typedef struct {
    SDL_GLContext context; /* What gl and buffer belong to; NULL: nothing. */
    Gl gl;
    unsigned buffer;
    ptrdiff_t capacity;
    void *fence;
    bool is_pending, is_flushed;
    int age;      /* Frames since it was asked for. */
    int contexts; /* How many it has had. */
    Shot shot;
    void *memory; /* Where there are no pixel buffers, or SDL draws. */
    size_t memory_size;
} Readback;

enum {
    /* Without a fence: so many frames later it has been drawn. */
    SR_SDL_FRAMES_WITHOUT_FENCE = 2,
    /* A window that goes from one context to another leaves a buffer in each: after so many, it has none. */
    SR_SDL_MAX_CONTEXTS = 16
};

/** What belongs to a context that is not there any more, or not current. */
static void readback_forget(Readback *read) {
    read->context = NULL;
    read->buffer = 0;
    read->fence = NULL;
    read->capacity = 0;
    read->is_pending = false;
}

/**
 * Whether the buffer is there and ours, and binds it. A context can be deleted without a word and another one made at the same
 * address, where that name is nobody's, or a buffer of the host's: the size that no other buffer has tells them apart.
 */
static bool readback_bind(Readback *read) {
    const Gl *gl = &read->gl;
    if (!read->buffer || !gl->IsBuffer(read->buffer)) {
        return false;
    }
    int size = 0, usage = 0;
    gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, read->buffer);
    gl->GetBufferParameteriv(SR_GL_PIXEL_PACK_BUFFER, SR_GL_BUFFER_SIZE, &size);
    gl->GetBufferParameteriv(SR_GL_PIXEL_PACK_BUFFER, SR_GL_BUFFER_USAGE, &usage);
    if (size == read->capacity && usage == SR_GL_STREAM_READ) {
        return true;
    }
    gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, 0);
    return false;
}

/** Whether the current context is the one that it has been made for. */
static bool readback_is_current(const Readback *read) { return read->context && SDL_GL_GetCurrentContext() == read->context; }

/** Gives back what the current context holds. */
static void readback_end(Readback *read) {
    if (readback_is_current(read) && read->buffer) {
        const Gl *gl = &read->gl;
        const int before = gl_get(gl, SR_GL_PIXEL_PACK_BUFFER_BINDING);
        const bool is_ours = readback_bind(read);
        gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, (unsigned)before);
        if (is_ours) {
            if (read->fence) {
                gl->DeleteSync(read->fence);
            }
            gl->DeleteBuffers(1, &read->buffer);
        }
    }
    readback_forget(read);
    masks_free(&read->shot.masks);
    free(read->memory);
    read->memory = NULL;
    read->memory_size = 0;
}

/** Hands over what lies in the buffer, which is bound. */
static void readback_hand_over(Readback *read) {
    const Gl *gl = &read->gl;
    const ptrdiff_t length = (ptrdiff_t)read->shot.stride * read->shot.height;
    const void *pixels = gl->MapBufferRange ? gl->MapBufferRange(SR_GL_PIXEL_PACK_BUFFER, 0, length, SR_GL_MAP_READ_BIT)
                                            : gl->MapBuffer(SR_GL_PIXEL_PACK_BUFFER, SR_GL_READ_ONLY);
    if (pixels) {
        shot_show(&read->shot, pixels);
        gl->UnmapBuffer(SR_GL_PIXEL_PACK_BUFFER);
    }
}

/** Whether the GPU has written it; waits so long for that. */
static bool readback_is_done(Readback *read, uint64_t nanoseconds) {
    if (!read->fence) {
        return nanoseconds > 0 || read->age >= SR_SDL_FRAMES_WITHOUT_FENCE;
    }
    const unsigned state = read->gl.ClientWaitSync(read->fence, read->is_flushed ? 0 : SR_GL_SYNC_FLUSH_COMMANDS_BIT, nanoseconds);
    read->is_flushed = true;
    return state == SR_GL_ALREADY_SIGNALED || state == SR_GL_CONDITION_SATISFIED;
}

/** Hands over a frame that was asked for, once it is there; waits so long for it. */
static void readback_poll(Readback *read, uint64_t nanoseconds) {
    if (!read->is_pending) {
        return;
    }
    if (!readback_is_current(read)) {
        return; /* Another window's: it comes back. */
    }
    const Gl *gl = &read->gl;
    const int before = gl_get(gl, SR_GL_PIXEL_PACK_BUFFER_BINDING);
    read->age++;
    if (!readback_bind(read)) {
        readback_forget(read);
    } else if (readback_is_done(read, nanoseconds)) {
        readback_hand_over(read);
        read->is_pending = false;
        if (read->fence) {
            gl->DeleteSync(read->fence);
            read->fence = NULL;
        }
    }
    gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, (unsigned)before);
}

/** What a window's former context has, which was deleted or is used no more, never comes. */
static void readback_leave_other(Readback *read, SDL_Window *window) {
    if (read->is_pending && SDL_GL_GetCurrentContext() && !readback_is_current(read) && SDL_GL_GetCurrentWindow() == window) {
        readback_forget(read);
    }
}

/** A buffer for so many bytes, bound; false when there is none to be had. */
static bool readback_reserve(Readback *read, ptrdiff_t length) {
    static ptrdiff_t made; /* Sizes differ by it: see readback_bind. */
    const Gl *gl = &read->gl;
    if (!gl->GenBuffers || read->contexts > SR_SDL_MAX_CONTEXTS) {
        return false;
    }
    const bool is_ours = readback_bind(read);
    if (is_ours && read->capacity >= length) {
        return true;
    }
    if (!is_ours) { /* Never write to what is not. */
        gl->GenBuffers(1, &read->buffer);
    }
    made = (made + 1) % 1021;
    read->capacity = length + 3 + 4 * made;
    gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, read->buffer);
    gl->BufferData(SR_GL_PIXEL_PACK_BUFFER, read->capacity, NULL, SR_GL_STREAM_READ);
    return readback_bind(read);
}

/** Memory for the frame; NULL when it is short. */
static void *readback_memory(Readback *read) {
    const size_t length = (size_t)read->shot.stride * (size_t)read->shot.height;
    if (read->memory_size < length) {
        free(read->memory);
        read->memory = malloc(length);
        read->memory_size = read->memory ? length : 0;
    }
    return read->memory;
}

/** Reads it now, which waits for the GPU. */
static void readback_plain(Readback *read) {
    if (readback_memory(read)) {
        read->gl.ReadPixels(0, 0, read->shot.width, read->shot.height, SR_GL_RGBA, SR_GL_UNSIGNED_BYTE, read->memory);
        shot_show(&read->shot, read->memory);
    }
}

/** Whether the current context can be read from. What it can do is asked each time: see readback_bind. */
static bool readback_enter(Readback *read) {
    SDL_GLContext current = SDL_GL_GetCurrentContext();
    if (!current || !gl_load(&read->gl)) {
        return false;
    }
    if (read->context != current) {
        readback_forget(read);
        read->context = current;
        read->contexts++;
    }
    return true;
}

/** Begins to read what has been drawn: size, masks and view are those of `read->shot`. */
static void readback_begin(Readback *read) {
    const Gl *gl = &read->gl;
    read->shot.format = SR_PIXELS_RGBA;
    read->shot.flags = SR_FRAME_BOTTOM_UP;
    read->shot.stride = read->shot.width * 4;
    const GlState before = gl_prepare(gl);
    if (readback_reserve(read, (ptrdiff_t)read->shot.stride * read->shot.height)) {
        gl->ReadPixels(0, 0, read->shot.width, read->shot.height, SR_GL_RGBA, SR_GL_UNSIGNED_BYTE, NULL);
        read->fence = gl->FenceSync ? gl->FenceSync(SR_GL_SYNC_GPU_COMMANDS_COMPLETE, 0) : NULL;
        read->is_pending = true;
        read->is_flushed = false;
        read->age = 0;
    } else {
        if (gl->GenBuffers) {
            gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, 0);
        }
        readback_plain(read);
    }
    gl_restore(gl, &before);
}

#endif
