// Sliders, scroll bars and progress bars: what something moves in, and what moves.
#ifndef SESSION_REPLAY_QT_SLIDERS_HPP
#define SESSION_REPLAY_QT_SLIDERS_HPP

#include "look.hpp"
#include "picture.hpp"
#include "style.hpp"

#include <QProgressBar>
#include <QScrollBar>
#include <QSlider>

namespace sr {
namespace qt {

inline void describe_progress(Look &look, const Seen &seen, QProgressBar *bar) {
    look.add(seen, area(seen, 0, seen.place, color(bar, QPalette::Base), line_color(bar)));
    const double range = double(bar->maximum()) - bar->minimum();
    const double part = range > 0 ? qBound(0.0, (double(bar->value()) - bar->minimum()) / range, 1.0) : 0;
    const bool is_flat = bar->orientation() == Qt::Horizontal;
    QRect done = seen.place;
    if (is_flat) {
        done.setWidth(int(done.width() * part));
        done = (bar->layoutDirection() == Qt::RightToLeft) != bar->invertedAppearance() ? QStyle::visualRect(Qt::RightToLeft, seen.place, done) : done;
    } else {
        const int height = int(done.height() * part);
        done = QRect(done.left(), bar->invertedAppearance() ? done.top() : done.bottom() - height + 1, done.width(), height);
    }
    QColor chunk = palette_color(bar, QPalette::Highlight);
    if (bar->testAttribute(Qt::WA_StyleSheetTarget) && done.width() > 8 && done.height() > 8) {
        chunk = painted_color(bar, is_flat ? QPoint(done.left() + 3, done.center().y()) : QPoint(done.center().x(), done.bottom() - 3), chunk);
    }
    look.add(seen, area(seen, 1, done, color_of(chunk)));
    if (bar->isTextVisible() && is_flat) {
        Item words = text_of(seen, 2, seen.place, bar->text()).with(Qt::AlignHCenter);
        // Styles change its color where the filled part is behind it; a style sheet says one color.
        if (done.contains(seen.place.center()) && !bar->testAttribute(Qt::WA_StyleSheetTarget)) {
            words.color = color(bar, QPalette::HighlightedText);
        }
        look.add(seen, words);
    }
}

inline void describe_scroll_bar(Look &look, const Seen &seen, QScrollBar *bar) {
    const QStyleOptionSlider option = option_of(bar);
    const auto part = [&](QStyle::SubControl sub) { return seen.in_window(bar->style()->subControlRect(QStyle::CC_ScrollBar, &option, sub, bar)); };
    look.add(seen, area(seen, 0, seen.place, color_of(palette_color(bar, QPalette::Window).darker(106))));
    look.add(seen, area(seen, 1, part(QStyle::SC_ScrollBarSlider), color(bar, QPalette::Button), line_color(bar)));
    const bool is_flat = bar->orientation() == Qt::Horizontal, is_mirrored = is_flat && bar->layoutDirection() == Qt::RightToLeft;
    look.add(seen, mark_of(seen, 2, part(is_mirrored ? QStyle::SC_ScrollBarAddLine : QStyle::SC_ScrollBarSubLine), is_flat ? arrow_left : arrow_up, 9));
    look.add(seen, mark_of(seen, 3, part(is_mirrored ? QStyle::SC_ScrollBarSubLine : QStyle::SC_ScrollBarAddLine), is_flat ? arrow_right : arrow_down, 9));
}

/// The lines beside the groove.
inline void describe_ticks(Look &look, const Seen &seen, const QStyleOptionSlider &option, const QRect &handle) {
    constexpr int max_ticks = 50;
    const int step = option.tickInterval > 0 ? option.tickInterval : option.pageStep;
    if (option.tickPosition == QSlider::NoTicks || step <= 0 || (double(option.maximum) - option.minimum) / step > max_ticks) {
        return;
    }
    const bool is_flat = option.orientation == Qt::Horizontal;
    const int length = is_flat ? handle.width() : handle.height(), room = (is_flat ? seen.place.width() : seen.place.height()) - length;
    std::uint64_t count = 0;
    for (int value = option.minimum; count < 2 * max_ticks; value = qMin(value, option.maximum - step) + step) {
        const int at = length / 2 + QStyle::sliderPositionFromValue(option.minimum, option.maximum, value, room, option.upsideDown);
        const QPoint corner = seen.place.topLeft();
        for (const auto side : {QSlider::TicksAbove, QSlider::TicksBelow}) {
            if (option.tickPosition & side) {
                const bool is_before = side == QSlider::TicksAbove;
                const QRect line = is_flat ? QRect(corner.x() + at, is_before ? corner.y() : handle.bottom() + 2, 1, 4) : QRect(is_before ? corner.x() : handle.right() + 2, corner.y() + at, 4, 1);
                look.add(seen, area(seen, 8 + count++, line, line_color(seen.widget)));
            }
        }
        if (value >= option.maximum) {
            break;
        }
    }
}

/// Most styles fill the groove up to the handle.
inline void describe_slider(Look &look, const Seen &seen, QSlider *slider) {
    const QStyleOptionSlider option = option_of(slider);
    const auto part = [&](QStyle::SubControl sub) { return seen.in_window(slider->style()->subControlRect(QStyle::CC_Slider, &option, sub, slider)); };
    QRect groove = part(QStyle::SC_SliderGroove);
    const QRect handle = part(QStyle::SC_SliderHandle);
    const bool is_flat = slider->orientation() == Qt::Horizontal;
    groove = is_flat ? QRect(groove.left(), groove.center().y() - 2, groove.width(), 5) : QRect(groove.center().x() - 2, groove.top(), 5, groove.height());
    look.add(seen, area(seen, 0, groove, color_of(palette_color(slider, QPalette::Window).darker(108)), line_color(slider)));
    QRect done = groove;
    if (is_flat) {
        option.upsideDown ? done.setLeft(handle.center().x()) : done.setRight(handle.center().x());
    } else {
        option.upsideDown ? done.setTop(handle.center().y()) : done.setBottom(handle.center().y());
    }
    if (!is_of_windows(slider)) {
        look.add(seen, area(seen, 2, done, color(slider, QPalette::Highlight)));
    }
    describe_ticks(look, seen, option, handle);
    look.add(seen, area(seen, 1, handle, color(slider, QPalette::Button), line_color(slider)));
}

} // namespace qt
} // namespace sr

#endif
