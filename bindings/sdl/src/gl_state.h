/* What reading a frame changes in a context, and puts back. */
#ifndef SESSION_REPLAY_SDL_GL_STATE_H
#define SESSION_REPLAY_SDL_GL_STATE_H

#include "gl.h"

typedef struct {
    int framebuffer, read_buffer, drawn_buffer, pack_buffer;
    int pack[6];
} GlState;

/** Each with the value that it is read with; the first alone is there in OpenGL ES 2, the first four in OpenGL ES 3. */
static const struct {
    unsigned name;
    int value;
} gl_pack[6] = {
    {SR_GL_PACK_ALIGNMENT, 4}, {SR_GL_PACK_ROW_LENGTH, 0}, {SR_GL_PACK_SKIP_ROWS, 0},
    {SR_GL_PACK_SKIP_PIXELS, 0}, {SR_GL_PACK_SWAP_BYTES, 0}, {SR_GL_PACK_LSB_FIRST, 0},
};

static int gl_pack_count(const Gl *gl) { return !gl->has_pack_rows ? 1 : gl->is_es ? 4 : 6; }

static int gl_get(const Gl *gl, unsigned name) {
    int value = 0;
    gl->GetIntegerv(name, &value);
    return value;
}

/**
 * The buffer of the window itself that holds what was drawn: the back one, where there are two. OpenGL says so of the framebuffer
 * that is drawn to, and OpenGL ES, which knows the back buffer alone, does not say it.
 */
static int gl_drawn_buffer(const Gl *gl) {
    if (gl->is_es) {
        return SR_GL_BACK;
    }
    const int drawn_to = gl->has_separate_framebuffers ? gl_get(gl, SR_GL_FRAMEBUFFER_BINDING) : 0;
    if (drawn_to != 0) {
        gl->BindFramebuffer(SR_GL_DRAW_FRAMEBUFFER, 0);
    }
    const int is_double = gl_get(gl, SR_GL_DOUBLEBUFFER);
    if (drawn_to != 0) {
        gl->BindFramebuffer(SR_GL_DRAW_FRAMEBUFFER, (unsigned)drawn_to);
    }
    return is_double ? SR_GL_BACK : SR_GL_FRONT;
}

/** Makes the window's own framebuffer the one that is read, without gaps between rows, into memory. */
static GlState gl_prepare(const Gl *gl) {
    GlState before;
    memset(&before, 0, sizeof before);
    if (gl->BindFramebuffer) {
        const bool is_separate = gl->has_separate_framebuffers;
        before.framebuffer = gl_get(gl, is_separate ? SR_GL_READ_FRAMEBUFFER_BINDING : SR_GL_FRAMEBUFFER_BINDING);
        if (before.framebuffer != 0) {
            gl->BindFramebuffer(is_separate ? SR_GL_READ_FRAMEBUFFER : SR_GL_FRAMEBUFFER, 0);
        }
    }
    if (gl->ReadBuffer) {
        before.drawn_buffer = gl_drawn_buffer(gl);
        before.read_buffer = gl_get(gl, SR_GL_READ_BUFFER);
        if (before.read_buffer != before.drawn_buffer) {
            gl->ReadBuffer((unsigned)before.drawn_buffer);
        }
    }
    for (int at = 0; at < gl_pack_count(gl); ++at) {
        before.pack[at] = gl_get(gl, gl_pack[at].name);
        if (before.pack[at] != gl_pack[at].value) {
            gl->PixelStorei(gl_pack[at].name, gl_pack[at].value);
        }
    }
    if (gl->GenBuffers) {
        before.pack_buffer = gl_get(gl, SR_GL_PIXEL_PACK_BUFFER_BINDING);
        gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, 0);
    }
    return before;
}

static void gl_restore(const Gl *gl, const GlState *before) {
    if (gl->GenBuffers) {
        gl->BindBuffer(SR_GL_PIXEL_PACK_BUFFER, (unsigned)before->pack_buffer);
    }
    for (int at = 0; at < gl_pack_count(gl); ++at) {
        if (before->pack[at] != gl_pack[at].value) {
            gl->PixelStorei(gl_pack[at].name, before->pack[at]);
        }
    }
    if (gl->ReadBuffer && before->read_buffer != before->drawn_buffer) {
        gl->ReadBuffer((unsigned)before->read_buffer);
    }
    if (gl->BindFramebuffer && before->framebuffer != 0) {
        gl->BindFramebuffer(gl->has_separate_framebuffers ? SR_GL_READ_FRAMEBUFFER : SR_GL_FRAMEBUFFER, (unsigned)before->framebuffer);
    }
}

#endif
