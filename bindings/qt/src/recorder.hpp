// When a window is looked at: after it was painted, at most 4 times a second, and only while it is of use.
#ifndef SESSION_REPLAY_QT_RECORDER_HPP
#define SESSION_REPLAY_QT_RECORDER_HPP

#include "input.hpp"
#include "parts.hpp"
#include "privacy.hpp"
#include "walk.hpp"
#include "windows.hpp"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QEvent>
#include <QTimerEvent>

namespace sr {
namespace qt {

/// Sees each event of the application's thread, and changes none.
class Recorder : public QObject {
public:
    explicit Recorder(QCoreApplication *application)
        : QObject(application), windows_([this](const QObject *window) { changed(window); }),
          parts_([this](const QWidget *part) { changed(part ? part->window() : nullptr); }), input_(windows_, parts_) {
        application->installEventFilter(this);
        watch_.start(watch_ms, Qt::VeryCoarseTimer, this);
        since_look_.start();
        privacy_ = Privacy::current();
        look_soon();
    }

    ~Recorder() override {
        parts_.close_all();
        windows_.close_all();
    }

    /// Ends it: at once, or after the look that an app's model interrupted with this call.
    void end() {
        is_ended_ = true;
        watch_.stop();
        next_.stop();
        if (!is_looking_) {
            parts_.close_all();
            windows_.close_all();
        }
        if (is_looking_) {
            QCoreApplication::instance()->removeEventFilter(this);
        } else {
            delete this;
        }
    }

    std::uint64_t view_of(const QWidget *window) noexcept {
        const Window *found = windows_.find(window);
        return found ? found->view : 0;
    }

    bool eventFilter(QObject *object, QEvent *event) override {
        // An exception would end the host, as would one in its own event handlers.
        QT_TRY { see(object, event); }
        QT_CATCH(...) {}
        return false;
    }

protected:
    void timerEvent(QTimerEvent *event) override {
        QT_TRY {
            if (event->timerId() == watch_.timerId()) {
                look_again_if_told();
            } else if (event->timerId() == next_.timerId()) {
                next_.stop();
                // Behind whatever is to be painted, so that what Qt has painted is what widgets say of themselves.
                QCoreApplication::postEvent(this, new QEvent(look_event()), Qt::LowEventPriority - 1);
            }
        }
        QT_CATCH(...) {}
    }

    bool event(QEvent *event) override {
        if (event->type() != look_event()) {
            return QObject::event(event);
        }
        QT_TRY { look(); }
        QT_CATCH(...) {}
        if (is_ended_ && !is_looking_) {
            parts_.close_all();
            windows_.close_all();
            deleteLater();
        }
        return true;
    }

private:
    static constexpr int min_ms = 250;
    /// How soon what the library says is noticed while nothing is painted.
    static constexpr int watch_ms = 1000;

    static QEvent::Type look_event() {
        static const auto type = static_cast<QEvent::Type>(QEvent::registerEventType());
        return type;
    }

    void see(QObject *object, QEvent *event) {
        switch (event->type()) {
        case QEvent::Paint:
            painted(object);
            break;
        case QEvent::Show:
        case QEvent::Hide:
        case QEvent::Move:
        case QEvent::Resize:
        case QEvent::ZOrderChange:
        case QEvent::WindowActivate:
        case QEvent::WindowDeactivate:
        case QEvent::WindowStateChange:
        case QEvent::WindowTitleChange:
            moved(object, event->type());
            break;
        case QEvent::MouseMove:
        case QEvent::MouseButtonPress:
        case QEvent::MouseButtonRelease:
        case QEvent::MouseButtonDblClick:
            if (object->isWindowType() && sr_is_capturing()) {
                input_.mouse(static_cast<QMouseEvent *>(event));
            }
            break;
        case QEvent::TouchBegin:
        case QEvent::TouchUpdate:
        case QEvent::TouchEnd:
            if (object->isWindowType() && sr_is_capturing()) {
                input_.touch(static_cast<QTouchEvent *>(event));
            }
            break;
        case QEvent::KeyPress:
            if (object->isWindowType() && sr_is_capturing()) {
                input_.key(static_cast<QKeyEvent *>(event));
            }
            break;
        case QEvent::FocusIn:
            typed_in(object);
            moved(object, event->type());
            break;
        case QEvent::FocusOut:
        case QEvent::InputMethodQuery:
        case QEvent::InputMethod:
            typed_in(object);
            break;
        default:
            break;
        }
    }

