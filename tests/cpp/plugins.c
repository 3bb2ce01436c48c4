/* Loads two plugins. "apart": each has the library inside, and they do not disturb each other. "shared": both use the same
 * shared library, where recording is one, and its owner is whoever began it last. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../c/check_plain.h"

struct plugin {
    void *handle;
    int (*start)(const char *, const char *);
    int (*go)(void);
    int (*logged)(void);
    int (*stop)(void);
    void (*forget)(void);
};

static struct plugin load(const char *path, int flags) {
    struct plugin plugin = {.handle = dlopen(path, RTLD_NOW | flags)};
    if (plugin.handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    *(void **)&plugin.start = dlsym(plugin.handle, "plugin_start");
    *(void **)&plugin.go = dlsym(plugin.handle, "plugin_go");
    *(void **)&plugin.logged = dlsym(plugin.handle, "plugin_logged");
    *(void **)&plugin.stop = dlsym(plugin.handle, "plugin_stop");
    *(void **)&plugin.forget = dlsym(plugin.handle, "plugin_forget");
    CHECK(plugin.start != NULL && plugin.forget != NULL);
    return plugin;
}

int main(int count, char **arguments) {
    CHECK(count == 6);
    const char *server = arguments[2];
    const int flags = strcmp(arguments[5], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL;
    struct plugin a = load(arguments[3], flags), b = load(arguments[4], flags);
    if (strcmp(arguments[1], "apart") == 0) {
        CHECK(a.start(server, "plugin-a") == 0 && b.start(server, "plugin-b") == 0);
        CHECK(a.go() == 0 && b.go() == 0);
        CHECK(a.stop() == 0 && b.go() == 0 && b.stop() == 0);
        a.forget();
        b.forget();
    } else {
        CHECK(a.start(server, "plugin-a") == 0);
        CHECK(b.start(server, "plugin-b") == -2);
        CHECK(a.go() == 0 && a.stop() == 0 && a.stop() == -1);
        CHECK(b.start(server, "plugin-b") == 0);
        /* The other's object outlives its recording: its end is not the end of this one, nor of what it hears. */
        CHECK(a.stop() == -1);
        a.forget();
        const int before = b.logged();
        CHECK(b.go() == 0 && b.stop() == 0 && b.logged() > before);
        b.forget();
    }
    CHECK(dlclose(a.handle) == 0 && dlclose(b.handle) == 0);
    puts("fine");
    return 0;
}
