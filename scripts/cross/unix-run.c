/* Runs a program of the machine below Wine, such as its compiler, and ends as that did:
 *
 *     unix-run.exe PROGRAM ARGUMENT…
 *
 * Wine starts such a program, but gives no handle to wait for its end: unix-run.sh tells of it in files. Paths with a drive become
 * those of the machine. For tests only. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_MS (15 * 60 * 1000)

static int fails(const char *what) {
    fprintf(stderr, "unix-run: %s: error %lu\n", what, GetLastError());
    return 98;
}

static int is_letter(char byte) {
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* `C:\x` anywhere in it, though not the end of `http:/`, becomes the link that Wine has for the drive. A path from the root of the
 * machine's, to which a test has added something, gets slashes. */
static void print_path(FILE *file, const char *argument) {
    int is_path = *argument == '/';
    for (const char *at = argument; *at != '\0'; at++) {
        const int begins = !is_path && is_letter(*at) && (at == argument || !is_letter(at[-1]));
        if (begins && at[1] == ':' && (at[2] == '\\' || at[2] == '/')) {
            fprintf(file, "%s/dosdevices/%c", getenv("WINEPREFIX"), *at | 0x20);
            is_path = 1;
            continue;
        }
        fputc(is_path && *at == '\\' ? '/' : *at, file);
    }
}

static void copy(const char *base, const char *kind, FILE *to) {
    char path[MAX_PATH + 8], buffer[4096];
    snprintf(path, sizeof path, "%s%s", base, kind);
    FILE *file = fopen(path, "rb");
    for (size_t length; file != NULL && (length = fread(buffer, 1, sizeof buffer, file)) > 0;) {
        fwrite(buffer, 1, length, to);
    }
    if (file != NULL) {
        fclose(file);
    }
    remove(path);
}

int main(int count, char **arguments) {
    char folder[MAX_PATH], base[MAX_PATH], path[MAX_PATH + 8], command[3 * MAX_PATH];
    if (count < 2 || getenv("WINEPREFIX") == NULL || getenv("SR_UNIX_RUN") == NULL) {
        return fails("it wants a program, WINEPREFIX, and SR_UNIX_RUN, the path of unix-run.sh");
    }
    if (GetTempPathA(sizeof folder, folder) == 0 || GetTempFileNameA(folder, "sru", 0, base) == 0) {
        return fails("a temporary file");
    }
    FILE *file = fopen(base, "wb");
    if (file == NULL) {
        return fails(base);
    }
    for (int i = 1; i < count; i++) {
        print_path(file, arguments[i]);
        fputc('\0', file);
    }
    fclose(file);
    char unix_base[2 * MAX_PATH];
    snprintf(unix_base, sizeof unix_base, "%s/dosdevices/%c:%s", getenv("WINEPREFIX"), base[0] | 0x20, base + 2);
    for (char *at = unix_base; *at != '\0'; at++) {
        if (*at == '\\') {
            *at = '/';
        }
    }
    snprintf(command, sizeof command, "Z:%s \"%s\"", getenv("SR_UNIX_RUN"), unix_base);
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process)) {
        return fails(command);
    }
    snprintf(path, sizeof path, "%s.end", base);
    for (int waited = 0; (file = fopen(path, "rb")) == NULL; waited += 10) {
        if (waited > MOST_MS) {
            return fails("it does not end");
        }
        Sleep(10);
    }
    int result = 97;
    if (fscanf(file, "%d", &result) != 1) {
        result = 97;
    }
    fclose(file);
    remove(path);
    copy(base, ".out", stdout);
    copy(base, ".err", stderr);
    remove(base);
    return result;
}
