// Records the pages in the QWebEngineViews of a program with Qt widgets: link SessionReplay::QtWebEngine, or compile
// session_replay_qt_webengine.cpp beside session_replay_qt.cpp. docs/guide/qt.md shows a program.
#ifndef SESSION_REPLAY_QT_WEBENGINE_H
#define SESSION_REPLAY_QT_WEBENGINE_H

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QString;
QT_END_NAMESPACE

namespace sr {
namespace qt {

/// Each QWebEngineView is a view of its own from now on, at its place, and its page is recorded in it by the recorder for web
/// views, whose file this names (session-replay-recorder.js of bindings/web; it may lie in Qt's resources).
///
/// Returns false when the file can't be read: then nothing happens. Call it beside sr::qt::attach(), before pages are loaded if
/// that can be. sr::qt::detach() ends it. Threads: the application's.
bool attach_web_engine(const QString &recorder) noexcept;

} // namespace qt
} // namespace sr

#endif
