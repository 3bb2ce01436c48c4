/* A frame of each kind of context, and what is left of its state.
 *   contexts SERVER SESSION KIND
 * KIND: core33, compat, es3, es2: a context of OpenGL; renderer, letterbox, surface. Draws four quarters: red and green above,
 * blue and white below; a part of the red one is masked. What is wrong, a line says. SR_NO_BUFFERS: it has no pixel buffers. */
#include "../c/check_plain.h"

#include <session_replay_sdl.h>

#include <SDL_opengl.h>
#include <SDL_opengl_glext.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 256, HEIGHT = 192 };

/* The functions of OpenGL that are used here, of whichever library. */
#define FUNCTIONS(each)                                                                                                       \
    each(PFNGLGETERRORPROC_, glGetError) each(PFNGLGETINTEGERVPROC_, glGetIntegerv) each(PFNGLPIXELSTOREIPROC_, glPixelStorei) \
    each(PFNGLSCISSORPROC_, glScissor) each(PFNGLENABLEPROC_, glEnable) each(PFNGLDISABLEPROC_, glDisable)                     \
    each(PFNGLCLEARCOLORPROC_, glClearColor) each(PFNGLCLEARPROC_, glClear) each(PFNGLREADBUFFERPROC_, glReadBuffer)          \
    each(PFNGLGETSTRINGPROC_, glGetString)                                                                                    \
    each(PFNGLGENBUFFERSPROC, glGenBuffers) each(PFNGLBINDBUFFERPROC, glBindBuffer) each(PFNGLBUFFERDATAPROC, glBufferData)   \
    each(PFNGLGENFRAMEBUFFERSPROC, glGenFramebuffers) each(PFNGLBINDFRAMEBUFFERPROC, glBindFramebuffer)                       \
    each(PFNGLGETBUFFERPARAMETERIVPROC, glGetBufferParameteriv)
typedef GLenum(APIENTRY *PFNGLGETERRORPROC_)(void);
typedef void(APIENTRY *PFNGLGETINTEGERVPROC_)(GLenum, GLint *);
typedef void(APIENTRY *PFNGLPIXELSTOREIPROC_)(GLenum, GLint);
typedef void(APIENTRY *PFNGLSCISSORPROC_)(GLint, GLint, GLsizei, GLsizei);
typedef void(APIENTRY *PFNGLENABLEPROC_)(GLenum);
typedef void(APIENTRY *PFNGLDISABLEPROC_)(GLenum);
typedef void(APIENTRY *PFNGLCLEARCOLORPROC_)(GLfloat, GLfloat, GLfloat, GLfloat);
typedef void(APIENTRY *PFNGLCLEARPROC_)(GLbitfield);
typedef void(APIENTRY *PFNGLREADBUFFERPROC_)(GLenum);
typedef const GLubyte *(APIENTRY *PFNGLGETSTRINGPROC_)(GLenum);
#define DECLARE(type, name) type name;
static struct {
    FUNCTIONS(DECLARE)
} gl;

static void load(void) {
    void *found;
#define LOAD(type, name)                      \
    found = SDL_GL_GetProcAddress(#name);     \
    memcpy(&gl.name, &found, sizeof found);
    FUNCTIONS(LOAD)
}

static const int quarters[4][3] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};

static void draw_gl(int width, int height) {
    gl.glEnable(GL_SCISSOR_TEST);
    for (int at = 0; at < 4; ++at) {
        const bool is_above = at < 2;
        gl.glScissor(at % 2 * width / 2, is_above ? height / 2 : 0, width / 2, height / 2);
        gl.glClearColor(quarters[at][0] / 255.0F, quarters[at][1] / 255.0F, quarters[at][2] / 255.0F, 1);
        gl.glClear(GL_COLOR_BUFFER_BIT);
    }
    gl.glDisable(GL_SCISSOR_TEST);
}

/* All that could be touched. In OpenGL ES 2 there is less of it. */
enum { STATES = 9 };
static const GLenum states[STATES] = {GL_FRAMEBUFFER_BINDING, GL_PACK_ALIGNMENT, GL_READ_FRAMEBUFFER_BINDING, GL_PIXEL_PACK_BUFFER_BINDING,
                                      GL_PIXEL_UNPACK_BUFFER_BINDING, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS, GL_PACK_SKIP_PIXELS, GL_READ_BUFFER};

