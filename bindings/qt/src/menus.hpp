// Menu bars and menus, which are windows of their own.
#ifndef SESSION_REPLAY_QT_MENUS_HPP
#define SESSION_REPLAY_QT_MENUS_HPP

#include "look.hpp"

#include <QAction>
#include <QMenu>
#include <QMenuBar>

namespace sr {
namespace qt {

inline Item menu_item(const Seen &seen, QAction *action, const QRect &place, bool is_active) {
    Item item = text_of(seen, node_id(action), place, without_mnemonic(action->text()).section(QLatin1Char('\t'), 0, 0));
    item.kind = SR_NODE_ITEM;
    item.with(action->font());
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

inline void describe_menu(Look &look, const Seen &seen, QMenu *menu) {
    look.add(seen, area(seen, 1, seen.place, color(menu, QPalette::Window), line_color(menu)));
    for (QAction *action : menu->actions()) {
        const QRect place = seen.in_window(menu->actionGeometry(action));
        if (!action->isVisible() || place.isEmpty()) {
            continue;
        }
        const std::uint64_t part = node_id(action);
        if (action->isSeparator()) {
            look.add(seen, area(seen, part, QRect(place.left() + 2, place.center().y(), place.width() - 4, 1), line_color(menu)));
            continue;
        }
        const bool is_active = menu->activeAction() == action;
        Item box = menu_item(seen, action, place, is_active);
        Item words = box;
        box.text.clear();
        look.add(seen, box);
        // A column at the left has icons and checks, one at the right what the keys are.
        words.kind = SR_NODE_TEXT;
        words.id = node_id(menu, part, 1);
        words.background = 0;
        words.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_SELECTED);
        words.place = place.adjusted(28, 0, -8, 0);
        look.add(seen, words);
        Item keys = words;
        keys.id = node_id(menu, part, 2);
        keys.text = action->menu() ? QStringLiteral("\u25b8") : action->isShortcutVisibleInContextMenu() || !action->shortcut().isEmpty()
                        ? action->shortcut().toString(QKeySequence::NativeText) : QString();
        keys.flags |= SR_NODE_FLAG_RIGHT;
        if (!keys.text.isEmpty()) {
            look.add(seen, keys);
        }
        if (action->isChecked()) {
            Item check = words;
            check.id = node_id(menu, part, 3);
            check.place = QRect(place.left(), place.top(), 28, place.height());
            check.text = QStringLiteral("\u2713");
            check.flags |= SR_NODE_FLAG_CENTER;
            look.add(seen, check);
        } else if (!action->icon().isNull()) {
            look.icon(seen, node_id(menu, part, 4), QRect(place.left() + 6, place.center().y() - 8, 16, 16), action->icon());
        }
    }
}

} // namespace qt
} // namespace sr

#endif
