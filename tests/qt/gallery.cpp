// Shows windows with each kind of widget, in several styles, and keeps a picture of each.
//   gallery SERVER SESSION FOLDER [controls]      all windows, or this one
#include "gallery_windows.h"
#include "moments.h"

#include <session_replay_qt.h>

#include <QStyleFactory>

#include <cstdio>
#include <memory>

static void show(Moments &moments, const QString &name, QWidget *made) {
    const std::unique_ptr<QWidget> window(made);
    window->move(60, 70);
    window->show();
    (void)QTest::qWaitForWindowActive(window.get());
    window->move(60, 70);
    moments.take(name, window.get());
}

static void show_menu(Moments &moments) {
    QWidget window;
    window.setGeometry(60, 70, 400, 300);
    window.show();
    (void)QTest::qWaitForWindowActive(&window);
    QMenu *menu = gallery::menu(&window);
    menu->popup(window.mapToGlobal(QPoint(30, 20)));
    QTest::keyClick(menu, Qt::Key_Down);
    moments.take("menu", menu);
    menu->close();
}

/// A check and a choice that are wider than what is in them, each with the keyboard.
static void show_focus(Moments &moments) {
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    column->addWidget(new QCheckBox("A check"));
    column->addWidget(new QRadioButton("A choice"));
    window.setGeometry(60, 70, 500, 100);
    window.show();
    (void)QTest::qWaitForWindowActive(&window);
    for (const char *name : {"focused-choice", "focused-check"}) {
        QTest::keyClick(&window, Qt::Key_Tab);
        moments.take(name, &window);
    }
}

static QPalette dark() {
    QPalette palette;
    const QColor back(45, 45, 48), base(30, 30, 30), text(230, 230, 230);
    for (const auto role : {QPalette::Window, QPalette::Button}) palette.setColor(role, back);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) palette.setColor(role, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(38, 38, 40));
    palette.setColor(QPalette::Highlight, QColor(42, 130, 218));
    palette.setColor(QPalette::Link, QColor(90, 170, 255));
    return palette;
}

static const char sheet[] = "QWidget { background: #fbf7ef; color: #40352a; font-size: 14px }"
                            "QPushButton { background: #7a4f2a; color: white; border: none; border-radius: 6px; padding: 5px 12px }"
                            "QPushButton:checked { background: qlineargradient(x1:0, y1:0, x2:0, y2:1, stop:0 #4a2f18, stop:1 #2a1808) }"
                            "QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit { background: white; border: 1px solid #c9b79c; padding: 3px }"
                            "QGroupBox { border: 1px solid #c9b79c; border-radius: 4px; margin-top: 12px; padding-top: 6px }"
                            "QGroupBox::title { subcontrol-origin: margin; left: 8px }"
                            "QProgressBar { border: 1px solid #c9b79c; background: white; text-align: center }"
                            "QProgressBar::chunk { background: #b0864f }";

static void show_all(Moments &moments) {
    show(moments, "controls", gallery::controls());
    show(moments, "items", gallery::items());
    show(moments, "texts", gallery::texts());
    show(moments, "containers", gallery::containers());
    show(moments, "tabs", gallery::tabs());
    show_menu(moments);
    show_focus(moments);
    qApp->setLayoutDirection(Qt::RightToLeft);
    show(moments, "mirrored-controls", gallery::controls());
    show(moments, "mirrored-items", gallery::items());
    qApp->setLayoutDirection(Qt::LeftToRight);
    qApp->setPalette(dark());
    show(moments, "dark-controls", gallery::controls());
    show(moments, "dark-items", gallery::items());
    qApp->setPalette(QApplication::style()->standardPalette());
    QApplication::setStyle(QStyleFactory::create("Windows"));
    show(moments, "windows-controls", gallery::controls());
    show(moments, "windows-tabs", gallery::tabs());
    QApplication::setStyle(QStyleFactory::create("Fusion"));
    qApp->setStyleSheet(sheet);
    show(moments, "sheet-controls", gallery::controls());
    show(moments, "sheet-items", gallery::items());
    qApp->setStyleSheet({});
}

int main(int count, char **arguments) {
    if (count < 4) {
        return 2;
    }
    QApplication application(count, arguments);
    QApplication::setStyle("Fusion");
    QApplication::setCursorFlashTime(0);
    const QString folder = QString::fromLocal8Bit(arguments[3]);
    sr::Options options;
    options.device_id = "qt-gallery";
    options.session_id = QString::fromLocal8Bit(arguments[2]).toLongLong();
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.privacy_config.default_mask_level = sr::MaskLevel::light;
    options.storage_dir = (folder + "/storage").toStdString();
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    auto replay = sr::SessionReplay::start("api-key", options);
    if (!replay || !sr::qt::attach(&application)) {
        std::fprintf(stderr, "not started\n");
        return 1;
    }
    Moments moments(folder);
    if (count > 4) {
        show(moments, arguments[4], gallery::controls());
    } else {
        show_all(moments);
    }
    moments.save();
    sr::qt::detach();
    (void)replay->shutdown(std::chrono::seconds(10));
    return 0;
}