    /// A field of Qt Quick is not painted by itself: it is told of here, before a button shows what it holds.
    void typed_in(const QObject *object) {
        if (!object->isWidgetType() && !object->isWindowType()) {
            passwords_.note(object);
        }
    }

    void painted(QObject *object) {
        if (!object->isWidgetType()) {
            return;
        }
        if (auto *field = qobject_cast<QLineEdit *>(object)) {
            passwords_.note(field);
        }
        if (Window *window = windows_.find(static_cast<QWidget *>(object)->window())) {
            window->is_dirty = true;
        }
        look_soon();
    }

    void moved(const QObject *object, QEvent::Type type) {
        const bool is_window = object->isWidgetType() ? static_cast<const QWidget *>(object)->isWindow() : object->isWindowType() && !object->inherits("QWidgetWindow");
        if (!is_window) {
            return;
        }
        // A window of widgets is activated, another one gets the focus.
        if (type == QEvent::ZOrderChange || type == QEvent::WindowActivate || (type == QEvent::FocusIn && object->isWindowType())) {
            windows_.raise(object);
        }
        look_soon();
    }

    void changed(const QObject *object) {
        if (Window *window = windows_.find(object)) {
            window->is_dirty = true;
            look_soon();
        }
    }

    void look_soon(int wait = 0) {
        if (!next_.isActive() && !is_ended_ && sr_is_capturing()) {
            next_.start(int(qMax<qint64>(wait, min_ms - since_look_.elapsed())), this);
        }
    }

    void look() {
        // What an app's model does while it is asked may run an event loop, and this timer in it.
        if (is_looking_ || QCoreApplication::closingDown() || !sr_is_capturing()) {
            return;
        }
        const Flag flag(is_looking_);
        since_look_.start();
        windows_.update();
        parts_.keep([this](std::uint64_t view) { return windows_.has(view); });
        std::vector<QPointer<QObject>> dirty;
        for (Window &window : windows_.list()) {
            if (window.is_dirty && window.object() && !window.is_minimized()) {
                window.is_dirty = false;
                dirty.emplace_back(const_cast<QObject *>(window.object()));
            }
        }
        for (const QPointer<QObject> &object : dirty) {
            const int wait = show(object);
            if (Window *window = wait < 0 || is_ended_ ? nullptr : windows_.find(object)) {
                window->is_dirty = true;
                look_soon(wait);
            }
        }
    }

    /// Returns in how many milliseconds the window is to be looked at again; -1: once it is painted.
    int show(const QPointer<QObject> &object) {
        Window *window = is_ended_ ? nullptr : windows_.find(object);
        if (!window) {
            return -1;
        }
        NodeList nodes;
        Look look{nodes, icons_, passwords_, labels_};
        if (window->content) {
            const QRect whole(QPoint(0, 0), window->place.size());
            return window->content->look(Shown{window->view, whole, look.masks, privacy_, passwords_, nullptr});
        }
        auto *widget = static_cast<QWidget *>(object.data());
        Walk(look).window(widget);
        window = object && !is_ended_ ? windows_.find(object) : nullptr;
        if (!window) {
            return -1;
        }
        sr_view_nodes(window->view, nodes.data(), nodes.size());
        return parts_.update(widget, window->view, look, privacy_);
    }

    /// Once capturing begins, and once what is masked has changed, all is shown again: the library keeps neither what it was not
    /// to capture, nor what it masked.
    void look_again_if_told() {
        const Privacy privacy = Privacy::current();
        if (!(privacy == privacy_)) {
            privacy_ = privacy;
            windows_.all_are_dirty();
            look_soon();
        }
    }

    struct Flag {
        explicit Flag(bool &flag) : flag_(flag) { flag_ = true; }
        ~Flag() { flag_ = false; }
        bool &flag_;
    };

    Passwords passwords_; ///< Before those who are told of it.
    Windows windows_;
    Parts parts_;
    Input input_;
    Icons icons_;
    RichLabels labels_;
    QBasicTimer next_, watch_;
    QElapsedTimer since_look_;
    Privacy privacy_;
    bool is_looking_ = false, is_ended_ = false;
};

} // namespace qt
} // namespace sr

#endif
