// The walk over the widgets of a window, in the order in which they are painted.
#ifndef SESSION_REPLAY_QT_WALK_HPP
#define SESSION_REPLAY_QT_WALK_HPP

#include "buttons.hpp"
#include "containers.hpp"
#include "fields.hpp"
#include "inputs.hpp"
#include "items.hpp"
#include "labels.hpp"
#include "menus.hpp"
#include "sliders.hpp"
#include "tabs.hpp"
#include "text_edits.hpp"

#include <QAbstractScrollArea>
#include <QDial>
#include <QGraphicsView>
#include <QLCDNumber>
#include <QMdiArea>
#include <QPointer>
#include <QRadioButton>
#include <QScrollArea>
#include <QThread>

#include <algorithm>
#include <cstring>
#include <typeinfo>
#include <vector>

namespace sr {
namespace qt {

/// See the file. Models, delegates and styles are the app's code, and may delete what is being walked: each widget is asked for
/// again after it was described.
class Walk {
public:
    explicit Walk(Look &look) : look_(look) {}

    void window(QWidget *window) {
        Clip all;
        all.visible = window->rect();
        background_ = palette_color(window, window->backgroundRole());
        widget(window, window->rect(), all, 0);
    }

private:
    static constexpr int max_depth = 64;

    void widget(QWidget *it, const QRect &place, const Clip &around, int depth) {
        const QPointer<QWidget> guard(it);
        Clip clip = around;
        clip.is_masked |= it->property(mask_property).toBool();
        clip.is_disabled = !it->isEnabled();
        const bool is_rising = !look_.nodes.is_above() && lies_on_part(place & around.visible);
        if (is_rising) {
            look_.nodes.rise(place & around.visible);
            clip.node = 0; // That is one of the list below.
        }
        mask_field(look_, clip.is_masked ? Field::secret : field_of(it, look_.passwords), place & around.visible);
        const bool is_leaf = !describe(Seen{it, place, clip}) || guard.isNull();
        if (depth >= max_depth) {
            look_.masks.give_up();
        } else if (!is_leaf) {
            clip.visible &= place;
            if (clip.visible != around.visible) {
                clip.node = 0;
                clip.id = node_id(it);
            }
            children(it, place.topLeft(), clip, depth);
        }
        if (is_rising) {
            look_.nodes.sink();
        }
    }

    /// What was found before lies below, as Qt paints it.
    bool lies_on_part(const QRect &place) const {
        return std::any_of(look_.drawn.begin(), look_.drawn.end(), [&place](const Drawn &it) { return it.is_apart && it.seen.intersects(place); });
    }

    void children(QWidget *parent, const QPoint &origin, Clip &clip, int depth) {
        std::vector<QPointer<QWidget>> list;
        for (QObject *child : parent->children()) {
            if (child->isWidgetType()) {
                list.emplace_back(static_cast<QWidget *>(child));
            }
        }
        for (const QPointer<QWidget> &child : list) {
            if (look_.nodes.is_full()) {
                look_.masks.give_up();
                return;
            }
            if (!child || child->isWindow() || !child->isVisible() || child->thread() != QThread::currentThread()) {
                continue;
            }
            const QRect place = child->geometry().translated(origin);
            if (place.intersects(clip.visible)) {
                widget(child, place, clip, depth + 1);
            }
        }
    }

    /// Whether what lies in it is to be described, too.
    bool describe(const Seen &seen) {
        QWidget *it = seen.widget;
        if (auto *scroll = qobject_cast<QAbstractScrollArea *>(it)) {
            return describe_scroll_area(seen, scroll);
        }
        return describe_control(seen) || describe_value(seen) || describe_container(seen);
    }

