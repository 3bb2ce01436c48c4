// Menu bars and menus, which are windows of their own.
#ifndef SESSION_REPLAY_QT_MENUS_HPP
#define SESSION_REPLAY_QT_MENUS_HPP

#include "look.hpp"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>

namespace sr {
namespace qt {

inline Item menu_item(const Seen &seen, QAction *action, const QRect &place, bool is_active) {
    Item item = text_of(seen, node_id(action), place, without_mnemonic(action->text()).section(QLatin1Char('\t'), 0, 0));
    item.kind = SR_NODE_ITEM;
    item.with(action->font().resolve(seen.widget->font()));
    item.flags |= action->isEnabled() ? 0u : SR_NODE_FLAG_DISABLED;
    if (is_active) {
        item.flags |= SR_NODE_FLAG_SELECTED;
        item.background = color(seen.widget, QPalette::Highlight);
        item.color = color(seen.widget, QPalette::HighlightedText);
    }
    return item;
}

inline void describe_menu_bar(Look &look, const Seen &seen, QMenuBar *bar) {
    look.add(seen, area(seen, 1, seen.place, color(bar, QPalette::Window)));
    for (QAction *action : bar->actions()) {
        const QRect place = bar->actionGeometry(action);
        if (action->isVisible() && !place.isEmpty()) {
            look.add(seen, menu_item(seen, action, seen.in_window(place), bar->activeAction() == action && action->menu() && action->menu()->isVisible()).with(Qt::AlignHCenter));
        }
    }
}

/// What stands at the right of an item: its keys.
inline QString keys_of(const QAction *action) {
    const QString own = action->text().section(QLatin1Char('\t'), 1);
    return !own.isEmpty() ? own : action->isShortcutVisibleInContextMenu() || !action->shortcut().isEmpty() ? action->shortcut().toString(QKeySequence::NativeText) : QString();
}

/// A line, and the name of what follows, where it has one.
inline void describe_menu_line(Look &look, const Seen &seen, QMenu *menu, const QAction *action, const QRect &place) {
    const std::uint64_t part = node_id(action);
    int from = place.left() + 2;
    if (!action->text().isEmpty()) {
        const int width = menu->fontMetrics().horizontalAdvance(action->text()) + 4;
        Item name = text_of(seen, node_id(menu, part, 1), seen.mirrored(QRect(place.left() + 4, place.top(), width, place.height())), without_mnemonic(action->text()));
        look.add(seen, name.with(seen_alignment(menu, Qt::AlignLeft)));
        from += width + 4;
    }
    look.add(seen, area(seen, part, seen.mirrored(QRect(from, place.center().y(), place.right() - 2 - from, 1)), line_color(menu)));
}

/// A column at the left has icons and checks.
inline void describe_menu_mark(Look &look, const Seen &seen, QMenu *menu, QAction *action, const QRect &place, const Item &words) {
    const std::uint64_t part = node_id(action);
    const QRect middle = seen.mirrored(QRect(place.left() + 6, place.center().y() - 8, 16, 16));
    if (!action->icon().isNull() && action->isIconVisibleInMenu()) {
        look.icon(seen, node_id(menu, part, 4), middle, action->icon());
        return;
    }
    const bool is_one = action->actionGroup() && action->actionGroup()->exclusionPolicy() != QActionGroup::ExclusionPolicy::None;
    if (!action->isCheckable() || (is_one && !action->isChecked())) {
        return;
    }
    Item check = words;
    check.id = node_id(menu, part, 3);
    check.place = middle;
    check.kind = is_one ? SR_NODE_TEXT : SR_NODE_CHECKBOX;
    check.text = is_one ? QString(QChar(0x25cf)) : QString();
    check.flags = (check.flags & SR_NODE_FLAG_DISABLED) | (is_one ? SR_NODE_FLAG_CENTER : 0u) | (action->isChecked() ? SR_NODE_FLAG_CHECKED : 0u);
    check.font_size = is_one ? 9.0f : check.font_size;
    look.add(seen, check);
}

/// `keys` is how wide the column of keys is. `place` is where the item lies if menus go from left to right.
inline void describe_menu_item(Look &look, const Seen &seen, QMenu *menu, QAction *action, const QRect &place, int keys) {
    const std::uint64_t part = node_id(action);
    Item box = menu_item(seen, action, place, menu->activeAction() == action);
    Item words = box;
    box.text.clear();
    look.add(seen, box);
    words.kind = SR_NODE_TEXT;
    words.id = node_id(menu, part, 1);
    words.background = 0;
    words.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_SELECTED);
    Item right = words;
    words.place = seen.mirrored(place.adjusted(28, 0, -8, 0));
    look.add(seen, words.with(seen_alignment(menu, Qt::AlignLeft)));
    right.id = node_id(menu, part, 2);
    right.text = action->menu() ? QString::fromUtf8(menu->layoutDirection() == Qt::RightToLeft ? arrow_left : arrow_right) : keys_of(action);
    const int width = action->menu() ? 16 : keys + 14;
    right.place = seen.mirrored(QRect(place.right() - width, place.top(), width, place.height()));
    if (!right.text.isEmpty()) {
        look.add(seen, right.with(seen_alignment(menu, Qt::AlignLeft)));
    }
    describe_menu_mark(look, seen, menu, action, place, words);
}

inline void describe_menu(Look &look, const Seen &seen, QMenu *menu) {
    const bool is_plain = is_of_windows(menu) || menu->testAttribute(Qt::WA_StyleSheetTarget);
    look.add(seen, area(seen, 1, seen.place, color(menu, is_plain ? QPalette::Window : QPalette::Base), line_color(menu)));
    int keys = 0;
    for (const QAction *action : menu->actions()) {
        keys = qMax(keys, menu->fontMetrics().horizontalAdvance(keys_of(action)));
    }
    for (QAction *action : menu->actions()) {
        const QRect place = seen.in_window(menu->actionGeometry(action));
        if (!action->isVisible() || place.isEmpty()) {
            continue;
        }
        if (action->isSeparator()) {
            describe_menu_line(look, seen, menu, action, place);
        } else {
            describe_menu_item(look, seen, menu, action, place, keys);
        }
    }
}

} // namespace qt
} // namespace sr

#endif
