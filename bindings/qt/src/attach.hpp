// What the sources beside session_replay_qt.cpp begin recording with.
#ifndef SESSION_REPLAY_QT_ATTACH_HPP
#define SESSION_REPLAY_QT_ATTACH_HPP

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QGuiApplication;
QT_END_NAMESPACE

namespace sr {
namespace qt {

/// As sr::qt::attach(), which only takes an application with widgets.
bool attach_recorder(QGuiApplication *application);

} // namespace qt
} // namespace sr

#endif
