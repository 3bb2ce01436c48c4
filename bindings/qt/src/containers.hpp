// What holds other widgets: boxes, docks, windows in a window, frames.
#ifndef SESSION_REPLAY_QT_CONTAINERS_HPP
#define SESSION_REPLAY_QT_CONTAINERS_HPP

#include "look.hpp"
#include "style.hpp"

#include <QDockWidget>
#include <QFrame>
#include <QGroupBox>
#include <QMdiArea>
#include <QMdiSubWindow>
#include <QStatusBar>

namespace sr {
namespace qt {

inline void describe_group(Look &look, const Seen &seen, QGroupBox *box) {
    const QStyleOptionGroupBox option = option_of(box);
    const auto part = [&](QStyle::SubControl control) {
        return seen.in_window(box->style()->subControlRect(QStyle::CC_GroupBox, &option, control, box));
    };
    const QRect label = part(QStyle::SC_GroupBoxLabel);
    QRect frame = part(QStyle::SC_GroupBoxFrame);
    const bool is_on_frame = is_of_windows(box) || box->testAttribute(Qt::WA_StyleSheetTarget);
    if (frame.top() <= label.top()) {
        frame.setTop(is_on_frame ? label.center().y() : label.bottom() + 1); // The title stands on it, or above.
    }
    look.add(seen, area(seen, 1, frame, 0, color_of(palette_color(box, QPalette::Window).darker(116))));
    Item title = whole(seen, box->isCheckable() ? SR_NODE_CHECKBOX : SR_NODE_TEXT);
    title.place = label;
    title.background = is_on_frame ? color(box, QPalette::Window) : 0;
    if (box->isCheckable()) {
        title.place = title.place.united(part(QStyle::SC_GroupBoxCheckBox));
        title.flags |= box->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
        title.with(seen_alignment(box, Qt::AlignLeft));
    }
    title.place.adjust(0, 0, 2, 0);
    title.text = without_mnemonic(box->title());
    look.add(seen, title);
}

inline void describe_status_bar(Look &look, const Seen &seen, QStatusBar *bar) {
    if (!bar->currentMessage().isEmpty()) {
        Item message = text_of(seen, 1, seen.mirrored(seen.place.adjusted(6, 0, 0, 0)), bar->currentMessage());
        look.add(seen, message.with(seen_alignment(bar, Qt::AlignLeft)));
    }
}

inline void describe_dock(Look &look, const Seen &seen, QDockWidget *dock) {
    const bool is_upright = dock->features() & QDockWidget::DockWidgetVerticalTitleBar;
    if (!dock->widget() || dock->titleBarWidget() || is_upright) {
        return;
    }
    const QRect bar(seen.place.left(), seen.place.top(), seen.place.width(), dock->widget()->y());
    Item title = text_of(seen, 1, seen.mirrored(bar.adjusted(6, 0, -6, 0)), dock->windowTitle());
    look.add(seen, title.with(seen_alignment(dock, Qt::AlignLeft)));
}

inline QString shown_title(const QWidget *widget) {
    return widget->windowTitle().replace(QLatin1String("[*]"), widget->isWindowModified() ? QLatin1String("*") : QLatin1String(""));
}

/// A window in a window: its title bar, with its buttons.
inline void describe_sub_window(Look &look, const Seen &seen, QMdiSubWindow *window) {
    look.add(seen, area(seen, 2, seen.place, color(window, QPalette::Window), line_color(window)));
    const int height = window->isMinimized() ? window->height() : window->widget() ? window->widget()->y() : 0;
    if (window->isMaximized() || height < 8) {
        return; // The menu bar has its buttons.
    }
    const bool is_active = window->mdiArea() && window->mdiArea()->activeSubWindow() == window;
    const QRect bar(seen.place.left(), seen.place.top(), seen.place.width(), height);
    look.add(seen, area(seen, 7, bar, color(window, is_active ? QPalette::Highlight : QPalette::Window), line_color(window)));
    Item title = text_of(seen, 1, seen.mirrored(bar.adjusted(24, 0, -66, 0)), shown_title(window));
    title.color = color(window, is_active ? QPalette::HighlightedText : QPalette::WindowText);
    look.add(seen, title.with(Qt::AlignHCenter));
    const QRect icon(bar.left() + 6, bar.center().y() - 8, 16, 16);
    look.icon(seen, 3, seen.mirrored(icon), window->windowIcon());
    const char *const marks[] = {"\u00d7", "\u25a1", "\u2212"};
    for (int at = 0; at < 3; ++at) {
        const QRect place(bar.right() - 24 - 20 * at, bar.top() + 2, 18, bar.height() - 4);
        Item mark = mark_of(seen, 4 + std::uint64_t(at), seen.mirrored(place), marks[at]);
        mark.color = title.color;
        look.add(seen, mark);
    }
}

inline void describe_separator(Look &look, const Seen &seen) {
    const QPoint middle = seen.place.center();
    const bool is_flat = seen.place.width() > seen.place.height();
    const QRect line = is_flat ? QRect(seen.place.left(), middle.y(), seen.place.width(), 1) : QRect(middle.x(), seen.place.top() + 3, 1, seen.place.height() - 6);
    look.add(seen, area(seen, 1, line, line_color(seen.widget)));
}

inline void describe_frame(Look &look, const Seen &seen, QFrame *frame) {
    const QPoint middle = seen.place.center();
    if (frame->frameShape() == QFrame::HLine) {
        look.add(seen, area(seen, 3, QRect(seen.place.left(), middle.y(), seen.place.width(), 1), line_color(frame)));
    } else if (frame->frameShape() == QFrame::VLine) {
        look.add(seen, area(seen, 3, QRect(middle.x(), seen.place.top(), 1, seen.place.height()), line_color(frame)));
    } else if (frame->frameShape() != QFrame::NoFrame && frame->frameWidth() > 0) {
        look.add(seen, area(seen, 3, seen.place, 0, line_color(frame)));
    }
}

} // namespace qt
} // namespace sr

#endif
