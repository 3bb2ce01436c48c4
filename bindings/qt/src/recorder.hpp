// When a window is looked at: after it was painted, at most 4 times a second, and only while it is of use.
#ifndef SESSION_REPLAY_QT_RECORDER_HPP
#define SESSION_REPLAY_QT_RECORDER_HPP

#include "input.hpp"
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
    explicit Recorder(QCoreApplication *application) : QObject(application), input_(windows_) {
        application->installEventFilter(this);
        watch_.start(watch_ms, Qt::VeryCoarseTimer, this);
        since_look_.start();
        look_soon();
    }

    ~Recorder() override { windows_.close_all(); }

    /// Ends it: at once, or after the look that an app's model interrupted with this call.
    void end() {
        is_ended_ = true;
        watch_.stop();
        next_.stop();
        windows_.close_all();
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
                look();
            }
        }
        QT_CATCH(...) {}
        if (is_ended_ && !is_looking_) {
            deleteLater();
        }
    }

private:
    static constexpr int min_ms = 250;
    /// How soon what the library says is noticed while nothing is painted.
    static constexpr int watch_ms = 1000;

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
        default:
            break;
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

    void moved(QObject *object, QEvent::Type type) {
        if (!object->isWidgetType() || !static_cast<QWidget *>(object)->isWindow()) {
            return;
        }
        if (type == QEvent::ZOrderChange || type == QEvent::WindowActivate) {
            windows_.raise(static_cast<QWidget *>(object));
        }
        look_soon();
    }

    void look_soon() {
        if (!next_.isActive() && sr_is_capturing()) {
            next_.start(int(qMax<qint64>(0, min_ms - since_look_.elapsed())), this);
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
        std::vector<QPointer<QWidget>> dirty;
        for (Window &window : windows_.list()) {
            if (window.is_dirty && window.widget && !window.widget->isMinimized()) {
                window.is_dirty = false;
                dirty.push_back(window.widget);
            }
        }
        for (const QPointer<QWidget> &widget : dirty) {
            show(widget);
        }
    }

    void show(const QPointer<QWidget> &widget) {
        if (is_ended_ || !widget || !windows_.find(widget)) {
            return;
        }
        NodeList nodes;
        Look look{nodes, icons_, passwords_};
        Walk(look).window(widget);
        const Window *window = widget && !is_ended_ ? windows_.find(widget) : nullptr;
        if (window) {
            sr_view_nodes(window->view, nodes.data(), nodes.size());
        }
    }

    /// Once capturing begins, and once what is masked has changed, all is shown again: the library keeps neither what it was not
    /// to capture, nor what it masked.
    void look_again_if_told() {
        QByteArray situation;
        if (sr_is_capturing()) {
            char *privacy = sr_get_privacy_config();
            char *stats = sr_stats();
            situation = "+";
            situation += privacy;
            situation += stats && std::strstr(stats, "waiting-for-remote-config") ? "?" : "";
            sr_string_free(privacy);
            sr_string_free(stats);
        }
        if (situation != situation_) {
            situation_ = situation;
            windows_.all_are_dirty();
            look_soon();
        }
    }

    struct Flag {
        explicit Flag(bool &flag) : flag_(flag) { flag_ = true; }
        ~Flag() { flag_ = false; }
        bool &flag_;
    };

    Windows windows_;
    Input input_;
    Icons icons_;
    Passwords passwords_;
    QBasicTimer next_, watch_;
    QElapsedTimer since_look_;
    QByteArray situation_;
    bool is_looking_ = false, is_ended_ = false;
};

} // namespace qt
} // namespace sr

#endif
