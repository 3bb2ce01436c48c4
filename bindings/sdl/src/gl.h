/* The functions of OpenGL and OpenGL ES that read a frame back, found at run time: nothing more is linked. */
#ifndef SESSION_REPLAY_SDL_GL_H
#define SESSION_REPLAY_SDL_GL_H

#include <SDL.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32) && !defined(_WIN64)
#define SR_GL_CALL __stdcall
#else
#define SR_GL_CALL
#endif

/* OpenGL's names, as few as are needed: its headers differ from system to system. */
enum {
    SR_GL_PACK_SWAP_BYTES = 0x0D00,
    SR_GL_PACK_LSB_FIRST = 0x0D01,
    SR_GL_PACK_ROW_LENGTH = 0x0D02,
    SR_GL_PACK_SKIP_ROWS = 0x0D03,
    SR_GL_PACK_SKIP_PIXELS = 0x0D04,
    SR_GL_PACK_ALIGNMENT = 0x0D05,
    SR_GL_READ_BUFFER = 0x0C02,
    SR_GL_FRONT = 0x0404,
    SR_GL_BACK = 0x0405,
    SR_GL_DOUBLEBUFFER = 0x0C32,
    SR_GL_UNSIGNED_BYTE = 0x1401,
    SR_GL_RGBA = 0x1908,
    SR_GL_VERSION = 0x1F02,
    SR_GL_BUFFER_SIZE = 0x8764,
    SR_GL_BUFFER_USAGE = 0x8765,
    SR_GL_READ_ONLY = 0x88B8,
    SR_GL_STREAM_READ = 0x88E1,
    SR_GL_PIXEL_PACK_BUFFER = 0x88EB,
    SR_GL_PIXEL_PACK_BUFFER_BINDING = 0x88ED,
    SR_GL_FRAMEBUFFER_BINDING = 0x8CA6,
    SR_GL_READ_FRAMEBUFFER = 0x8CA8,
    SR_GL_DRAW_FRAMEBUFFER = 0x8CA9,
    SR_GL_READ_FRAMEBUFFER_BINDING = 0x8CAA,
    SR_GL_FRAMEBUFFER = 0x8D40,
    SR_GL_SYNC_GPU_COMMANDS_COMPLETE = 0x9117,
    SR_GL_ALREADY_SIGNALED = 0x911A,
    SR_GL_CONDITION_SATISFIED = 0x911C,
    SR_GL_MAP_READ_BIT = 1,
    SR_GL_SYNC_FLUSH_COMMANDS_BIT = 1
};

/** What a context can do: a function that is not there, or not to be used, is NULL. */
typedef struct {
    bool is_es;
    int version; /* 10 × major + minor */
    bool has_pack_rows, has_separate_framebuffers;
    const unsigned char *(SR_GL_CALL *GetString)(unsigned name);
    void (SR_GL_CALL *GetIntegerv)(unsigned name, int *value);
    void (SR_GL_CALL *PixelStorei)(unsigned name, int value);
    void (SR_GL_CALL *ReadPixels)(int x, int y, int width, int height, unsigned format, unsigned type, void *pixels);
    void (SR_GL_CALL *ReadBuffer)(unsigned buffer);
    void (SR_GL_CALL *BindFramebuffer)(unsigned target, unsigned name);
    void (SR_GL_CALL *GenBuffers)(int count, unsigned *names);
    void (SR_GL_CALL *DeleteBuffers)(int count, const unsigned *names);
    unsigned char (SR_GL_CALL *IsBuffer)(unsigned name);
    void (SR_GL_CALL *BindBuffer)(unsigned target, unsigned name);
    void (SR_GL_CALL *BufferData)(unsigned target, ptrdiff_t size, const void *data, unsigned usage);
    void (SR_GL_CALL *GetBufferParameteriv)(unsigned target, unsigned name, int *value);
    void *(SR_GL_CALL *MapBufferRange)(unsigned target, ptrdiff_t offset, ptrdiff_t length, unsigned access);
    void *(SR_GL_CALL *MapBuffer)(unsigned target, unsigned access);
    unsigned char (SR_GL_CALL *UnmapBuffer)(unsigned target);
    void *(SR_GL_CALL *FenceSync)(unsigned condition, unsigned flags);
    unsigned (SR_GL_CALL *ClientWaitSync)(void *fence, unsigned flags, uint64_t nanoseconds);
    void (SR_GL_CALL *DeleteSync)(void *fence);
} Gl;

