// Widgets that paint themselves, as pixels: read from what Qt keeps of the window, after it was painted. Nothing is painted for it.
#ifndef SESSION_REPLAY_QT_PAINTED_HPP
#define SESSION_REPLAY_QT_PAINTED_HPP

#include "frame.hpp"
#include "picture.hpp"

#include <QPointer>
#include <QWidget>

namespace sr {
namespace qt {

/// See the file. No damage is named: Qt moves what scrolls without painting it.
class PaintedContent : public Content {
public:
    explicit PaintedContent(QWidget *widget) : widget_(widget) {}

    int look(const Shown &shown) override {
        // What a program paints may be text, and can't be told from other pixels.
        if (shown.privacy.level == Privacy::conservative || !shown.masks.is_complete() || !widget_) {
            return -1;
        }
        const std::uint32_t wait = sr_view_next_frame_ms(shown.view);
        if (wait > 0) {
            return int(wait);
        }
        const QImage *picture = picture_of(widget_->window());
        if (!picture) {
            return -1;
        }
        const double scale = picture->devicePixelRatio();
        const QRect part(QPoint(qRound(shown.part.left() * scale), qRound(shown.part.top() * scale)),
                         QPoint(qRound((shown.part.right() + 1) * scale) - 1, qRound((shown.part.bottom() + 1) * scale) - 1));
        show_frame(shown.view, *picture, part, scale, shown.masks.in(shown.part, scale, shown.privacy.level != Privacy::light));
        return -1;
    }

private:
    QPointer<QWidget> widget_;
};

} // namespace qt
} // namespace sr

#endif
