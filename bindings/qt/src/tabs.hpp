// Tabs on each side of what they show.
#ifndef SESSION_REPLAY_QT_TABS_HPP
#define SESSION_REPLAY_QT_TABS_HPP

#include "look.hpp"
#include "style.hpp"

#include <QPainter>
#include <QTabBar>
#include <QTabWidget>

namespace sr {
namespace qt {

/// Of the tab in front and of what it shows.
inline QColor pane_color(const QWidget *tabs) {
    const QColor window = palette_color(tabs, QPalette::Window);
    return is_of_windows(tabs) ? window : window.lighter(104);
}

/// A text that stands upright, as a picture: nodes have none. It says the text beside.
inline Item upright_text(Look &look, const Item &tab, bool is_downward, const QFont &font) {
    Item item = tab;
    const QSize size = tab.place.size();
    const QByteArray key = tab.text.toUtf8() + '/' + font.toString().toUtf8() + '/' + QByteArray::number(tab.color) + '/' + QByteArray::number(size.width()) + 'x' +
                           QByteArray::number(size.height()) + (is_downward ? 'd' : 'u');
    item.image = look.icons.drawn(key, [&] {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.setFont(font);
        painter.setPen(QColor::fromRgba(tab.color));
        painter.translate(size.width() / 2, size.height() / 2);
        painter.rotate(is_downward ? 90 : -90);
        painter.drawText(QRect(-size.height() / 2, -size.width() / 2, size.height(), size.width()), Qt::AlignCenter, tab.text);
        return picture;
    });
    item.kind = SR_NODE_IMAGE;
    return item;
}

inline void describe_tab(Look &look, const Seen &seen, const QTabBar *bar, int at) {
    const std::uint64_t part = 8 + 4 * static_cast<std::uint64_t>(at);
    const bool is_current = at == bar->currentIndex();
    const QStyleOptionTab option = option_of(bar, at);
    Item tab = text_of(seen, part, seen.in_window(bar->tabRect(at)), QString());
    tab.kind = SR_NODE_ITEM;
    tab.background = color_of(is_current ? pane_color(bar) : palette_color(bar, QPalette::Window).darker(108));
    tab.border = line_color(bar);
    // A mark for readers: what is selected looks as the tab does.
    tab.flags |= is_current ? SR_NODE_FLAG_SELECTED : 0u;
    look.add(seen, tab);
    Item words = text_of(seen, part + 1, tab.place, without_mnemonic(option.text));
    const QColor own = bar->tabTextColor(at);
    words.color = own.isValid() ? color_of(own) : words.color;
    const QTabBar::Shape shape = bar->shape();
    const bool is_east = shape == QTabBar::RoundedEast || shape == QTabBar::TriangularEast, is_west = shape == QTabBar::RoundedWest || shape == QTabBar::TriangularWest;
    const bool has_icon = !option.icon.isNull();
    const QSize size = option.iconSize;
    QRect icon(QPoint(0, 0), size);
    if (is_east || is_west) {
        icon.moveCenter(QPoint(tab.place.center().x(), is_east ? tab.place.top() + 8 + size.height() / 2 : tab.place.bottom() - 8 - size.height() / 2));
        if (has_icon) {
            is_east ? words.place.setTop(icon.bottom()) : words.place.setBottom(icon.top());
        }
        look.add(seen, upright_text(look, words, is_east, bar->font()));
    } else {
        words.place = seen.in_window(bar->style()->subElementRect(QStyle::SE_TabBarTabText, &option, bar));
        const bool is_mirrored = bar->layoutDirection() == Qt::RightToLeft;
        icon.moveCenter(QPoint(is_mirrored ? words.place.right() + 4 + size.width() / 2 : words.place.left() - 4 - size.width() / 2, words.place.center().y()));
        look.add(seen, words.with(Qt::AlignHCenter));
    }
    if (has_icon) {
        look.icon(seen, part + 2, icon, option.icon);
    }
}

inline void describe_tabs(Look &look, const Seen &seen, QTabBar *bar) {
    for (int at = 0; at < bar->count() && !look.nodes.is_full(); ++at) {
        if (!bar->tabRect(at).isEmpty() && is_tab_visible(bar, at)) {
            describe_tab(look, seen, bar, at);
        }
    }
}

inline void describe_tab_pane(Look &look, const Seen &seen, QTabWidget *tabs) {
    if (tabs->currentWidget() && !tabs->documentMode()) {
        const QRect pane(tabs->currentWidget()->mapTo(tabs, QPoint(0, 0)), tabs->currentWidget()->size());
        look.add(seen, area(seen, 2, seen.in_window(pane.adjusted(-2, -2, 2, 2)), color_of(pane_color(tabs)), line_color(tabs)));
    }
}

} // namespace qt
} // namespace sr

#endif
