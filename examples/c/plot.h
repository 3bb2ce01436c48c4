/* What views.c draws by itself: a plot, as any renderer of pixels would. Nothing in here knows of the replay. */
#ifndef PLOT_H
#define PLOT_H

#include <stdint.h>

enum { PLOT_WIDTH = 528, PLOT_HEIGHT = 92, PLOT_VALUES = 45 };

typedef struct {
    double values[PLOT_VALUES]; /* 0 to 1, the last one is the newest */
    uint32_t random;
    uint8_t pixels[PLOT_HEIGHT][PLOT_WIDTH][4]; /* red, green, blue, alpha */
} plot;

/* Another value comes in from the right. */
static void plot_step(plot *it) {
    it->random = it->random * 1664525U + 1013904223U;
    const double push = (double)(it->random >> 16) / 65536.0 - 0.5;
    double next = it->values[PLOT_VALUES - 1] * 0.92 + 0.055 + push * 0.3;
    next = next < 0.05 ? 0.05 : next > 0.95 ? 0.95 : next;
    for (int at = 1; at < PLOT_VALUES; ++at) it->values[at - 1] = it->values[at];
    it->values[PLOT_VALUES - 1] = next;
}

/* Mixes a colour into a pixel: 0 leaves the pixel, 1 is the colour. */
static void plot_mix(uint8_t pixel[4], const uint8_t colour[3], double amount) {
    amount = amount < 0.0 ? 0.0 : amount > 1.0 ? 1.0 : amount;
    for (int at = 0; at < 3; ++at) pixel[at] = (uint8_t)(pixel[at] + (colour[at] - pixel[at]) * amount);
}

/* A line with a soft edge, what lies below it in a lighter blue, and a grid behind. */
static void plot_draw(plot *it) {
    static const uint8_t LINE[3] = {47, 111, 222}, AREA[3] = {120, 170, 250}, GRID[3] = {216, 222, 230};
    for (int x = 0; x < PLOT_WIDTH; ++x) {
        const double place = (double)x / (PLOT_WIDTH - 1) * (PLOT_VALUES - 1);
        const int left = place >= PLOT_VALUES - 1 ? PLOT_VALUES - 2 : (int)place;
        const double slope = it->values[left + 1] - it->values[left];
        const double top = (1.0 - it->values[left] - slope * (place - left)) * (PLOT_HEIGHT - 8) + 4;
        const double steep = slope * (PLOT_HEIGHT - 8) * (PLOT_VALUES - 1) / (PLOT_WIDTH - 1);
        const double thick = 1.1 + (steep < 0 ? -steep : steep) * 0.6;
        for (int y = 0; y < PLOT_HEIGHT; ++y) {
            uint8_t *pixel = it->pixels[y][x];
            pixel[0] = pixel[1] = pixel[2] = pixel[3] = 255;
            if (y % 23 == 22 || x % 66 == 65) plot_mix(pixel, GRID, 0.7);
            if (y > top) plot_mix(pixel, AREA, 0.28);
            const double distance = y > top ? y - top : top - y;
            plot_mix(pixel, LINE, thick + 0.5 - distance);
        }
    }
}

#endif