static void read_state(int count, GLint *into) {
    for (int at = 0; at < count; ++at) {
        gl.glGetIntegerv(states[at], &into[at]);
    }
}

/* A host that leaves everything as it is inconvenient, and has its own buffer bound. */
static GLuint disturb(int count) {
    GLuint framebuffer = 0, buffer = 0;
    gl.glPixelStorei(GL_PACK_ALIGNMENT, 8);
    gl.glGenFramebuffers(1, &framebuffer);
    if (count > 2) {
        gl.glPixelStorei(GL_PACK_ROW_LENGTH, 1000);
        gl.glPixelStorei(GL_PACK_SKIP_ROWS, 3);
        gl.glPixelStorei(GL_PACK_SKIP_PIXELS, 5);
        gl.glGenBuffers(1, &buffer);
        gl.glBindBuffer(GL_PIXEL_PACK_BUFFER, buffer);
        gl.glBufferData(GL_PIXEL_PACK_BUFFER, 4096, NULL, GL_STREAM_READ);
        gl.glReadBuffer(GL_NONE);
    }
    gl.glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    CHECK(gl.glGetError() == 0);
    return buffer;
}

static const sr_mask mask = {sizeof mask, SR_MASK_HIDE, {WIDTH / 4, HEIGHT / 4, 16, 16}};

static void run_gl(SDL_Window *window, int count, Uint32 milliseconds) {
    GLint before[STATES], after[STATES], size = 0;
    int read = 0;
    const GLuint buffer = disturb(count);
    for (const Uint32 end = SDL_GetTicks() + milliseconds; !SDL_TICKS_PASSED(SDL_GetTicks(), end); SDL_Delay(10)) {
        GLint bound = 0;
        gl.glGetIntegerv(GL_FRAMEBUFFER_BINDING, &bound);
        gl.glBindFramebuffer(GL_FRAMEBUFFER, 0);
        draw_gl(WIDTH, HEIGHT);
        gl.glBindFramebuffer(GL_FRAMEBUFFER, (GLuint)bound);
        read += sr_sdl_wants_frame(window);
        sr_sdl_mask(window, &mask, 1, SR_FRAME_MASKS_KNOWN);
        read_state(count, before);
        sr_sdl_frame(window);
        read_state(count, after);
        CHECK(memcmp(before, after, (size_t)count * sizeof *before) == 0);
        CHECK(gl.glGetError() == 0);
        SDL_GL_SwapWindow(window);
        SDL_PumpEvents();
    }
    CHECK(read >= 2);
    if (count > 2) {
        gl.glGetBufferParameteriv(GL_PIXEL_PACK_BUFFER, GL_BUFFER_SIZE, &size);
        CHECK(size == 4096);
    }
    sr_record_custom("moment", "\"drawn\"");
    sr_sdl_detach(window);
    read_state(count, after);
    CHECK(memcmp(before, after, (size_t)count * sizeof *before) == 0);
    CHECK(gl.glGetError() == 0 && (count == 2 || buffer != 0));
}

static int is(const char *kind, const char *name) { return strcmp(kind, name) == 0; }

static void with_gl(const char *kind, Uint32 milliseconds) {
    const bool is_es = is(kind, "es3") || is(kind, "es2");
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, is_es               ? SDL_GL_CONTEXT_PROFILE_ES
                                                     : is(kind, "core33") ? SDL_GL_CONTEXT_PROFILE_CORE
                                                                          : SDL_GL_CONTEXT_PROFILE_COMPATIBILITY);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, is(kind, "es2") || is(kind, "compat") ? 2 : 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, is(kind, "core33") ? 3 : 0);
    SDL_Window *window = SDL_CreateWindow(kind, 40, 50, WIDTH, HEIGHT, SDL_WINDOW_OPENGL);
    CHECK(window);
    SDL_GLContext context = SDL_GL_CreateContext(window);
    CHECK(context);
    load();
    printf("%s: %s\n", kind, (const char *)gl.glGetString(GL_VERSION));
    CHECK(sr_sdl_attach(window));
    /* Some OpenGL ES 2 contexts are of OpenGL ES 3: what the version says is there counts. */
    const char *version = (const char *)gl.glGetString(GL_VERSION);
    run_gl(window, strncmp(version, "OpenGL ES 2", 11) == 0 || getenv("SR_NO_BUFFERS") ? 2 : STATES, milliseconds);
    SDL_GL_DeleteContext(context);
    SDL_DestroyWindow(window);
}