    /// False when it is none.
    bool describe_control(const Seen &seen) {
        QWidget *it = seen.widget;
        if (auto *button = qobject_cast<QAbstractButton *>(it)) {
            const bool is_radio = qobject_cast<QRadioButton *>(it);
            if (is_radio || qobject_cast<QCheckBox *>(it)) {
                describe_check(look_, seen, button, is_radio ? SR_NODE_RADIO : SR_NODE_CHECKBOX);
            } else {
                describe_button(look_, seen, button);
            }
        } else if (auto *label = qobject_cast<QLabel *>(it)) {
            describe_frame(look_, seen, label);
            if (!describe_label(look_, seen, label)) {
                draw(seen, label, seen.place);
            }
        } else if (auto *tabs = qobject_cast<QTabBar *>(it)) {
            describe_tabs(look_, seen, tabs);
        } else if (auto *menus = qobject_cast<QMenuBar *>(it)) {
            describe_menu_bar(look_, seen, menus);
        } else if (auto *menu = qobject_cast<QMenu *>(it)) {
            describe_menu(look_, seen, menu);
        } else {
            return false;
        }
        return true;
    }

    /// What holds a value. False when it is none.
    bool describe_value(const Seen &seen) {
        QWidget *it = seen.widget;
        if (auto *field = qobject_cast<QLineEdit *>(it)) {
            describe_line_edit(look_, seen, field);
        } else if (auto *box = qobject_cast<QComboBox *>(it)) {
            describe_combo(look_, seen, box);
        } else if (auto *spin = qobject_cast<QAbstractSpinBox *>(it)) {
            describe_spin_box(look_, seen, spin);
        } else if (auto *progress = qobject_cast<QProgressBar *>(it)) {
            describe_progress(look_, seen, progress);
        } else if (auto *slider = qobject_cast<QSlider *>(it)) {
            describe_slider(look_, seen, slider);
        } else if (auto *bar = qobject_cast<QScrollBar *>(it)) {
            describe_scroll_bar(look_, seen, bar);
        } else if (qobject_cast<QAbstractSlider *>(it)) {
            describe_drawn(seen); // A dial, or one of the app's own.
        } else {
            return false;
        }
        return true;
    }

    bool describe_scroll_area(const Seen &seen, QAbstractScrollArea *scroll) {
        const bool is_list = qobject_cast<QAbstractItemView *>(scroll);
        QWidget *port = scroll->viewport();
        const bool is_drawn_by_app = port && paints_itself(scroll);
        Item box = whole(seen, is_drawn_by_app ? SR_NODE_CUSTOM : is_list ? SR_NODE_LIST : SR_NODE_SCROLL_AREA);
        box.flags &= ~static_cast<std::uint32_t>(SR_NODE_FLAG_FOCUSED); // Its item has the mark, or the text in it.
        box.background = port && port->autoFillBackground() ? color(port, port->backgroundRole()) : no_color;
        if (auto *windows = qobject_cast<QMdiArea *>(scroll)) {
            box.background = color_of(windows->background().color());
        }
        box.border = scroll->frameShape() == QFrame::NoFrame ? no_color : line_color(scroll);
        look_.add(seen, box);
        if (!port) {
            return true;
        }
        // What it draws itself is cut off at the edges of its viewport.
        Clip inside = seen.clip;
        inside.visible &= port->geometry().translated(seen.place.topLeft());
        inside.node = 0;
        inside.id = node_id(port, 1);
        if (auto *items = qobject_cast<QAbstractItemView *>(scroll)) {
            describe_items(look_, seen, inside, items);
        } else if (auto *text = qobject_cast<QTextEdit *>(scroll)) {
            describe_text(look_, seen, inside, text);
        } else if (auto *plain = qobject_cast<QPlainTextEdit *>(scroll)) {
            describe_text(look_, seen, inside, plain);
        } else if (is_drawn_by_app) {
            const QRect place = port->geometry().translated(seen.place.topLeft());
            if (auto *scene = qobject_cast<QGraphicsView *>(scroll)) {
                mask_scene(look_, scene, place.topLeft());
            }
            draw(seen, port, place);
        }
        return true;
    }

    /// Whether what is in its viewport is neither text, nor cells, nor widgets.
    static bool paints_itself(const QAbstractScrollArea *scroll) {
        const bool is_known = qobject_cast<const QAbstractItemView *>(scroll) || qobject_cast<const QTextEdit *>(scroll) ||
                              qobject_cast<const QPlainTextEdit *>(scroll) || qobject_cast<const QScrollArea *>(scroll) ||
                              qobject_cast<const QMdiArea *>(scroll);
        return qobject_cast<const QGraphicsView *>(scroll) || (!is_known && is_own_class(scroll) && !has_children(scroll->viewport()));
    }

