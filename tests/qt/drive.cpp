// Uses the example's window as a person would, and at each moment keeps a picture of the screen and the texts that are seen.
//   drive SERVER SESSION FOLDER PASSWORD [light]      the level of masking; "medium" without it
#include "orders_window.h"

#include <session_replay.hpp>
#include <session_replay_qt.h>

#include <QApplication>
#include <QFile>
#include <QGraphicsProxyWidget>
#include <QGraphicsView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScreen>
#include <QScrollBar>
#include <QTextBlock>
#include <QWindow>
#include <QtTest>

#include <cstdio>

static QString folder;
static QJsonObject moments;

/// The texts of a window that are no fields', found in another way than the adapter does.
static QJsonArray texts_of(const QWidget *window) {
    QStringList texts;
    const auto add = [&](QString text) {
        text = text.remove("&").remove("<b>");
        if (!text.isEmpty()) {
            texts << text;
        }
    };
    for (const auto *label : window->findChildren<QLabel *>()) {
        for (const QString &line : QString(label->text()).replace("</b><br>", "\n").split("\n")) {
            if (label->isVisible()) add(line);
        }
    }
    for (const auto *button : window->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && !button->visibleRegion().isEmpty()) add(button->text());
    }
    for (const auto *group : window->findChildren<QGroupBox *>()) {
        if (group->isVisible()) add(group->title());
    }
    for (const auto *bar : window->findChildren<QTabBar *>()) {
        for (int at = 0; at < bar->count(); ++at) add(bar->tabText(at));
    }
    for (const auto *bar : window->findChildren<QMenuBar *>()) {
        for (const auto *action : bar->actions()) add(action->text());
    }
    for (const auto *bar : window->findChildren<QStatusBar *>()) add(bar->currentMessage());
    for (const auto *bar : window->findChildren<QProgressBar *>()) {
        if (bar->isVisible()) add(bar->text());
    }
    for (const auto *browser : window->findChildren<QTextBrowser *>()) {
        // Each part that looks alike is a text.
        for (QTextBlock block = browser->document()->begin(); browser->isVisible() && block.isValid(); block = block.next()) {
            for (auto it = block.begin(); !it.atEnd(); ++it) add(it.fragment().text());
        }
    }
    for (const auto *table : window->findChildren<QTableWidget *>()) {
        for (int row = 0; row < table->rowCount(); ++row) {
            for (int column = 0; column < table->columnCount(); ++column) {
                const auto *item = table->item(row, column);
                if (table->viewport()->rect().intersects(table->visualItemRect(item))) add(item->text());
            }
        }
        for (int column = 0; column < table->columnCount(); ++column) add(table->horizontalHeaderItem(column)->text());
    }
    for (const auto *tree : window->findChildren<QTreeWidget *>()) {
        if (!tree->isVisible()) continue;
        for (QTreeWidgetItemIterator it(const_cast<QTreeWidget *>(tree)); *it; ++it) {
            const bool is_seen = tree->viewport()->rect().intersects(tree->visualItemRect(*it));
            if (is_seen) add((*it)->text(0)), add((*it)->text(1));
        }
        add(tree->headerItem()->text(0)), add(tree->headerItem()->text(1));
    }
    return QJsonArray::fromStringList(texts);
}

static void moment(const QString &name, const QWidget *window) {
    QTest::qWait(800);
    sr::record_custom("moment", "\"" + name.toStdString() + "\"");
    qApp->primaryScreen()->grabWindow(0).save(folder + "/" + name + ".png");
    const QRect place(window->mapToGlobal(QPoint(0, 0)), window->size());
    moments[name] = QJsonObject{{"texts", texts_of(window)}, {"place", QJsonArray{place.x(), place.y(), place.width(), place.height()}}};
}

/// As the X server would tell it: of the window, not of the widget.
static void click(QWidget *widget, QPoint at = {}) {
    const QPoint place = widget->mapTo(widget->window(), at.isNull() ? widget->rect().center() : at);
    QTest::mouseMove(widget->window()->windowHandle(), place);
    QTest::mouseClick(widget->window()->windowHandle(), Qt::LeftButton, {}, place);
    QTest::qWait(100);
}

static void type(QWidget *widget, const QString &text) {
    click(widget, QPoint(12, widget->height() / 2));
    for (const QChar letter : text) {
        QTest::keyClick(widget->window()->windowHandle(), letter.toLatin1());
    }
}