static void with_renderer(bool has_bars, Uint32 milliseconds) {
    SDL_Window *window = SDL_CreateWindow("renderer", 40, 50, WIDTH, HEIGHT, 0);
    CHECK(window);
    SDL_Renderer *renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
    CHECK(renderer && sr_sdl_attach(window));
    const SDL_Rect part = {10, 20, 30, 40};
    if (has_bars) {
        SDL_RenderSetLogicalSize(renderer, WIDTH, HEIGHT / 2);
    }
    for (const Uint32 end = SDL_GetTicks() + milliseconds; !SDL_TICKS_PASSED(SDL_GetTicks(), end); SDL_Delay(10)) {
        SDL_Rect before, after;
        const int height = has_bars ? HEIGHT / 2 : HEIGHT;
        if (!has_bars) {
            SDL_RenderSetViewport(renderer, NULL);
        }
        for (int at = 0; at < 4; ++at) {
            const SDL_Rect quarter = {at % 2 * WIDTH / 2, at / 2 * height / 2, WIDTH / 2, height / 2};
            SDL_SetRenderDrawColor(renderer, (Uint8)quarters[at][0], (Uint8)quarters[at][1], (Uint8)quarters[at][2], 255);
            SDL_RenderFillRect(renderer, &quarter);
        }
        if (!has_bars) {
            SDL_RenderSetViewport(renderer, &part);
        }
        SDL_RenderGetViewport(renderer, &before);
        sr_sdl_mask(window, &mask, 1, SR_FRAME_MASKS_KNOWN);
        sr_sdl_frame(window);
        SDL_RenderGetViewport(renderer, &after);
        CHECK(SDL_RectEquals(&before, &after));
        SDL_RenderPresent(renderer);
        SDL_PumpEvents();
    }
    SDL_DestroyRenderer(renderer);
    sr_record_custom("moment", "\"drawn\"");
    sr_sdl_detach(window);
    SDL_DestroyWindow(window);
}

static void with_surface(Uint32 milliseconds) {
    SDL_Window *window = SDL_CreateWindow("surface", 40, 50, WIDTH, HEIGHT, 0);
    CHECK(window && sr_sdl_attach(window));
    for (const Uint32 end = SDL_GetTicks() + milliseconds; !SDL_TICKS_PASSED(SDL_GetTicks(), end); SDL_Delay(10)) {
        SDL_Surface *surface = SDL_GetWindowSurface(window);
        CHECK(surface);
        for (int at = 0; at < 4; ++at) {
            const SDL_Rect quarter = {at % 2 * WIDTH / 2, at / 2 * HEIGHT / 2, WIDTH / 2, HEIGHT / 2};
            SDL_FillRect(surface, &quarter, SDL_MapRGB(surface->format, (Uint8)quarters[at][0], (Uint8)quarters[at][1], (Uint8)quarters[at][2]));
        }
        sr_sdl_mask(window, &mask, 1, SR_FRAME_MASKS_KNOWN);
        sr_sdl_surface_frame(window, surface);
        SDL_UpdateWindowSurface(window);
        SDL_PumpEvents();
    }
    sr_record_custom("moment", "\"drawn\"");
    sr_sdl_detach(window);
    SDL_DestroyWindow(window);
}

int main(int count, char **arguments) {
    char options[512];
    CHECK(count >= 4);
    snprintf(options, sizeof options,
             "{\"deviceId\": \"sdl-contexts\", \"sampleRate\": 1, \"enableRemoteConfig\": false, \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             arguments[1]);
    CHECK(sr_init("api-key", options) == SR_OK);
    sr_set_session_id(atoll(arguments[2]));
    CHECK(SDL_Init(SDL_INIT_VIDEO) == 0);
    const Uint32 milliseconds = 2500;
    if (is(arguments[3], "surface")) {
        with_surface(milliseconds);
    } else if (is(arguments[3], "renderer") || is(arguments[3], "letterbox")) {
        with_renderer(is(arguments[3], "letterbox"), milliseconds);
    } else {
        with_gl(arguments[3], milliseconds);
    }
    SDL_Quit();
    CHECK(sr_shutdown(10000) == SR_OK);
    puts("done");
    return 0;
}