    bool describe_container(const Seen &seen) {
        QWidget *it = seen.widget;
        for (const char *drawn : {"QWebEngineView", "QOpenGLWidget", "QQuickWidget"}) {
            if (it->inherits(drawn)) {
                describe_drawn(seen);
                return false;
            }
        }
        if (is_engine(it)) {
            look_.add(seen, area(seen, 1, seen.place, 0, line_color(it)));
            return false;
        }
        const QColor back = palette_color(it, it->backgroundRole());
        if (is_filled(it) && back != background_ && !is_viewport(it)) {
            look_.add(seen, area(seen, 0, seen.place, color_of(back)));
        }
        describe_edges(seen);
        const bool is_drawn = is_own_class(it) || qobject_cast<QLCDNumber *>(it) || it->inherits("QColorPicker") || it->inherits("QColorLuminancePicker") || it->inherits("QWellArray");
        if (is_drawn && !is_viewport(it) && !has_children(it)) {
            describe_drawn(seen);
        }
        return true;
    }

    /// Its title, its frame: what it shows beside what lies in it.
    void describe_edges(const Seen &seen) {
        QWidget *it = seen.widget;
        if (auto *group = qobject_cast<QGroupBox *>(it)) {
            describe_group(look_, seen, group);
        } else if (auto *status = qobject_cast<QStatusBar *>(it)) {
            describe_status_bar(look_, seen, status);
        } else if (auto *dock = qobject_cast<QDockWidget *>(it)) {
            describe_dock(look_, seen, dock);
        } else if (auto *sub = qobject_cast<QMdiSubWindow *>(it)) {
            describe_sub_window(look_, seen, sub);
        } else if (auto *tabs = qobject_cast<QTabWidget *>(it)) {
            describe_tab_pane(look_, seen, tabs);
        } else if (it->inherits("QToolBarSeparator")) {
            describe_separator(look_, seen);
        } else if (auto *frame = qobject_cast<QFrame *>(it)) {
            describe_frame(look_, seen, frame);
        }
    }

    /// What only its pixels tell, or its page: a rectangle, which is empty until there are any.
    void describe_drawn(const Seen &seen) {
        look_.add(seen, area(seen, 1, seen.place, 0, line_color(seen.widget)));
        draw(seen, seen.widget, seen.place);
    }

    void draw(const Seen &seen, QWidget *widget, const QRect &place) {
        if (!seen.clip.is_masked) {
            look_.drawn.push_back(Drawn{widget, place, place & seen.clip.visible, is_composed_engine(widget), look_.nodes.is_above()});
        }
    }

    /// It lies below what its area draws, which has told its color already.
    static bool is_viewport(const QWidget *it) {
        const auto *area = qobject_cast<QAbstractScrollArea *>(it->parentWidget());
        return area && area->viewport() == it;
    }

    static bool has_children(const QWidget *it) {
        for (const QObject *child : it->children()) {
            if (child->isWidgetType() && !static_cast<const QWidget *>(child)->isHidden()) {
                return true;
            }
        }
        return false;
    }

    /// Whether the app wrote it, and may paint what it likes.
    static bool is_own_class(const QWidget *it) {
        const char *name = it->metaObject()->className();
        if (name[0] != 'Q' || !(name[1] >= 'A' && name[1] <= 'Z')) {
            return true;
        }
#if defined(__cpp_rtti) || defined(_CPPRTTI)
        // A class without Q_OBJECT has the name of what it derives from.
        return (std::strcmp(name, "QWidget") == 0 && typeid(*it) != typeid(QWidget)) || (std::strcmp(name, "QFrame") == 0 && typeid(*it) != typeid(QFrame));
#else
        return false;
#endif
    }

    Look &look_;
    QColor background_;
};

} // namespace qt
} // namespace sr

#endif
