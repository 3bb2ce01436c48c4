// Fields of one line, boxes with a number or a date, and combo boxes.
#ifndef SESSION_REPLAY_QT_INPUTS_HPP
#define SESSION_REPLAY_QT_INPUTS_HPP

#include "look.hpp"
#include "style.hpp"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QToolButton>

namespace sr {
namespace qt {

/// The text in a field of the replay begins this far from its edge.
constexpr int field_padding = 7;

/// Where a field's text may stand, in it: beside the buttons and icons in it.
inline QRect text_room(const QLineEdit *field) {
    const QMargins margins = field->textMargins();
    const int edge = (field->hasFrame() ? field->style()->pixelMetric(QStyle::PM_DefaultFrameWidth, nullptr, field) : 0) + 2;
    QRect room = field->rect().adjusted(edge + margins.left(), 0, -edge - margins.right(), 0);
    for (const QObject *child : field->children()) {
        const auto *button = qobject_cast<const QToolButton *>(child);
        if (!button || !button->isVisible()) {
            continue;
        }
        if (button->geometry().center().x() < field->rect().center().x()) {
            room.setLeft(qMax(room.left(), button->geometry().right() + 3));
        } else {
            room.setRight(qMin(room.right(), button->geometry().left() - 3));
        }
    }
    return room;
}

/// What a password field holds is never read: whether there is anything has to do.
inline void describe_line_edit(Look &look, const Seen &seen, QLineEdit *field) {
    const bool is_password = look.passwords.is_password(field);
    const QRect room = text_room(field);
    Item item = whole(seen, is_password ? SR_NODE_PASSWORD : SR_NODE_INPUT);
    item.background = color(field, QPalette::Base);
    item.color = color(field, QPalette::Text);
    item.border = field->hasFrame() ? line_color(field) : no_color;
    // One that has something beside its text, or lies in a box that has the frame, is a box and a field that is only text.
    if (!field->hasFrame() || room.width() < field->width() - 2 * field_padding) {
        Item box = item;
        box.kind = SR_NODE_CUSTOM;
        box.id = node_id(field, 2);
        look.add(seen, box);
        item.place = seen.in_window(room.adjusted(-field_padding, 0, field_padding, 0));
        item.background = item.border = no_color;
        item.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_FOCUSED);
    }
    item.text = is_password ? QStringLiteral("*").left(field->text().isEmpty() ? 0 : 1) : field->displayText();
    const Qt::LayoutDirection direction = item.text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight;
    look.add(seen, item.with(QStyle::visualAlignment(direction, field->alignment())));
    if (field->text().isEmpty() && !field->placeholderText().isEmpty()) {
        Item hint = text_of(seen, 1, seen.in_window(room), field->placeholderText());
        QColor faded = palette_color(field, QPalette::Text);
        faded.setAlpha(128);
        hint.color = color_of(faded);
        look.add(seen, hint.with(seen_alignment(field, field->alignment())));
    }
}

/// The box around the field, and the buttons beside that. What it holds is the field's.
inline void describe_spin_box(Look &look, const Seen &seen, QAbstractSpinBox *box) {
    look.add(seen, area(seen, 0, seen.place, color(box, QPalette::Base), line_color(box)));
    const auto *field = box->findChild<QLineEdit *>(QString(), Qt::FindDirectChildrenOnly);
    if (!field || box->buttonSymbols() == QAbstractSpinBox::NoButtons) {
        return;
    }
    const QRect text = seen.in_window(field->geometry());
    const bool is_left = text.left() - seen.place.left() > seen.place.right() - text.right();
    const QRect side = is_left ? QRect(seen.place.topLeft(), QPoint(text.left() - 1, seen.place.bottom())) : QRect(QPoint(text.right() + 1, seen.place.top()), seen.place.bottomRight());
    const auto *date = qobject_cast<QDateTimeEdit *>(box);
    if (date && date->calendarPopup()) {
        look.add(seen, mark_of(seen, 1, side, arrow_down));
        return;
    }
    const bool is_plus = box->buttonSymbols() == QAbstractSpinBox::PlusMinus;
    const QRect upper(side.left(), side.top(), side.width(), side.height() / 2);
    look.add(seen, mark_of(seen, 1, upper, is_plus ? "+" : arrow_up, upper.height() - 2));
    look.add(seen, mark_of(seen, 2, upper.translated(0, upper.height()), is_plus ? "\u2212" : arrow_down, upper.height() - 2));
}

/// What was chosen is an input, as in pages. One that can be edited has a field in it.
inline void describe_combo(Look &look, const Seen &seen, QComboBox *box) {
    const QStyleOptionComboBox option = option_of(box);
    const auto part = [&](QStyle::SubControl control) {
        return seen.in_window(box->style()->subControlRect(QStyle::CC_ComboBox, &option, control, box));
    };
    Item item = whole(seen, SR_NODE_CUSTOM);
    item.background = color(box, box->isEditable() ? QPalette::Base : QPalette::Button);
    item.border = option.frame ? line_color(box) : no_color;
    look.add(seen, item);
    if (!box->isEditable()) {
        QRect room = QStyle::visualRect(box->layoutDirection(), seen.place, part(QStyle::SC_ComboBoxEditField));
        if (!option.currentIcon.isNull()) {
            const QRect icon(QPoint(room.left() + 2, room.center().y() - option.iconSize.height() / 2 + 1), option.iconSize);
            look.icon(seen, 3, seen.mirrored(icon), option.currentIcon);
            room.setLeft(icon.right() + 3);
        }
        Item text = whole(seen, SR_NODE_INPUT, 2);
        text.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_FOCUSED);
        text.color = color(box, QPalette::ButtonText);
        text.background = text.border = no_color;
        text.place = seen.mirrored(room.adjusted(3 - field_padding, 0, field_padding, 0));
        text.text = box->currentText();
        look.add(seen, text.with(seen_alignment(box, Qt::AlignLeft)));
    }
    look.add(seen, mark_of(seen, 1, part(QStyle::SC_ComboBoxArrow), arrow_down));
}

} // namespace qt
} // namespace sr

#endif
