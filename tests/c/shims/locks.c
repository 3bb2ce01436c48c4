/* LD_PRELOAD: the thread sr-encoder ends the program when it takes a lock of the C library. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int pthread_mutex_lock(pthread_mutex_t *lock) {
    static int (*real)(pthread_mutex_t *);
    char name[16] = "";
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    }
    if (pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strcmp(name, "sr-encoder") == 0) {
        fputs("sr-encoder takes a lock\n", stderr);
        abort();
    }
    return real(lock);
}
