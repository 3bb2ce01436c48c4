// Records the windows of a program with Qt widgets (Qt 5.15, Qt 6): compile session_replay_qt.cpp beside it, or link
// SessionReplay::Qt of the CMakeLists.txt here. docs/guide/qt.md shows a program.
#ifndef SESSION_REPLAY_QT_H
#define SESSION_REPLAY_QT_H

#include <QtGlobal>

#include <cstdint>

QT_BEGIN_NAMESPACE
class QCoreApplication;
class QWidget;
QT_END_NAMESPACE

namespace sr {
namespace qt {

/// Shows every window of this application as a view, from now on, as long as sr_is_capturing(): before or after sr_init.
///
/// A window is looked at after it was painted, at most 4 times a second; what paints itself is shown by its pixels. Password fields are found: what they hold is not even
/// read. Returns false when the application is no QApplication, is NULL, or this is not its thread: then nothing happens, as
/// when it is attached already (true). Threads: the application's.
bool attach(QCoreApplication *application) noexcept;

/// Ends what attach() began, and closes its views. The end of the application does the same. Threads: the application's.
void detach() noexcept;

/// Masks the text and the pictures of a widget and of all that lies in it, whatever privacyConfig says: for what is secret and
/// no password field. The same as its property "sessionReplayMask", which Qt Designer can set. Threads: the application's.
void mask(QWidget *widget, bool is_masked = true) noexcept;

/// The number of the view that shows this widget's window, for web views of your own that lie in it (sr_view_info.parent); 0:
/// it is not shown. Threads: the application's.
std::uint64_t view_of(const QWidget *widget) noexcept;

} // namespace qt
} // namespace sr

#endif
