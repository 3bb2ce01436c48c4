// Records the windows of a QML program, and the QQuickWidgets of one with widgets: link SessionReplay::QtQuick, or compile
// session_replay_qt_quick.cpp beside session_replay_qt.cpp. docs/guide/qt.md shows a program.
#ifndef SESSION_REPLAY_QT_QUICK_H
#define SESSION_REPLAY_QT_QUICK_H

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QCoreApplication;
QT_END_NAMESPACE

namespace sr {
namespace qt {

/// Does what sr::qt::attach() does, for a QGuiApplication, too: each QQuickWindow is a view with its pixels, and each QQuickWidget
/// a part of its window's. Fields in it are found and masked; an item with `property bool sessionReplayMask: true` is masked whole.
///
/// A window is looked at after it was rendered. Its thread reads the picture back: the application's thread does not wait.
/// Returns false when the application is no QGuiApplication, is NULL, or this is not its thread: then nothing happens.
/// sr::qt::detach() ends it. Threads: the application's.
bool attach_quick(QCoreApplication *application) noexcept;

} // namespace qt
} // namespace sr

#endif
