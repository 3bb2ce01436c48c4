/* Hosts that do their worst to the adapter. What is wrong here, sanitizers say, or a line of CHECK().
 *   hostile SERVER */
#include "../c/check_plain.h"

#include <session_replay_sdl.h>

#include <SDL_opengl.h>
#include <SDL_opengl_glext.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SDL_Window *new_window(Uint32 flags) {
    SDL_Window *window = SDL_CreateWindow("hostile", 20, 20, 320, 200, SDL_WINDOW_OPENGL | flags);
    CHECK(window);
    return window;
}

static void *function(const char *name) { return SDL_GL_GetProcAddress(name); }

typedef GLenum(APIENTRY *get_error)(void);
#define CALL(type, name, variable)                     \
    type variable;                                     \
    do {                                               \
        void *found_##variable = function(name);       \
        memcpy(&variable, &found_##variable, sizeof variable); \
    } while (0)

/* A frame that is read: it is on its way when this returns. */
static void frame_wanted(SDL_Window *window) {
    for (int at = 0; at < 500 && !sr_sdl_wants_frame(window); ++at) {
        sr_sdl_frame(window); /* One may be on its way. */
        SDL_Delay(5);
        SDL_PumpEvents();
    }
    CHECK(sr_sdl_wants_frame(window));
    sr_sdl_frame(window);
    CHECK(!sr_sdl_wants_frame(window));
}

static void frames(SDL_Window *window, int count) {
    for (int at = 0; at < count; ++at) {
        sr_sdl_frame(window);
        SDL_GL_SwapWindow(window);
        SDL_PumpEvents();
        SDL_Delay(5);
    }
}

/* The window is destroyed while a frame is on its way, and another one is made: maybe at the same address. */
static void destroyed_while_pending(void) {
    for (int round = 0; round < 4; ++round) {
        SDL_Window *window = new_window(0);
        SDL_GLContext context = SDL_GL_CreateContext(window);
        CHECK(sr_sdl_attach(window));
        const uint64_t view = sr_sdl_view_of(window);
        CHECK(view != 0);
        frame_wanted(window);
        SDL_GL_DeleteContext(context);
        SDL_DestroyWindow(window);
        sr_sdl_wait_ms();
        SDL_Window *next = new_window(0);
        CHECK(sr_sdl_view_of(next) == 0);
        CHECK(sr_sdl_attach(next) && sr_sdl_view_of(next) != view);
        context = SDL_GL_CreateContext(next);
        frames(next, 5);
        sr_sdl_detach(next);
        SDL_GL_DeleteContext(context);
        SDL_DestroyWindow(next);
    }
}

/* The context is deleted while a frame is on its way, and the next one has buffers of the host's with the same names. */
static void context_replaced(void) {
    SDL_Window *window = new_window(0);
    CHECK(sr_sdl_attach(window));
    for (int round = 0; round < 60; ++round) {
        if (round % 12 == 11) { /* After 16 contexts it has no buffers any more. */
            sr_sdl_detach(window);
            CHECK(sr_sdl_attach(window));
        }
        SDL_GLContext context = SDL_GL_CreateContext(window); /* Often at the address of the one before. */
        CALL(PFNGLGENBUFFERSPROC, "glGenBuffers", generate);
        CALL(PFNGLBINDBUFFERPROC, "glBindBuffer", bind);
        CALL(PFNGLBUFFERDATAPROC, "glBufferData", fill);
        CALL(PFNGLGETBUFFERPARAMETERIVPROC, "glGetBufferParameteriv", ask);
        GLuint names[64];
        const int count = 1 + round; /* The last one has the adapter's name of before. */
        generate(count, names);
        for (int at = 0; at < count; ++at) {
            bind(GL_PIXEL_PACK_BUFFER, names[at]);
            fill(GL_PIXEL_PACK_BUFFER, 320 * 200 * 4, NULL, GL_STREAM_READ);
        }
        bind(GL_PIXEL_PACK_BUFFER, 0);
        frame_wanted(window);
        for (int at = 0; at < count; ++at) {
            GLint size = 0, usage = 0;
            bind(GL_PIXEL_PACK_BUFFER, names[at]);
            ask(GL_PIXEL_PACK_BUFFER, GL_BUFFER_SIZE, &size);
            ask(GL_PIXEL_PACK_BUFFER, GL_BUFFER_USAGE, &usage);
            CHECK(size == 320 * 200 * 4 && usage == GL_STREAM_READ);
        }
        bind(GL_PIXEL_PACK_BUFFER, 0);
        CALL(get_error, "glGetError", last_error);
        CHECK(last_error() == 0);
        if (round % 3 == 0) {
            frames(window, 2);
        }
        SDL_GL_DeleteContext(context);
    }
    sr_sdl_detach(window);
    SDL_DestroyWindow(window);
}

/* Two windows with one context, and one window with two. */
static void contexts_shared(void) {
    SDL_Window *one = new_window(0), *other = new_window(0);
    SDL_GLContext first = SDL_GL_CreateContext(one), second = SDL_GL_CreateContext(one);
    CHECK(sr_sdl_attach(one) && sr_sdl_attach(other) && sr_sdl_attach(one));
    for (int at = 0; at < 120; ++at) {
        SDL_Window *window = at % 2 ? one : other;
        SDL_GL_MakeCurrent(window, at % 3 ? first : second);
        frames(window, 1);
        sr_sdl_frame(at % 2 ? other : one); /* Whose context is not current. */
    }
    SDL_GL_MakeCurrent(one, NULL);
    sr_sdl_frame(one);
    sr_sdl_wait_ms();
    sr_sdl_detach(one);
    SDL_GL_DeleteContext(second);
    SDL_GL_DeleteContext(first);
    SDL_DestroyWindow(other);
    sr_sdl_frame(one);
    SDL_DestroyWindow(one);
    CHECK(sr_sdl_wait_ms() == -1);
}

/* It grows and shrinks while frames are on their way, with more and more masks, and is minimized. */
static void resized(void) {
    SDL_Window *window = new_window(SDL_WINDOW_RESIZABLE);
    SDL_GLContext context = SDL_GL_CreateContext(window);
    CHECK(sr_sdl_attach(window));
    sr_mask masks[64];
    memset(masks, 0, sizeof masks);
    for (int at = 0; at < 64; ++at) {
        masks[at].size = sizeof masks[at];
        masks[at].rect = (sr_rect){at * 1000000, -at * 1000, at - 32, 5 + at};
    }
    for (int at = 0; at < 40; ++at) {
        SDL_SetWindowSize(window, 1 + at * 37 % 600, 1 + at * 91 % 500);
        for (int more = 0; more < at; ++more) {
            sr_sdl_mask(window, masks, 64, SR_FRAME_MASKS_KNOWN); /* In the end more than 1024: no frame then. */
        }
        sr_sdl_mask(window, NULL, 0, 0);
        frames(window, 3);
        if (at == 20) {
            SDL_MinimizeWindow(window);
        } else if (at == 25) {
            SDL_RestoreWindow(window);
        }
    }
    sr_sdl_detach(window);
    sr_sdl_detach(window);
    SDL_GL_DeleteContext(context);
    SDL_DestroyWindow(window);
}

static int SDLCALL push_events(void *window) {
    for (int at = 0; at < 400; ++at) {
        SDL_Event event;
        memset(&event, 0, sizeof event);
        event.type = at % 3 == 0 ? SDL_MOUSEMOTION : at % 3 == 1 ? SDL_KEYDOWN : SDL_FINGERDOWN;
        event.motion.windowID = at % 2 ? *(Uint32 *)window : 0xffffffff;
        event.key.keysym.sym = at % 5 ? SDLK_a + at % 20 : SDLK_RETURN;
        event.key.keysym.mod = (Uint16)(at * 77);
        SDL_PushEvent(&event);
    }
    return 0;
}

/* Events are pushed by another thread while frames are drawn; SDL and the recorder end, and begin again. */
static void other_threads(const char *options) {
    SDL_Window *window = new_window(0);
    SDL_GLContext context = SDL_GL_CreateContext(window);
    Uint32 id = SDL_GetWindowID(window);
    CHECK(sr_sdl_attach(window));
    SDL_Thread *thread = SDL_CreateThread(push_events, "events", &id);
    frames(window, 60);
    SDL_WaitThread(thread, NULL);
    CHECK(sr_shutdown(10000) == SR_OK);
    frames(window, 10);
    CHECK(sr_sdl_wait_ms() == -1);
    CHECK(sr_init("api-key", options) == SR_OK);
    sr_set_session_id(1732300000001);
    frame_wanted(window);
    sr_sdl_frame(window);
    SDL_GL_DeleteContext(context);
    SDL_Quit(); /* Destroys the window. */
    CHECK(sr_sdl_wait_ms() == -1);
    CHECK(SDL_Init(SDL_INIT_VIDEO) == 0);
    window = new_window(0);
    context = SDL_GL_CreateContext(window);
    CHECK(sr_sdl_attach(window));
    frame_wanted(window);
    frames(window, 4);
    sr_sdl_detach(window);
    SDL_GL_DeleteContext(context);
    SDL_DestroyWindow(window);
}

static SDL_atomic_t is_over;

static int SDLCALL push_until_over(void *unused) {
    SDL_Event event;
    memset(&event, 0, sizeof event);
    event.type = SDL_USEREVENT;
    while (!SDL_AtomicGet(&is_over)) {
        SDL_PushEvent(&event);
    }
    return (int)(intptr_t)unused;
}

/* SDL calls its watches under a lock of its own, on another thread than the one that attaches. */
static void attached_while_events_come(void) {
    SDL_Window *window = new_window(0);
    SDL_AtomicSet(&is_over, 0);
    SDL_Thread *thread = SDL_CreateThread(push_until_over, "events", NULL);
    for (int round = 0; round < 3000; ++round) {
        CHECK(sr_sdl_attach(window));
        sr_sdl_detach(window);
        SDL_FlushEvent(SDL_USEREVENT);
    }
    SDL_AtomicSet(&is_over, 1);
    SDL_WaitThread(thread, NULL);
    SDL_DestroyWindow(window);
}

/* Whether a frame is read is said once: the host has named masks for it, or has not. */
static void an_answer_holds(void) {
    SDL_Window *window = new_window(0);
    SDL_GLContext context = SDL_GL_CreateContext(window);
    CHECK(sr_sdl_attach(window));
    frame_wanted(window);
    sr_sdl_frame(window);
    CHECK(!sr_sdl_wants_frame(window)); /* It was read a moment ago. */
    SDL_Delay(1500);
    frames(window, 1); /* It is wanted by now, and was refused when the host asked. */
    CHECK(sr_sdl_wants_frame(window));
    sr_sdl_detach(window);
    SDL_GL_DeleteContext(context);
    SDL_DestroyWindow(window);
}

/* Too many, and none. */
static void misused(void) {
    SDL_Window *list[66];
    CHECK(!sr_sdl_attach(NULL) && sr_sdl_view_of(NULL) == 0 && !sr_sdl_wants_frame(NULL));
    sr_sdl_frame(NULL);
    sr_sdl_detach(NULL);
    CHECK(!sr_sdl_mask(NULL, NULL, 3, 0));
    sr_sdl_surface_frame(NULL, NULL);
    for (int at = 0; at < 66; ++at) {
        list[at] = SDL_CreateWindow("many", 0, 0, 20, 20, SDL_WINDOW_HIDDEN);
        CHECK(sr_sdl_attach(list[at]) == (at < 64));
        sr_sdl_surface_frame(list[at], NULL);
        sr_sdl_frame(list[at]);
        sr_sdl_mask(list[at], NULL, 3, 0);
    }
    for (int at = 0; at < 66; ++at) {
        SDL_DestroyWindow(list[at]);
    }
    CHECK(sr_sdl_wait_ms() == -1);
}

int main(int count, char **arguments) {
    char options[512];
    CHECK(count >= 2);
    snprintf(options, sizeof options,
             "{\"deviceId\": \"sdl-hostile\", \"sampleRate\": 1, \"enableRemoteConfig\": false, \"frameIntervalMs\": 100, \"trackServerUrl\": \"%s/sessions/v2/track\"}",
             arguments[1]);
    CHECK(SDL_Init(SDL_INIT_VIDEO) == 0);
    misused(); /* Before sr_init, too. */
    CHECK(sr_init("api-key", options) == SR_OK);
    sr_set_session_id(1732300000000);
    misused();
    destroyed_while_pending();
    context_replaced();
    contexts_shared();
    resized();
    an_answer_holds();
    attached_while_events_come();
    other_threads(options);
    SDL_Quit();
    CHECK(sr_shutdown(10000) == SR_OK);
    puts("done");
    return 0;
}
