// Pictures as bindings/qt tells them: the same pixels, and nothing that a screen does not show. What is wrong is printed.
#include "../../bindings/qt/src/png.hpp"

#include <QtGlobal>
#if QT_VERSION >= QT_VERSION_CHECK(5, 14, 0)
#include <QColorSpace>
#endif

#include <cstdio>

namespace {

int problems = 0;

void check(bool holds, const char *name, const char *what) {
    if (!holds) {
        std::printf("%s: %s\n", name, what);
        problems++;
    }
}

/// So many colours, of which some can be seen through.
QImage picture(int side, int colours, QImage::Format format, bool is_opaque) {
    QImage image(side, side, QImage::Format_ARGB32);
    for (int at = 0; at < side * side; at++) {
        const int which = at % colours;
        const int alpha = is_opaque ? 255 : which % 3 * 127;
        image.setPixel(at % side, at / side, qRgba(which % 256, which / 256 * 40, 200, alpha));
    }
    return image.convertToFormat(format);
}

void check_kept(const char *name, QImage image, bool has_palette) {
    image.setText("Title", "not a part of the picture");
#if QT_VERSION >= QT_VERSION_CHECK(5, 14, 0)
    image.setColorSpace(QColorSpace(QColorSpace::AdobeRgb));
#endif
    const QByteArray png = sr::qt::png_of(image);
    QImage shown;
    check(shown.loadFromData(png, "PNG") && shown.size() == image.size(), name, "it is no picture of this size");
    const QImage expected = image.convertToFormat(QImage::Format_ARGB32);
    shown = shown.convertToFormat(QImage::Format_ARGB32);
    bool is_same = true;
    for (int at = 0; at < image.width() * image.height(); at++) {
        const QPoint place(at % image.width(), at / image.width());
        const QRgb one = expected.pixel(place), other = shown.pixel(place);
        is_same = is_same && (one == other || (qAlpha(one) == 0 && qAlpha(other) == 0));
    }
    check(is_same, name, "a pixel is another");
    check(!png.contains("iCCP") && !png.contains("tEXt"), name, "it has a profile or a text");
    check(png.contains("PLTE") == has_palette, name, has_palette ? "it has no palette" : "it has a palette");
}

} // namespace

int main() {
    check(sr::qt::png_of(QImage()).isEmpty(), "none", "it is a picture");
    check_kept("one colour", picture(16, 1, QImage::Format_RGB32, true), true);
    check_kept("few colours", picture(24, 40, QImage::Format_ARGB32, true), true);
    check_kept("few colours, seen through", picture(24, 40, QImage::Format_ARGB32_Premultiplied, false), true);
    check_kept("as many as a palette has", picture(64, 256, QImage::Format_RGB32, true), true);
    check_kept("one more", picture(64, 257, QImage::Format_RGB32, true), false);
    check_kept("many colours of a small picture", picture(16, 60, QImage::Format_ARGB32, false), false);
    check_kept("many, seen through", picture(64, 700, QImage::Format_ARGB32, false), false);
    check_kept("a pixel", picture(1, 1, QImage::Format_ARGB32, true), false);
    return problems == 0 ? 0 : 1;
}