#ifdef ORDERS_RECORDER
/// The page's text where it is there; what it is waited for, or not.
static bool page_says(QWebEngineView *view, const QString &words) {
    bool is_there = false;
    for (int round = 0; round < 100 && !is_there; ++round) {
        view->page()->toPlainText([&](const QString &text) { is_there = text.contains(words); });
        QTest::qWait(100);
    }
    return is_there;
}

static void page_moment(const QString &name, const OrdersWindow &window, const QString &words) {
    const bool is_there = page_says(window.shop_, words);
    moment(name, &window);
    QJsonObject it = moments[name].toObject();
    it["page"] = is_there ? words : "the page does not say it";
    const QPoint corner = window.shop_->mapToGlobal(QPoint(0, 0));
    it["page_place"] = QJsonArray{corner.x(), corner.y(), window.shop_->width(), window.shop_->height()};
    moments[name] = it;
}

/// A bar that lies on the page, in the window: it was used.
static void use_bar(OrdersWindow &window) {
    QFrame bar(&window);
    bar.setAutoFillBackground(true);
    QPalette palette = bar.palette();
    palette.setColor(QPalette::Window, QColor("#204080"));
    palette.setColor(QPalette::WindowText, Qt::white);
    bar.setPalette(palette);
    auto *row = new QHBoxLayout(&bar);
    row->addWidget(new QLabel("Find in the page", &bar));
    auto *next = new QPushButton("Next one", &bar);
    row->addWidget(next);
    bar.setGeometry(QRect(window.shop_->mapTo(&window, QPoint(30, 90)), QSize(260, 50)));
    bar.show();
    QTest::qWait(100);
    click(next);
    moment("bar", &window);
    QJsonObject it = moments["bar"].toObject();
    const QPoint corner = bar.mapToGlobal(QPoint(0, 0));
    it["above"] = QJsonArray{corner.x(), corner.y(), bar.width(), bar.height()};
    it["page"] = "1 pieces in the basket";
    const QPoint page = window.shop_->mapToGlobal(QPoint(0, 0));
    it["page_place"] = QJsonArray{page.x(), page.y(), window.shop_->width(), window.shop_->height()};
    moments["bar"] = it;
}

/// A page that is filled in, reloaded, hidden and shown again.
static void use_page(OrdersWindow &window, const QString &password) {
    const auto run = [&](const QString &script) {
        window.shop_->page()->runJavaScript(script);
        QTest::qWait(200);
    };
    const auto tab = [&](int at) { click(window.tabs_->tabBar(), window.tabs_->tabBar()->tabRect(at).center()); };
    tab(2);
    (void)page_says(window.shop_, "Nothing in the basket");
    QTest::qWait(1500);
    const QString typed = "for (const [id, text] of [['voucher', 'SPRING-2026'], ['password', '%1']]) {"
                          "const field = document.getElementById(id); field.focus(); field.value = text;"
                          "field.dispatchEvent(new Event('input', { bubbles: true })); }";
    run(typed.arg(password));
    run("document.querySelector('button').click()");
    page_moment("page", window, "1 pieces in the basket");
    window.shop_->reload();
    QTest::qWait(1500);
    page_moment("reloaded", window, "Nothing in the basket");
    tab(1);
    moment("hidden", &window);
    run("document.querySelector('button').click()");
    tab(2);
    QTest::qWait(1000);
    page_moment("again", window, "1 pieces in the basket");
    use_bar(window);
    page_moment("alone", window, "1 pieces in the basket");
    tab(1);
}
#endif

