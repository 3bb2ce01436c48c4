// What Qt 5 and Qt 6 name differently, and what widgets tell only to those who derive from them: how they would be drawn.
#ifndef SESSION_REPLAY_QT_STYLE_HPP
#define SESSION_REPLAY_QT_STYLE_HPP

#include <QAbstractItemView>
#include <QComboBox>
#include <QGroupBox>
#include <QItemDelegate>
#include <QLabel>
#include <QScrollBar>
#include <QSlider>
#include <QStyle>
#include <QStyleOption>
#include <QStyledItemDelegate>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>

namespace sr {
namespace qt {

// A derived class may name a protected member of its base: the pointer to it is one to the base's, and calls what an app overrides.
struct GroupBoxAccess : QGroupBox {
    static QStyleOptionGroupBox option(const QGroupBox *box) {
        QStyleOptionGroupBox option;
        (box->*(&GroupBoxAccess::initStyleOption))(&option);
        return option;
    }
};

struct ScrollBarAccess : QScrollBar {
    static QStyleOptionSlider option(const QScrollBar *bar) {
        QStyleOptionSlider option;
        (bar->*(&ScrollBarAccess::initStyleOption))(&option);
        return option;
    }
};

struct SliderAccess : QSlider {
    static QStyleOptionSlider option(const QSlider *slider) {
        QStyleOptionSlider option;
        (slider->*(&SliderAccess::initStyleOption))(&option);
        return option;
    }
};

struct ComboBoxAccess : QComboBox {
    static QStyleOptionComboBox option(const QComboBox *box) {
        QStyleOptionComboBox option;
        (box->*(&ComboBoxAccess::initStyleOption))(&option);
        return option;
    }
};

struct TabBarAccess : QTabBar {
    static QStyleOptionTab option(const QTabBar *bar, int at) {
        QStyleOptionTab option;
        (bar->*(&TabBarAccess::initStyleOption))(&option, at);
        return option;
    }
};

struct DelegateAccess : QStyledItemDelegate {
    static void init(const QStyledItemDelegate *delegate, QStyleOptionViewItem *option, const QModelIndex &index) {
        (delegate->*(&DelegateAccess::initStyleOption))(option, index);
    }
};

struct ItemViewAccess : QAbstractItemView {
    static QStyleOptionViewItem option(const QAbstractItemView *view) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
        QStyleOptionViewItem option;
        (view->*(&ItemViewAccess::initViewItemOption))(&option);
        return option;
#else
        return (view->*(&ItemViewAccess::viewOptions))();
#endif
    }
};

inline QStyleOptionGroupBox option_of(const QGroupBox *box) { return GroupBoxAccess::option(box); }
inline QStyleOptionSlider option_of(const QScrollBar *bar) { return ScrollBarAccess::option(bar); }
inline QStyleOptionSlider option_of(const QSlider *slider) { return SliderAccess::option(slider); }

inline QStyleOptionComboBox option_of(const QComboBox *box) { return ComboBoxAccess::option(box); }
inline QStyleOptionTab option_of(const QTabBar *bar, int at) { return TabBarAccess::option(bar, at); }

inline QAbstractItemDelegate *delegate_of(const QAbstractItemView *view, const QModelIndex &index) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
    return view->itemDelegateForIndex(index);
#else
    return view->itemDelegate(index);
#endif
}

/// The cell as its delegate would draw it: text, font, colors, icon, check.
inline QStyleOptionViewItem option_of(const QAbstractItemView *view, const QModelIndex &index) {
    QStyleOptionViewItem option = ItemViewAccess::option(view);
    option.widget = view;
    const QAbstractItemDelegate *delegate = delegate_of(view, index);
    if (const auto *styled = qobject_cast<const QStyledItemDelegate *>(delegate)) {
        DelegateAccess::init(styled, &option, index);
    } else if (qobject_cast<const QItemDelegate *>(delegate)) {
        option.text = index.data(Qt::DisplayRole).toString();
        option.backgroundBrush = index.data(Qt::BackgroundRole).value<QBrush>();
        const QVariant text = index.data(Qt::ForegroundRole), alignment = index.data(Qt::TextAlignmentRole);
        if (text.canConvert<QBrush>()) {
            option.palette.setBrush(QPalette::Text, text.value<QBrush>());
        }
        if (alignment.isValid()) {
            option.displayAlignment = Qt::Alignment(alignment.toInt());
        }
    } // Any other draws what it likes, which need not be what the model says: nothing is told of it.
    return option;
}

inline QPixmap pixmap_of(const QLabel *label) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
    return label->pixmap();
#else
    return label->pixmap(Qt::ReturnByValue);
#endif
}

/// Whether the style is the one of old Windows, without a style sheet, whose style derives from it.
inline bool is_of_windows(const QWidget *widget) {
    return widget->style()->inherits("QWindowsStyle") && !widget->style()->inherits("QStyleSheetStyle");
}

inline bool is_tab_visible(const QTabBar *bar, int index) { return bar->isTabVisible(index); }

/// How it shows icon and text: in a tool bar as this says.
inline Qt::ToolButtonStyle tool_button_style(const QToolButton *button) {
    const Qt::ToolButtonStyle style = button->toolButtonStyle();
    if (style != Qt::ToolButtonFollowStyle) {
        return style;
    }
    return static_cast<Qt::ToolButtonStyle>(button->style()->styleHint(QStyle::SH_ToolButtonStyle, nullptr, button));
}

} // namespace qt
} // namespace sr

#endif
