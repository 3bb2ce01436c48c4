// Buttons and checks.
#ifndef SESSION_REPLAY_QT_BUTTONS_HPP
#define SESSION_REPLAY_QT_BUTTONS_HPP

#include "look.hpp"
#include "picture.hpp"
#include "style.hpp"

#include <QCheckBox>
#include <QPushButton>
#include <QToolButton>

#include <cstring>

namespace sr {
namespace qt {

/// How a button is drawn.
struct ButtonLook {
    bool has_icon = false, has_text = false, is_flat = false, is_set = false;
    bool is_below = false;    ///< Its text is below its icon.
    bool is_at_begin = false; ///< Its text stands at its begin, not in its middle.
    int arrow = 0;            ///< How wide the place of its arrow is.
};

inline ButtonLook look_of(const QAbstractButton *button) {
    const auto *tool = qobject_cast<const QToolButton *>(button);
    const auto *push = qobject_cast<const QPushButton *>(button);
    const Qt::ToolButtonStyle style = tool ? tool_button_style(tool) : Qt::ToolButtonTextBesideIcon;
    ButtonLook look;
    look.has_icon = !button->icon().isNull() && style != Qt::ToolButtonTextOnly;
    look.has_text = !button->text().isEmpty() && !(look.has_icon && style == Qt::ToolButtonIconOnly);
    // Those that Qt puts into a title bar, a tab or a field have no edge.
    const bool is_part = (!tool && !push && !look.has_text) || button->inherits("QLineEditIconButton");
    look.is_flat = (tool && tool->autoRaise()) || (push && push->isFlat()) || is_part;
    look.is_set = button->isDown() || button->isChecked();
    look.is_below = style == Qt::ToolButtonTextUnderIcon;
    look.is_at_begin = button->inherits("QToolBoxButton") || (tool && look.has_icon && !look.is_below);
    look.arrow = (tool && tool->menu() && tool->popupMode() == QToolButton::MenuButtonPopup) || (push && push->menu()) ? 16 : 0;
    return look;
}

/// The icon and the text of a button share it: beside each other, or the icon above. Both where its layout goes from left to right.
inline void describe_icon(Look &look, const Seen &seen, const QAbstractButton *button, const ButtonLook &is, const QRect &room) {
    const QSize size = button->iconSize();
    QRect icon(QPoint(0, 0), size), text = room;
    icon.moveCenter(room.center());
    if (is.has_text && is.is_below) {
        icon.moveTop(room.top() + 4);
        text.setTop(icon.bottom());
    } else if (is.has_text) {
        const int words = button->fontMetrics().boundingRect(button->text()).width();
        icon.moveLeft(is.is_at_begin ? room.left() + 5 : room.center().x() - (size.width() + words + 4) / 2);
        text.setLeft(icon.right() + 5);
    }
    look.icon(seen, 1, seen.mirrored(icon), button->icon());
    if (is.has_text) {
        Item words = text_of(seen, 2, seen.mirrored(text), without_mnemonic(button->text()));
        look.add(seen, words.with(seen_alignment(button, is.is_below ? Qt::AlignHCenter : Qt::AlignLeft)));
    }
}

inline void describe_button(Look &look, const Seen &seen, QAbstractButton *button) {
    const ButtonLook is = look_of(button);
    const QColor plain = palette_color(button, QPalette::Button);
    // The color of a state, or of a gradient, is in no palette.
    const bool is_painted = button->testAttribute(Qt::WA_StyleSheetTarget) && !is.is_flat;
    const QColor back = is_painted ? painted_color(button, QPoint(seen.place.left() + 3, seen.place.center().y()), plain) : is.is_set ? plain.darker(113) : plain;
    if (button->inherits("QTableCornerButton")) {
        look.add(seen, area(seen, 0, seen.place, color_of(plain), color_of(plain.darker(112))));
        return;
    }
    Item item = whole(seen, SR_NODE_BUTTON);
    item.background = is.is_flat && !is.is_set ? no_color : color_of(back);
    item.border = is.is_flat && !is.is_set ? no_color : line_color(button);
    item.flags |= button->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
    QRect room = seen.place;
    room.setRight(room.right() - is.arrow);
    const bool is_alone = is.has_text && !is.has_icon && !is.is_at_begin && is.arrow == 0;
    if (is_alone) {
        item.text = without_mnemonic(button->text());
    } else if (button->inherits("CloseButton")) {
        item.text = QString(QChar(0x00d7));
    }
    look.add(seen, item);
    if (is.has_icon) {
        describe_icon(look, seen, button, is, room);
    } else if (is.has_text && !is_alone) {
        Item words = text_of(seen, 2, seen.mirrored(is.is_at_begin ? room.adjusted(6, 0, 0, 0) : room), without_mnemonic(button->text()));
        look.add(seen, words.with(is.is_at_begin ? seen_alignment(button, Qt::AlignLeft) : Qt::AlignHCenter));
    }
    if (is.arrow > 0) {
        const QRect arrow(room.right() + 1, room.top(), is.arrow, room.height());
        look.add(seen, mark_of(seen, 3, seen.mirrored(arrow), arrow_down));
    }
}

inline std::uint32_t check_flag(Qt::CheckState state) {
    return state == Qt::Checked ? SR_NODE_FLAG_CHECKED : state == Qt::PartiallyChecked ? SR_NODE_FLAG_PARTIAL : 0u;
}

inline void describe_check(Look &look, const Seen &seen, QAbstractButton *button, sr_node_kind kind) {
    Item item = whole(seen, kind);
    item.text = without_mnemonic(button->text());
    const auto *box = qobject_cast<QCheckBox *>(button);
    item.flags |= box ? check_flag(box->checkState()) : button->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
    if (item.flags & SR_NODE_FLAG_FOCUSED) {
        // The widget may be wider than what is in it: styles say where the ring is.
        QStyleOptionButton option;
        option.initFrom(button);
        option.text = button->text();
        option.icon = button->icon();
        option.iconSize = button->iconSize();
        const auto part = kind == SR_NODE_RADIO ? QStyle::SE_RadioButtonFocusRect : QStyle::SE_CheckBoxFocusRect;
        Item ring = area(seen, 1, seen.in_window(button->style()->subElementRect(part, &option, button)), no_color, no_color);
        ring.flags = SR_NODE_FLAG_FOCUSED;
        look.add(seen, ring);
        item.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_FOCUSED);
    }
    look.add(seen, item.with(seen_alignment(button, Qt::AlignLeft)));
}

} // namespace qt
} // namespace sr

#endif
