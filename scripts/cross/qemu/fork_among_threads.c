/* Does a child of fork come to its end that was made while another thread starts and ends threads? Each child starts a thread of
 * its own. Ends well where all of them do. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 100, PATIENCE_MS = 20000 };

static atomic_bool ends;

static void *nothing(void *unused) {
    return unused;
}

static void start_one(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) == 0) {
        pthread_join(thread, NULL);
    }
}

static void *start_threads(void *unused) {
    while (!atomic_load(&ends)) {
        start_one();
    }
    return unused;
}

int main(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, start_threads, NULL) != 0) {
        return 2;
    }
    for (int number = 0; number < CHILDREN; number++) {
        const pid_t child = fork();
        if (child == 0) {
            start_one();
            _exit(0);
        }
        int waited_ms = 0;
        while (waitpid(child, NULL, WNOHANG) == 0) {
            usleep(10000);
            if ((waited_ms += 10) > PATIENCE_MS) {
                printf("child %d hangs\n", number);
                fflush(stdout);
                kill(child, SIGKILL);
                _exit(1);
            }
        }
    }
    atomic_store(&ends, true);
    pthread_join(thread, NULL);
    printf("%d children ended\n", CHILDREN);
    return 0;
}