/** A function by its name. A pointer to data does not become one to a function in ISO C: its bytes do. */
static void gl_find(void *function, const char *name) {
    void *found = SDL_GL_GetProcAddress(name);
    memcpy(function, &found, sizeof found);
}

#define SR_GL_FIND(gl, name) gl_find(&(gl)->name, "gl" #name)

/** The version that a text like "3.3 (Core Profile) Mesa" or "OpenGL ES 3.2 Mesa" says. */
static int gl_version(const char *text, bool *is_es) {
    *is_es = strncmp(text, "OpenGL ES", 9) == 0;
    const char *number = text + strcspn(text, "0123456789");
    char *rest = NULL;
    const long major = strtol(number, &rest, 10);
    const long minor = rest && *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;
    return major > 0 && major < 100 ? (int)(major * 10 + (minor > 9 ? 9 : minor)) : 0;
}

/** Pixel buffers and what they need, or none of it. */
static void gl_find_buffers(Gl *gl) {
    const bool has_map_range = gl->version >= 30 || (!gl->is_es && SDL_GL_ExtensionSupported("GL_ARB_map_buffer_range"));
    SR_GL_FIND(gl, GenBuffers);
    SR_GL_FIND(gl, DeleteBuffers);
    SR_GL_FIND(gl, IsBuffer);
    SR_GL_FIND(gl, BindBuffer);
    SR_GL_FIND(gl, BufferData);
    SR_GL_FIND(gl, GetBufferParameteriv);
    SR_GL_FIND(gl, UnmapBuffer);
    if (has_map_range) {
        SR_GL_FIND(gl, MapBufferRange);
    } else {
        SR_GL_FIND(gl, MapBuffer);
    }
    const bool is_whole = gl->DeleteBuffers && gl->IsBuffer && gl->BindBuffer && gl->BufferData && gl->GetBufferParameteriv &&
                          gl->UnmapBuffer && (gl->MapBufferRange || gl->MapBuffer);
    if (!is_whole) {
        gl->GenBuffers = NULL;
    }
    if (gl->is_es ? gl->version >= 30 : gl->version >= 32 || SDL_GL_ExtensionSupported("GL_ARB_sync")) {
        SR_GL_FIND(gl, FenceSync);
        SR_GL_FIND(gl, ClientWaitSync);
        SR_GL_FIND(gl, DeleteSync);
    }
    if (!gl->ClientWaitSync || !gl->DeleteSync) {
        gl->FenceSync = NULL;
    }
}

/** What the current context can do; false when it can't even be read. */
static bool gl_load(Gl *gl) {
    memset(gl, 0, sizeof *gl);
    SR_GL_FIND(gl, GetString);
    SR_GL_FIND(gl, GetIntegerv);
    SR_GL_FIND(gl, PixelStorei);
    SR_GL_FIND(gl, ReadPixels);
    const char *version = gl->GetString ? (const char *)gl->GetString(SR_GL_VERSION) : NULL;
    if (!version || !gl->GetIntegerv || !gl->PixelStorei || !gl->ReadPixels) {
        return false;
    }
    gl->version = gl_version(version, &gl->is_es);
    gl->has_pack_rows = !gl->is_es || gl->version >= 30;
    if (!gl->is_es || gl->version >= 30) {
        SR_GL_FIND(gl, ReadBuffer);
    }
    gl->has_separate_framebuffers = gl->version >= 30 || (!gl->is_es && SDL_GL_ExtensionSupported("GL_ARB_framebuffer_object"));
    if (gl->has_separate_framebuffers || gl->is_es) {
        SR_GL_FIND(gl, BindFramebuffer);
    } else if (SDL_GL_ExtensionSupported("GL_EXT_framebuffer_object")) {
        gl_find(&gl->BindFramebuffer, "glBindFramebufferEXT");
    }
    /* Functions are found in contexts that don't have them: what counts is the version. */
    if (gl->is_es ? gl->version >= 30 : gl->version >= 21 || SDL_GL_ExtensionSupported("GL_ARB_pixel_buffer_object")) {
        gl_find_buffers(gl);
    }
    return true;
}

#endif
