// What runs in a page: the recorder for web views, and what waits in the page until the program takes it.
//
// It is asked for, and does not go through a QWebChannel: a page has one at most, which is the app's.
#ifndef SESSION_REPLAY_QT_PAGE_SCRIPT_HPP
#define SESSION_REPLAY_QT_PAGE_SCRIPT_HPP

#include <QByteArray>
#include <QString>

namespace sr {
namespace qt {

constexpr char script_name[] = "session-replay";

/// Runs at document creation, or later in a page that is there already: once in each document.
inline QString page_script(const QString &recorder, const QByteArray &privacy, bool is_recording) {
    static const char before[] = R"js((() => {
if (window !== window.top || window.sessionReplayQt || window.sessionReplayRecorder) return;
let waiting = [], length = 0;
const take = () => {
  const taken = waiting.join("\n");
  waiting = [];
  length = 0;
  return taken;
};
Object.defineProperty(window, "sessionReplayQt", { value: Object.freeze({ take }) });
window.sessionReplayRecorderOptions = Object.assign({}, window.sessionReplayRecorderOptions, {
  privacyConfig: %1,
  autoStart: %2,
  postMessage: (lines) => {
    if (length > 4000000) throw new Error("The program takes no events.");
    waiting.push(lines);
    length += lines.length;
  },
});
)js";
    const QString options = QString::fromLatin1(before)
                                .replace(QLatin1String("%1"), privacy.isEmpty() ? QStringLiteral("undefined") : QString::fromUtf8(privacy))
                                .replace(QLatin1String("%2"), is_recording ? QLatin1String("true") : QLatin1String("false"));
    return options + recorder + QLatin1String("\n})();");
}

/// Gives what waits, as a text. Empty where no recorder is.
constexpr char take_script[] = "window.sessionReplayQt ? sessionReplayQt.take() : ''";

} // namespace qt
} // namespace sr

#endif
