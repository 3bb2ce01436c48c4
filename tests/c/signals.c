/* A host that lives by signals: its handlers run on its own threads only, and no signal makes the library give up the
 * storage directory. */
#define _GNU_SOURCE

#include "check.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

static pthread_t host;
static atomic_int handled, elsewhere;

static void handle(int signal) {
    (void)signal;
    atomic_fetch_add(&handled, 1);
    atomic_fetch_add(&elsewhere, !pthread_equal(pthread_self(), host));
}

#ifdef __linux__
/* Of the library's threads the host's signals are kept away, but for those that a thread raises itself, and for the two that
 * the C library uses inside. */
static int look_at_masks(void) {
    static const int open[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, 32, 33};
    DIR *threads = opendir("/proc/self/task");
    CHECK(threads != NULL);
    int seen = 0;
    for (struct dirent *thread; (thread = readdir(threads)) != NULL;) {
        char path[300], line[200], name[64] = "";
        unsigned long long blocked = 0;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", thread->d_name);
        FILE *status = fopen(path, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL) {
            (void)sscanf(line, "Name: %63s", name);
            (void)sscanf(line, "SigBlk: %llx", &blocked);
        }
        if (status != NULL) {
            (void)fclose(status);
        }
        if (strncmp(name, "sr-", 3) == 0) {
            seen++;
            unsigned long long expected = ~0ULL & ~(1ULL << (SIGKILL - 1)) & ~(1ULL << (SIGSTOP - 1));
            for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
                expected &= ~(1ULL << (open[i] - 1));
            }
            /* musl keeps 34 for itself, too. */
            const unsigned long long apart = blocked ^ expected;
            if ((apart & ~(1ULL << 33)) != 0) {
                fprintf(stderr, "%s blocks %llx, not %llx\n", name, blocked, expected);
                exit(1);
            }
        }
    }
    (void)closedir(threads);
    return seen;
}
#else
static int look_at_masks(void) { return 3; }
#endif

int main(int count, char **arguments) {
    CHECK(count == 3);
    host = pthread_self();
    char more[1024];
    snprintf(more, sizeof more, ", \"storageDir\": \"%s\", \"storageLimitBytes\": 50000000", arguments[2]);
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(sr_init("key", options_with(arguments[1], more)) == SR_OK);

    /* sr-encoder, too, which begins with the first frame. */
    static uint32_t pixels[64 * 64];
    const sr_frame frame = {.size = sizeof frame, .format = SR_PIXELS_BGRA, .view = 1, .width = 64, .height = 64, .pixels = pixels, .length = sizeof pixels};
    CHECK(sr_view_frame(&frame) == SR_OK);
    /* A thread has its name a moment after it began. */
    int tries = 0;
    while (look_at_masks() < 3) {
        CHECK((uint32_t)++tries * 10 < within_ms(10000));
        usleep(10000);
    }

    /* The host's own mask is as it was. */
    sigset_t mask, usr1;
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0);
    CHECK(sigismember(&mask, SIGUSR1) == 0 && sigismember(&mask, SIGALRM) == 0);

    /* A signal to the process, while its one thread does not want it: whoever else would take it takes it now. */
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    CHECK(pthread_sigmask(SIG_BLOCK, &usr1, NULL) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    usleep(50000);
    CHECK(atomic_load(&handled) == 0);
    CHECK(pthread_sigmask(SIG_UNBLOCK, &usr1, NULL) == 0);
    CHECK(atomic_load(&handled) == 1 && atomic_load(&elsewhere) == 0);

    /* System calls are interrupted all the time. */
    const struct itimerval often = {{0, 50}, {0, 50}};
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    for (int i = 1; i < 1000; i++) {
        /* Faster than the library's own thread can keep chunks ready: this one has to make them. */
        CHECK(sr_set_session_id(1732300000000 + i) >= 0);
        pixels[i]++;
        CHECK(sr_view_frame(&frame) == SR_OK);
        char *stats = sr_stats();
        CHECK(strstr(stats, "\"kind\":\"disk\"") != NULL);
        sr_string_free(stats);
    }
    const struct itimerval never = {{0, 0}, {0, 0}};
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    CHECK(atomic_load(&elsewhere) == 0);
    (void)sr_shutdown(1);
    return 0;
}
