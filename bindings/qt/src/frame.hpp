// A picture as a frame of a view.
#ifndef SESSION_REPLAY_QT_FRAME_HPP
#define SESSION_REPLAY_QT_FRAME_HPP

#include "content.hpp"

#include <QImage>

namespace sr {
namespace qt {

/// How Qt's pixels lie in memory; 0: in a way that the library does not read.
inline std::uint32_t format_of(QImage::Format format) noexcept {
    switch (format) {
    case QImage::Format_RGB32:
    case QImage::Format_ARGB32:
    case QImage::Format_ARGB32_Premultiplied:
        return Q_BYTE_ORDER == Q_LITTLE_ENDIAN ? SR_PIXELS_BGRA : SR_PIXELS_ARGB;
    case QImage::Format_RGBX8888:
    case QImage::Format_RGBA8888:
    case QImage::Format_RGBA8888_Premultiplied:
        return SR_PIXELS_RGBA;
    case QImage::Format_RGB888:
        return SR_PIXELS_RGB;
    case QImage::Format_BGR888:
        return SR_PIXELS_BGR;
    case QImage::Format_RGB16:
        return Q_BYTE_ORDER == Q_LITTLE_ENDIAN ? SR_PIXELS_RGB565 : 0u;
    default:
        return 0;
    }
}

/// Hands over a part of a picture, in its pixels. Nothing of it is copied here, unless its pixels are unusual.
inline void show_frame(std::uint64_t view, const QImage &image, const QRect &part, double scale, const std::vector<sr_mask> &masks) {
    const QRect seen = part & image.rect();
    if (seen.isEmpty()) {
        return;
    }
    if (!format_of(image.format())) {
        show_frame(view, image.copy(seen).convertToFormat(QImage::Format_RGB32), QRect(QPoint(0, 0), seen.size()), scale, masks);
        return;
    }
    const std::size_t stride = std::size_t(image.bytesPerLine()), bytes = std::size_t(image.depth()) / 8;
    const std::size_t start = std::size_t(seen.y()) * stride + std::size_t(seen.x()) * bytes;
    sr_frame frame{};
    frame.size = sizeof frame;
    frame.format = format_of(image.format());
    frame.view = view;
    frame.width = std::uint32_t(seen.width());
    frame.height = std::uint32_t(seen.height());
    frame.scale = scale;
    frame.stride = std::uint32_t(stride);
    frame.pixels = image.constBits() + start;
    frame.length = stride * std::size_t(seen.height() - 1) + std::size_t(seen.width()) * bytes;
    frame.masks = masks.data();
    frame.mask_count = masks.size();
    sr_view_frame(&frame);
}

} // namespace qt
} // namespace sr

#endif
