// A small app of Qt widgets that records itself: ./orders http://127.0.0.1:8787 (the viewer's address)
#include "orders_window.h"

#include <session_replay.hpp>
#include <session_replay_qt.h>

#include <QApplication>

int main(int count, char **arguments) {
    QApplication application(count, arguments);
    sr::Options options;
    options.device_id = "qt-app";
    options.session_id = QDateTime::currentMSecsSinceEpoch(); // the analytics session
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.track_server_url = std::string(count > 1 ? arguments[1] : "http://127.0.0.1:8787") + "/sessions/v2/track";
    auto replay = sr::SessionReplay::start("my-api-key", options);
    if (!replay) {
        qWarning("%s", replay.error().message.c_str());
    }
    sr::qt::attach(&application);
#ifdef ORDERS_RECORDER // SessionReplay::QtWebEngine is linked: pages in web views
    if (!sr::qt::attach_web_engine(ORDERS_RECORDER)) {
        qWarning("The recorder of pages is not there: run `npm ci && npm run build` in bindings/web.");
    }
#endif

    OrdersWindow window;
    window.show();
    return application.exec();
}
