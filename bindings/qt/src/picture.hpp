// What Qt keeps in memory of a window that it has painted.
#ifndef SESSION_REPLAY_QT_PICTURE_HPP
#define SESSION_REPLAY_QT_PICTURE_HPP

#include <QBackingStore>
#include <QImage>
#include <QWidget>
#include <QWindow>

namespace sr {
namespace qt {

/// The picture of a window that Qt has painted and shows; nullptr: there is none in memory, or it is not what is seen now.
inline const QImage *picture_of(const QWidget *window) {
    const QWindow *handle = window->windowHandle();
    QBackingStore *store = window->backingStore();
    // Another size is painted next.
    if (!handle || !handle->isExposed() || !window->updatesEnabled() || !store || store->size() != window->size()) {
        return nullptr;
    }
    QPaintDevice *device = store->paintDevice();
    return device && device->devType() == QInternal::Image ? static_cast<const QImage *>(device) : nullptr;
}

/// The color that was painted here, in the window; `usual` where nobody knows. A style sheet tells colors to nobody but painters.
inline QColor painted_color(const QWidget *widget, const QPoint &in_window, const QColor &usual) {
    const QImage *picture = picture_of(widget->window());
    const QPoint at = picture ? (QPointF(in_window) * picture->devicePixelRatio()).toPoint() : QPoint();
    return picture && picture->rect().contains(at) ? picture->pixelColor(at) : usual;
}

} // namespace qt
} // namespace sr

#endif
