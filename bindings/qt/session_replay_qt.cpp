#include "session_replay_qt.h"

#include "src/attach.hpp"
#include "src/recorder.hpp"

#include <QApplication>
#include <QPointer>
#include <QThread>
#include <QWidget>

namespace sr {
namespace qt {
namespace {

/// The application owns it.
QPointer<Recorder> &recorder() {
    static QPointer<Recorder> only;
    return only;
}

} // namespace

bool attach(QCoreApplication *application) noexcept {
    QT_TRY { return attach_recorder(qobject_cast<QApplication *>(application)); }
    QT_CATCH(...) { return false; }
}

bool attach_recorder(QGuiApplication *application) {
    if (!application || application->thread() != QThread::currentThread()) {
        return false;
    }
    if (!recorder()) {
        recorder() = new Recorder(application);
    }
    return true;
}

void detach() noexcept {
    if (Recorder *ended = recorder()) {
        recorder().clear();
        ended->end();
    }
}

void mask(QWidget *widget, bool is_masked) noexcept {
    QT_TRY {
        if (widget) {
            widget->setProperty(mask_property, is_masked);
            widget->update(); // It is looked at again.
        }
    }
    QT_CATCH(...) {}
}

std::uint64_t view_of(const QWidget *widget) noexcept {
    return recorder() && widget ? recorder()->view_of(widget->window()) : 0;
}

} // namespace qt
} // namespace sr
