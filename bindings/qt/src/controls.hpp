// Buttons, labels, fields and other widgets that stand for themselves.
#ifndef SESSION_REPLAY_QT_CONTROLS_HPP
#define SESSION_REPLAY_QT_CONTROLS_HPP

#include "look.hpp"
#include "style.hpp"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QFontMetrics>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QStatusBar>
#include <QTabBar>
#include <QTextDocument>
#include <QTextDocumentFragment>
#include <QToolButton>

namespace sr {
namespace qt {

inline QString label_text(const QLabel *label) {
    const QString text = label->text();
    const bool is_rich = label->textFormat() == Qt::RichText || (label->textFormat() == Qt::AutoText && Qt::mightBeRichText(text));
    if (is_rich) {
        return QTextDocumentFragment::fromHtml(text).toPlainText();
    }
    return label->buddy() ? without_mnemonic(text) : text;
}

inline void describe_label(Look &look, const Seen &seen, QLabel *label) {
    const QString text = label_text(label);
    const QPixmap pixmap = pixmap_of(label);
    if (text.isEmpty() && !pixmap.isNull()) {
        look.picture(seen, 1, seen.in_window(label->contentsRect()), look.icons.url_of(pixmap));
        return;
    }
    if (is_filled(label)) {
        look.add(seen, area(seen, 4, seen.place, color(label, label->backgroundRole())));
    }
    Item item = whole(seen, SR_NODE_TEXT);
    item.text = text;
    item.with(label->alignment());
    if (label->wordWrap() || text.contains(QLatin1Char('\n'))) {
        // Several lines stand at the top of a node, and where the label puts them in the label.
        item.flags |= SR_NODE_FLAG_MULTILINE;
        const int flags = static_cast<int>(label->alignment()) | (label->wordWrap() ? Qt::TextWordWrap : 0);
        const QRect lines = label->fontMetrics().boundingRect(label->contentsRect(), flags, text);
        const QRect inside = label->contentsRect();
        item.place = seen.in_window(QRect(inside.left(), lines.top(), inside.width(), lines.height()));
    } else {
        item.place = seen.in_window(label->contentsRect());
    }
    look.add(seen, item);
}

/// The icon and the text of a button share it: beside each other, or the icon above.
inline void describe_button(Look &look, const Seen &seen, QAbstractButton *button) {
    const auto *tool = qobject_cast<QToolButton *>(button);
    const auto *push = qobject_cast<QPushButton *>(button);
    const Qt::ToolButtonStyle style = tool ? tool_button_style(tool) : Qt::ToolButtonTextBesideIcon;
    const bool has_icon = !button->icon().isNull() && style != Qt::ToolButtonTextOnly;
    const bool has_text = !button->text().isEmpty() && !(has_icon && style == Qt::ToolButtonIconOnly);
    const bool is_flat = (tool && tool->autoRaise()) || (push && push->isFlat());
    const bool is_set = button->isDown() || button->isChecked();

    Item item = whole(seen, SR_NODE_BUTTON);
    const QColor plain = palette_color(button, QPalette::Button);
    item.background = is_set ? color_of(plain.darker(125)) : is_flat ? no_color : color_of(plain);
    item.border = is_flat && !is_set ? no_color : line_color(button);
    item.flags |= button->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
    if (has_text && !has_icon) {
        item.text = without_mnemonic(button->text());
    }
    look.add(seen, item);
    if (!has_icon) {
        return;
    }
    const QSize size = button->iconSize();
    QRect icon(QPoint(0, 0), size), whole_place = seen.place;
    QRect text = whole_place;
    const int words = has_text ? button->fontMetrics().boundingRect(button->text()).width() : 0;
    if (has_text && style == Qt::ToolButtonTextUnderIcon) {
        icon.moveCenter(QPoint(whole_place.center().x(), whole_place.top() + 4 + size.height() / 2));
        text.setTop(icon.bottom());
    } else {
        icon.moveCenter(whole_place.center());
        if (has_text && tool) {
            icon.moveLeft(whole_place.left() + 5);
        } else if (has_text) {
            icon.translate(-(words + 4) / 2, 0);
        }
        text.setLeft(icon.right() + 4);
    }
    look.icon(seen, 1, icon, button->icon());
    if (has_text) {
        Item words_item = text_of(seen, 2, text, without_mnemonic(button->text()));
        words_item.with(style == Qt::ToolButtonTextUnderIcon ? Qt::AlignHCenter : Qt::AlignLeft);
        look.add(seen, words_item);
    }
}

inline void describe_check(Look &look, const Seen &seen, QAbstractButton *button, sr_node_kind kind) {
    Item item = whole(seen, kind);
    item.text = without_mnemonic(button->text());
    item.flags |= button->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
    look.add(seen, item);
}

/// What a password field holds is never read: whether there is anything has to do.
inline void describe_line_edit(Look &look, const Seen &seen, QLineEdit *field) {
    const bool is_password = look.passwords.is_password(field);
    Item item = whole(seen, is_password ? SR_NODE_PASSWORD : SR_NODE_INPUT);
    item.background = color(field, QPalette::Base);
    item.color = color(field, QPalette::Text);
    item.border = field->hasFrame() ? line_color(field) : no_color;
    item.text = is_password ? QStringLiteral("*").left(field->text().isEmpty() ? 0 : 1) : field->displayText();
    item.with(field->alignment());
    look.add(seen, item);
    if (field->text().isEmpty() && !field->placeholderText().isEmpty()) {
        Item hint = text_of(seen, 1, seen.place.adjusted(7, 0, -2, 0), field->placeholderText());
        QColor faded = palette_color(field, QPalette::Text);
        faded.setAlpha(128);
        hint.color = color_of(faded);
        look.add(seen, hint);
    }
}

/// What was chosen is an input, as in pages. One that can be edited has a field in it.
inline void describe_combo(Look &look, const Seen &seen, QComboBox *box) {
    Item item = whole(seen, SR_NODE_INPUT);
    item.background = color(box, QPalette::Button);
    item.color = color(box, QPalette::ButtonText);
    item.border = line_color(box);
    item.text = box->isEditable() ? QString() : box->currentText();
    look.add(seen, item);
    Item arrow = text_of(seen, 1, QRect(seen.place.right() - 20, seen.place.top(), 20, seen.place.height()), QStringLiteral("\u25be"));
    look.add(seen, arrow.with(Qt::AlignHCenter));
}

inline void describe_group(Look &look, const Seen &seen, QGroupBox *box) {
    const QStyleOptionGroupBox option = option_of(box);
    const auto part = [&](QStyle::SubControl control) {
        return seen.in_window(box->style()->subControlRect(QStyle::CC_GroupBox, &option, control, box));
    };
    QRect frame = part(QStyle::SC_GroupBoxFrame);
    if (frame.top() <= part(QStyle::SC_GroupBoxLabel).top()) {
        frame.setTop(part(QStyle::SC_GroupBoxLabel).bottom() + 1); // The title stands above it.
    }
    look.add(seen, area(seen, 1, frame, 0, line_color(box)));
    Item title = whole(seen, box->isCheckable() ? SR_NODE_CHECKBOX : SR_NODE_TEXT);
    title.place = part(QStyle::SC_GroupBoxLabel);
    if (box->isCheckable()) {
        title.place = title.place.united(part(QStyle::SC_GroupBoxCheckBox));
        title.flags |= box->isChecked() ? SR_NODE_FLAG_CHECKED : 0u;
    }
    title.text = without_mnemonic(box->title());
    look.add(seen, title);
}

inline void describe_tabs(Look &look, const Seen &seen, QTabBar *bar) {
    for (int at = 0; at < bar->count() && !look.nodes.is_full(); ++at) {
        if (bar->tabRect(at).isEmpty() || !is_tab_visible(bar, at)) {
            continue;
        }
        const bool is_current = at == bar->currentIndex();
        Item tab = text_of(seen, 8 + 2 * static_cast<std::uint64_t>(at), seen.in_window(bar->tabRect(at)), without_mnemonic(bar->tabText(at)));
        tab.kind = SR_NODE_ITEM;
        tab.background = is_current ? color(bar, QPalette::Window) : color_of(palette_color(bar, QPalette::Window).darker(108));
        tab.border = line_color(bar);
        tab.flags |= is_current ? SR_NODE_FLAG_SELECTED : 0u;
        look.add(seen, tab.with(Qt::AlignHCenter));
        const QSize size = bar->iconSize();
        const QRect icon(tab.place.left() + 6, tab.place.center().y() - size.height() / 2, size.width(), size.height());
        look.icon(seen, 9 + 2 * static_cast<std::uint64_t>(at), icon, bar->tabIcon(at));
    }
}

inline void describe_progress(Look &look, const Seen &seen, QProgressBar *bar) {
    look.add(seen, area(seen, 0, seen.place, color(bar, QPalette::Base), line_color(bar)));
    const double range = double(bar->maximum()) - bar->minimum();
    const double part = range > 0 ? qBound(0.0, (double(bar->value()) - bar->minimum()) / range, 1.0) : 0;
    QRect done = seen.place;
    if (bar->orientation() == Qt::Horizontal) {
        done.setWidth(int(done.width() * part));
    } else {
        done.setTop(done.bottom() - int(done.height() * part));
    }
    look.add(seen, area(seen, 1, done, color(bar, QPalette::Highlight)));
    if (bar->isTextVisible()) {
        look.add(seen, text_of(seen, 2, seen.place, bar->text()).with(Qt::AlignHCenter));
    }
}

/// A scroll bar, a slider: what it moves in, and what moves.
inline void describe_slider(Look &look, const Seen &seen, QAbstractSlider *slider) {
    const auto *bar = qobject_cast<QScrollBar *>(slider);
    const auto *other = qobject_cast<QSlider *>(slider);
    if (!bar && !other) {
        look.add(seen, area(seen, 0, seen.place, 0, line_color(slider))); // A dial.
        return;
    }
    const QStyleOptionSlider option = bar ? option_of(bar) : option_of(other);
    const QStyle::ComplexControl control = bar ? QStyle::CC_ScrollBar : QStyle::CC_Slider;
    const auto part = [&](QStyle::SubControl sub) { return seen.in_window(slider->style()->subControlRect(control, &option, sub, slider)); };
    if (bar) {
        look.add(seen, area(seen, 0, seen.place, color_of(palette_color(slider, QPalette::Window).darker(106))));
    } else {
        QRect groove = part(QStyle::SC_SliderGroove);
        const bool is_flat = slider->orientation() == Qt::Horizontal;
        groove = is_flat ? QRect(groove.left(), groove.center().y() - 2, groove.width(), 4) : QRect(groove.center().x() - 2, groove.top(), 4, groove.height());
        look.add(seen, area(seen, 0, groove, line_color(slider)));
    }
    look.add(seen, area(seen, 1, part(bar ? QStyle::SC_ScrollBarSlider : QStyle::SC_SliderHandle), color(slider, QPalette::Button), line_color(slider)));
}

inline void describe_status_bar(Look &look, const Seen &seen, QStatusBar *bar) {
    if (!bar->currentMessage().isEmpty()) {
        look.add(seen, text_of(seen, 1, seen.place.adjusted(6, 0, 0, 0), bar->currentMessage()));
    }
}

} // namespace qt
} // namespace sr

#endif
