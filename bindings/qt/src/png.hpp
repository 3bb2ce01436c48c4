// A picture as a PNG that has what a screen shows of it, and nothing else.
#ifndef SESSION_REPLAY_QT_PNG_HPP
#define SESSION_REPLAY_QT_PNG_HPP

#include <QBuffer>
#include <QByteArray>
#include <QHash>
#include <QImage>
#include <QVector>

#include <algorithm>

namespace sr {
namespace qt {

namespace of_png {

/// Where nothing is seen, the colour is nothing.
inline QRgb seen(QRgb colour) { return qAlpha(colour) == 0 ? 0 : colour; }

/// A palette has few bytes where each of its colours stands for so many pixels. It has at most 256.
inline int max_colours(const QImage &image) { return std::min(256, image.width() * image.height() / 12); }

/// The colours of a picture, those that can be seen through first: a PNG says only of these how much. Empty: they are too many.
inline QVector<QRgb> colours_of(const QImage &image) {
    QVector<QRgb> colours;
    QHash<QRgb, bool> known;
    for (int y = 0; y < image.height(); y++) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        for (int x = 0; x < image.width(); x++) {
            const QRgb colour = seen(line[x]);
            if (known.contains(colour)) {
                continue;
            }
            if (colours.size() >= max_colours(image)) {
                return {};
            }
            known.insert(colour, true);
            colours.append(colour);
        }
    }
    std::stable_sort(colours.begin(), colours.end(), [](QRgb one, QRgb other) { return qAlpha(one) < qAlpha(other); });
    return colours;
}

/// The same picture with this palette.
inline QImage with_palette(const QImage &image, const QVector<QRgb> &colours) {
    QHash<QRgb, uchar> places;
    for (int at = 0; at < colours.size(); at++) {
        places.insert(colours[at], static_cast<uchar>(at));
    }
    QImage indexed(image.size(), QImage::Format_Indexed8);
    indexed.setColorTable(colours);
    for (int y = 0; y < image.height(); y++) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        uchar *places_in_line = indexed.scanLine(y);
        for (int x = 0; x < image.width(); x++) {
            places_in_line[x] = places.value(seen(line[x]));
        }
    }
    return indexed;
}

inline QByteArray saved(const QImage &image) {
    QByteArray png;
    QBuffer buffer(&png);
    return buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG") ? png : QByteArray();
}

} // namespace of_png

/// Empty where there is none. Without a colour profile, since Qt shows colours as they are; without texts; with a palette where that is
/// less, which then takes less time, too.
inline QByteArray png_of(const QImage &picture) {
    const QImage image = picture.convertToFormat(QImage::Format_ARGB32);
    if (image.isNull()) {
        return {};
    }
    const QVector<QRgb> colours = of_png::colours_of(image);
    if (!colours.isEmpty()) {
        return of_png::saved(of_png::with_palette(image, colours));
    }
    // Its pixels alone.
    const QImage plain(image.constBits(), image.width(), image.height(), static_cast<int>(image.bytesPerLine()), QImage::Format_ARGB32);
    return of_png::saved(plain);
}

} // namespace qt
} // namespace sr

#endif
