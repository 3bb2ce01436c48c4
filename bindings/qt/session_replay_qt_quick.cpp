#include "session_replay_qt_quick.h"

#include "src/attach.hpp"
#include "src/quick.hpp"

#include <QGuiApplication>

#include <algorithm>

#ifdef QT_QUICKWIDGETS_LIB
#include <QQuickWidget>
#endif

namespace sr {
namespace qt {
namespace {

std::unique_ptr<Content> scene_of(QObject *shown, const std::function<void()> &painted) {
    auto *window = qobject_cast<QQuickWindow *>(shown);
#ifdef QT_QUICKWIDGETS_LIB
    if (auto *widget = qobject_cast<QQuickWidget *>(shown)) {
        window = widget->inherits("QtWebEngineCore::RenderWidgetHostViewQtDelegateWidget") ? nullptr : widget->quickWindow();
    }
#endif
    return window ? std::make_unique<QuickContent>(window, painted) : nullptr;
}

} // namespace

bool attach_quick(QCoreApplication *application) noexcept {
    QT_TRY {
        if (!attach_recorder(qobject_cast<QGuiApplication *>(application))) {
            return false;
        }
        if (std::find(kinds().begin(), kinds().end(), &scene_of) == kinds().end()) {
            kinds().push_back(&scene_of);
        }
        return true;
    }
    QT_CATCH(...) { return false; }
}

} // namespace qt
} // namespace sr
