// What is done to widgets that paint themselves, to scenes of Qt Quick and to web views while they are recorded.
#ifndef HOSTILE_PARTS_H
#define HOSTILE_PARTS_H

#include <QApplication>
#include <QGraphicsProxyWidget>
#include <QGraphicsScene>
#include <QGraphicsView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPointer>
#include <QVBoxLayout>
#include <QtTest>

#include <functional>
#include <memory>
#include <vector>

#ifdef HOSTILE_QUICK
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QQuickWidget>
#include <session_replay_qt_quick.h>
#endif
#ifdef ORDERS_RECORDER
#include <QWebEnginePage>
#include <QWebEngineView>
#include <session_replay_qt_webengine.h>
#endif

/// Paints itself, and may do something then.
class Plot : public QWidget {
public:
    std::function<void()> deed;

protected:
    void paintEvent(QPaintEvent *) override {
        QPainter painter(this);
        painter.fillRect(rect(), QColor(rand() % 256, 80, 120));
        if (const std::function<void()> now = std::exchange(deed, nullptr)) {
            now();
        }
    }
};

/// Plots that are made, deleted, moved, masked, and put into another window, while they are painted.
inline void plots_come_and_go() {
    QWidget windows[2];
    for (QWidget &window : windows) {
        window.resize(300, 300);
        window.show();
    }
    std::vector<QPointer<Plot>> plots;
    unsigned seed = 3;
    const auto dice = [&seed](unsigned sides) { return (seed = seed * 1103515245u + 12345u) / 65536u % sides; };
    QElapsedTimer time;
    time.start();
    while (time.elapsed() < 5000) {
        if (plots.size() < 60 && dice(2)) {
            auto *plot = new Plot;
            plot->setParent(&windows[dice(2)]);
            plot->setGeometry(int(dice(300)) - 20, int(dice(300)) - 20, int(dice(90)), int(dice(90)));
            plot->show();
            plots.push_back(plot);
        } else if (!plots.empty()) {
            const std::size_t at = dice(unsigned(plots.size()));
            Plot *plot = plots[at];
            if (!plot) {
                plots.erase(plots.begin() + std::ptrdiff_t(at));
                continue;
            }
            switch (dice(6)) {
            case 0: delete plot; break;
            case 1: plot->setParent(&windows[dice(2)]); plot->show(); break;
            case 2: plot->resize(int(dice(400)), int(dice(400))); break;
            case 3: plot->setProperty("sessionReplayMask", dice(2) == 1); break;
            case 4: plot->deed = [plot] { plot->deleteLater(); }; plot->update(); break;
            default: windows[dice(2)].resize(200 + int(dice(200)), 200 + int(dice(200)));
            }
        }
        QTest::qWait(int(dice(20)));
    }
}

/// A scene with fields, which go while it is looked at.
inline void scenes_change() {
    QGraphicsScene scene;
    QGraphicsView view(&scene);
    view.resize(300, 200);
    view.show();
    for (int round = 0; round < 6; ++round) {
        QGraphicsProxyWidget *proxy = scene.addWidget(new QLineEdit("field"));
        scene.addText("text")->setTextInteractionFlags(Qt::TextEditorInteraction);
        QTest::qWait(300);
        if (round % 2) {
            delete proxy->widget();
        } else {
            scene.clear();
        }
        view.viewport()->update();
    }
}

#ifdef HOSTILE_QUICK
/// Scenes that end while their picture is read back: with their window, with their widget, or with the recording.
inline void quick_windows_end() {
    QQmlEngine engine;
    QQmlComponent component(&engine);
    component.setData("import QtQuick\nRectangle { width: 300; height: 200; color: 'red'\n"
                      "TextInput { text: 'secret'; echoMode: TextInput.Password }\n"
                      "ShaderEffectSource { width: 40; height: 40; y: 60; sourceItem: parent; recursive: true }\n"
                      "ShaderEffectSource { width: 40; height: 40; y: 90; sourceItem: parent; recursive: true }\n"
                      "Rectangle { width: 40; height: 40; NumberAnimation on x { from: 0; to: 200; duration: 400; loops: -1 } } }", {});
    for (int round = 0; round < 12; ++round) {
        auto window = std::make_unique<QQuickView>(&engine, nullptr);
        window->setContent({}, &component, component.create());
        window->show();
        QWidget outer;
        auto *inner = new QQuickWidget(&engine, nullptr);
        inner->setContent({}, &component, component.create());
        (new QVBoxLayout(&outer))->addWidget(inner);
        outer.show();
        QTest::qWait(250 + 40 * round);
        switch (round % 4) {
        case 0: window.reset(); delete inner; break;
        case 1: window->close(); inner->hide(); break;
        case 2: sr::qt::detach(); sr::qt::attach_quick(qApp); break;
        default: delete window->rootObject(); delete inner->rootObject(); window->requestUpdate();
        }
        QTest::qWait(150);
    }
}
#endif

#ifdef ORDERS_RECORDER
/// Pages that crash, navigate, are replaced, and go with their view or before it.
inline void web_views_end() {
    const auto page = [](int at) { return QString("<title>%1</title><p>Page %1<input type=password value=secret>").arg(at); };
    for (int round = 0; round < 7; ++round) {
        auto window = std::make_unique<QWidget>();
        auto *view = new QWebEngineView;
        (new QVBoxLayout(window.get()))->addWidget(view);
        view->setHtml(page(round));
        auto *above = new QLabel("On the page", window.get());
        (new Plot)->setParent(above);
        above->setGeometry(20, 20, 100, 30);
        window->resize(300, 200);
        window->show();
        QTest::qWait(900);
        above->move(60, 60);
        QTest::qWait(300);
        if (round % 2) {
            delete above;
        }
        switch (round) {
        case 0: view->load(QUrl("chrome://crash")); QTest::qWait(1000); view->setHtml(page(10)); break;
        case 1: view->reload(); delete view; break;
        case 2: view->setPage(new QWebEnginePage(view)); view->setHtml(page(11)); break;
        case 3: delete view->page(); break;
        case 4: view->setHtml(page(12)); QTest::qWait(50); view->setHtml(page(13)); view->setZoomFactor(2); break;
        case 5: window.reset(); break;
        default: sr::qt::detach(); sr::qt::attach(qApp); sr::qt::attach_web_engine(ORDERS_RECORDER);
        }
        QTest::qWait(700);
    }
}
#endif

#endif