/// What paints itself, with fields in it: one in a scene, one that lies on a chart.
static void use_painted(const QString &password) {
    QWidget window;
    window.setWindowTitle("Painted");
    window.setGeometry(200, 160, 420, 260);
    QGraphicsScene scene;
    auto *view = new QGraphicsView(&scene, &window);
    view->setGeometry(10, 10, 400, 120);
    view->setSceneRect(0, 0, 380, 100);
    scene.addEllipse(20, 10, 90, 70, QPen(Qt::darkGreen, 3), QBrush(Qt::yellow));
    scene.addSimpleText("drawn in a scene")->setPos(130, 10);
    auto *field = new QLineEdit(password);
    field->setEchoMode(QLineEdit::Password);
    field->resize(180, 30);
    QGraphicsProxyWidget *proxy = scene.addWidget(field);
    proxy->setPos(130, 50);
    auto *chart = new SalesChart(&window);
    chart->setGeometry(10, 140, 400, 110);
    auto *above = new QLineEdit(password, &window);
    above->setEchoMode(QLineEdit::Password);
    above->setGeometry(30, 170, 200, 30);
    window.show();
    (void)QTest::qWaitForWindowActive(&window);
    field->setEchoMode(QLineEdit::Normal); // A button shows it. Both were passwords.
    above->setEchoMode(QLineEdit::Normal);
    moment("painted", &window);
    const auto place = [](const QWidget *widget, const QRect &rect) {
        const QPoint corner = widget->mapToGlobal(rect.topLeft());
        return QJsonArray{corner.x(), corner.y(), rect.width(), rect.height()};
    };
    QJsonObject it = moments["painted"].toObject();
    const QRect in_view = view->mapFromScene(proxy->sceneBoundingRect()).boundingRect();
    it["secrets"] = QJsonArray{place(view->viewport(), in_view), place(above, above->rect())};
    it["pixels"] = QJsonArray{place(view->viewport(), QRect(10, 5, 115, 90)), place(chart, QRect(230, 0, 80, 110))};
    moments["painted"] = it;
}

static void use(OrdersWindow &window, const QString &password) {
    moment("start", &window);
    type(window.search_, "Hopper");
    type(window.card_, password);
    click(window.paid_, QPoint(10, window.paid_->height() / 2));
    type(window.note_->viewport(), "Call before noon");
    click(window.table_->viewport(), QPoint(30, 100));
    window.table_->verticalScrollBar()->setValue(6);
    window.progress_->setValue(80);
    moment("form", &window);

    click(window.menuBar(), window.menuBar()->actionGeometry(window.menuBar()->actions().constFirst()).center());
    QWidget *menu = QApplication::activePopupWidget();
    moment("menu", menu ? menu : &window);
    if (menu) {
        QTest::keyPress(menu->windowHandle(), Qt::Key_Escape);
    }
    click(window.tabs_->tabBar(), window.tabs_->tabBar()->tabRect(1).center());
    moment("more", &window);

#ifdef ORDERS_RECORDER
    use_page(window, password);
#endif

    window.sign_in_->trigger();
    (void)QTest::qWaitForWindowActive(window.dialog_);
    window.dialog_->move(300, 220);
    QTest::qWait(300);
    type(window.dialog_->user_, "grace@example.com");
    type(window.dialog_->password_, password);
    moment("dialog", window.dialog_);
    click(window.dialog_->shown_, QPoint(10, window.dialog_->shown_->height() / 2));
    moment("shown", window.dialog_);
    QTest::keyPress(window.dialog_->windowHandle(), Qt::Key_Escape); // Its window is gone when the key is released.
    QTest::qWait(300);
    window.showMinimized();
    moment("minimized", &window);
    window.showNormal();
    window.move(120, 90);
    window.resize(820, 520);
    window.setWindowTitle("Orders (1 paid)");
    moment("end", &window);
    use_painted(password);
}

int main(int count, char **arguments) {
    QApplication application(count, arguments);
    QApplication::setStyle("Fusion");
    QApplication::setCursorFlashTime(0);
    folder = QString::fromLocal8Bit(arguments[3]);
    sr::Options options;
    options.device_id = "qt-app";
    options.session_id = QString::fromLocal8Bit(arguments[2]).toLongLong();
    options.sample_rate = 1;
    options.enable_remote_config = false;
    options.storage_dir = (folder + "/storage").toStdString();
    options.track_server_url = std::string(arguments[1]) + "/sessions/v2/track";
    if (count > 5) {
        options.privacy_config.default_mask_level = sr::MaskLevel::light;
    }
    auto replay = sr::SessionReplay::start("api-key", options);
    if (!replay) {
        std::fprintf(stderr, "%s\n", replay.error().message.c_str());
        return 1;
    }
    sr::qt::attach(&application);
#ifdef ORDERS_RECORDER
    if (!sr::qt::attach_web_engine(ORDERS_RECORDER)) {
        std::fprintf(stderr, "the recorder of pages is not built\n");
        return 1;
    }
#endif
    OrdersWindow window;
    window.move(60, 70);
    window.show();
    if (!QTest::qWaitForWindowActive(&window)) {
        std::fprintf(stderr, "the window does not become active\n");
        return 1;
    }
    window.move(60, 70);
    use(window, QString::fromLocal8Bit(arguments[4]));
    QFile file(folder + "/moments.json");
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(moments).toJson());
    }
    sr::qt::detach();
    (void)replay->shutdown(std::chrono::seconds(10));
    return 0;
}
