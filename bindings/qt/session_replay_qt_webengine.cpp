#include "session_replay_qt_webengine.h"

#include "src/page.hpp"

#include <QFile>
#include <QWebEngineView>

#include <algorithm>

namespace sr {
namespace qt {
namespace {

QString &recorder_source() {
    static QString source;
    return source;
}

std::unique_ptr<Content> page_of(QObject *shown, const std::function<void()> &) {
    auto *view = qobject_cast<QWebEngineView *>(shown);
    return view ? std::make_unique<PageContent>(view, recorder_source()) : nullptr;
}

} // namespace

bool attach_web_engine(const QString &recorder) noexcept {
    QT_TRY {
        QFile file(recorder);
        if (!file.open(QIODevice::ReadOnly)) {
            return false;
        }
        recorder_source() = QString::fromUtf8(file.readAll());
        if (recorder_source().isEmpty()) {
            return false;
        }
        if (std::find(kinds().begin(), kinds().end(), &page_of) == kinds().end()) {
            kinds().push_back(&page_of);
        }
        return true;
    }
    QT_CATCH(...) { return false; }
}

} // namespace qt
} // namespace sr
