// The app's window: a menu, a tool bar, a table of orders, a form, tabs, a chart, and a page where Qt WebEngine is there.
#ifndef ORDERS_WINDOW_H
#define ORDERS_WINDOW_H

#include "sign_in_dialog.h"

#ifdef ORDERS_RECORDER
#include "shop_page.h"

#include <session_replay_qt_webengine.h>
#endif

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QStatusBar>
#include <QStyle>
#include <QTabWidget>
#include <QTableWidget>
#include <QTextBrowser>
#include <QToolBar>
#include <QTreeWidget>
#include <QVBoxLayout>

/// Paints itself: a replay has its pixels.
class SalesChart : public QWidget {
public:
    explicit SalesChart(QWidget *parent) : QWidget(parent) { setMinimumHeight(70); }

protected:
    void paintEvent(QPaintEvent *) override {
        QPainter painter(this);
        for (int at = 0; at < 12; ++at) {
            const int height = (at * 37 % 11 + 3) * (QWidget::height() - 4) / 14;
            painter.fillRect(8 + at * 24, QWidget::height() - height, 16, height, QColor(47, 111, 222));
        }
    }
};

class OrdersWindow : public QMainWindow {
public:
    OrdersWindow() {
        setWindowTitle("Orders");
        resize(860, 560);
        make_actions();
        auto *splitter = new QSplitter(this);
        splitter->addWidget(make_list());
        splitter->addWidget(make_details());
        splitter->setStretchFactor(0, 1);
        setCentralWidget(splitter);
        table_->selectRow(1);
        statusBar()->showMessage("40 orders");
    }

    QTableWidget *table_ = nullptr;
    QTabWidget *tabs_ = nullptr;
    QLineEdit *search_ = nullptr, *customer_ = nullptr, *card_ = nullptr;
    QPlainTextEdit *note_ = nullptr;
    QProgressBar *progress_ = nullptr;
    QCheckBox *paid_ = nullptr;
    QAction *sign_in_ = nullptr;
    SignInDialog *dialog_ = nullptr;
#ifdef ORDERS_RECORDER
    QWebEngineView *shop_ = nullptr;
#endif

    void sign_in() {
        dialog_ = new SignInDialog(this);
        dialog_->setAttribute(Qt::WA_DeleteOnClose);
        dialog_->open();
    }

private:
    void make_actions() {
        const auto icon = [this](QStyle::StandardPixmap name) { return style()->standardIcon(name); };
        auto *open = new QAction(icon(QStyle::SP_DialogOpenButton), "&Open", this);
        auto *save = new QAction(icon(QStyle::SP_DialogSaveButton), "&Save", this);
        save->setShortcut(QKeySequence::Save);
        auto *refresh = new QAction(icon(QStyle::SP_BrowserReload), "Refresh", this);
        sign_in_ = new QAction("Sign &in…", this);
        auto *only = new QAction("Only paid ones", this);
        only->setCheckable(true);
        only->setChecked(true);
        auto *quit = new QAction("&Quit", this);
        quit->setShortcut(QKeySequence::Quit);
        connect(sign_in_, &QAction::triggered, this, [this] { sign_in(); });
        connect(save, &QAction::triggered, this, [this] { statusBar()->showMessage("Saved"); });
        connect(quit, &QAction::triggered, this, [this] { close(); });

        QMenu *file = menuBar()->addMenu("&File");
        file->addActions({open, save});
        file->addSeparator();
        file->addActions({only, sign_in_, quit});
        menuBar()->addMenu("&Edit")->addAction("Undo");
        menuBar()->addMenu("&Help")->addAction("About");

        auto *bar = addToolBar("Main");
        bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        bar->addActions({open, save});
        bar->addSeparator();
        bar->addAction(refresh);
        search_ = new QLineEdit(bar);
        search_->setPlaceholderText("Search orders");
        bar->addWidget(search_);
    }

    QWidget *make_list() {
        table_ = new QTableWidget(40, 4, this);
        table_->setHorizontalHeaderLabels({"Order", "Customer", "Total", "Paid"});
        table_->setSelectionBehavior(QAbstractItemView::SelectRows);
        table_->setAlternatingRowColors(true);
        table_->verticalHeader()->hide();
        const QStringList names{"Ada Lovelace", "Grace Hopper", "Alan Turing", "Edsger Dijkstra", "Barbara Liskov"};
        for (int row = 0; row < 40; ++row) {
            table_->setItem(row, 0, new QTableWidgetItem(QString::number(1041 + row)));
            table_->setItem(row, 1, new QTableWidgetItem(names[row % names.size()]));
            auto *total = new QTableWidgetItem(QString("€ %1.50").arg(row * 37 % 900));
            total->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table_->setItem(row, 2, total);
            auto *paid = new QTableWidgetItem(row % 3 ? "yes" : "no");
            paid->setCheckState(row % 3 ? Qt::Checked : Qt::Unchecked);
            table_->setItem(row, 3, paid);
        }
        table_->setColumnWidth(1, 150);
        return table_;
    }

    QWidget *make_details() {
        tabs_ = new QTabWidget(this);
        auto *order = new QWidget(tabs_);
        auto *column = new QVBoxLayout(order);
        auto *customer = new QGroupBox("Customer", order);
        auto *form = new QFormLayout(customer);
        customer_ = new QLineEdit("Grace Hopper", customer);
        card_ = new QLineEdit(customer);
        card_->setEchoMode(QLineEdit::PasswordEchoOnEdit);
        auto *country = new QComboBox(customer);
        country->addItems({"Germany", "France", "Norway"});
        auto *pieces = new QSpinBox(customer);
        pieces->setValue(3);
        form->addRow("&Name", customer_);
        form->addRow("&Card", card_);
        form->addRow("Co&untry", country);
        form->addRow("&Pieces", pieces);
        column->addWidget(customer);
        paid_ = new QCheckBox("The order is &paid", order);
        auto *parcel = new QRadioButton("As a parcel", order);
        parcel->setChecked(true);
        auto *disabled = new QPushButton("Refund", order);
        disabled->setEnabled(false);
        note_ = new QPlainTextEdit(order);
        note_->setPlaceholderText("A note");
        note_->setMaximumHeight(60);
        progress_ = new QProgressBar(order);
        progress_->setValue(42);
        auto *pay = new QPushButton("Pay now", order);
        pay->setStyleSheet("background: #2f6fde; color: white; border: 1px solid #1d4fa8; border-radius: 4px; padding: 4px");
        auto *banner = new QLabel("Test orders: nothing is sent", order);
        banner->setStyleSheet("background: #fff3cd; color: #664d03; padding: 4px");
        column->addWidget(banner);
        connect(pay, &QPushButton::clicked, this, [this] { sign_in(); });
        for (QWidget *widget : {static_cast<QWidget *>(paid_), static_cast<QWidget *>(parcel), static_cast<QWidget *>(new QRadioButton("As a letter", order)),
                                static_cast<QWidget *>(note_), static_cast<QWidget *>(progress_), static_cast<QWidget *>(pay), static_cast<QWidget *>(disabled)}) {
            column->addWidget(widget);
        }
        tabs_->addTab(order, "Order");
        tabs_->addTab(make_more(), "More");
#ifdef ORDERS_RECORDER
        shop_ = make_shop(tabs_);
        tabs_->addTab(shop_, "Shop");
#endif
        return tabs_;
    }

    QWidget *make_more() {
        auto *more = new QWidget(tabs_);
        auto *column = new QVBoxLayout(more);
        auto *tree = new QTreeWidget(more);
        tree->setHeaderLabels({"Part", "Stock"});
        for (const char *name : {"Screws", "Panels"}) {
            auto *group = new QTreeWidgetItem(tree, {name, "12"});
            group->setIcon(0, style()->standardIcon(QStyle::SP_DirIcon));
            new QTreeWidgetItem(group, {QString("%1, small").arg(name), "5"});
            new QTreeWidgetItem(group, {QString("%1, large").arg(name), "7"});
        }
        tree->expandItem(tree->topLevelItem(0));
        auto *help = new QTextBrowser(more);
        help->setHtml("<h3>How orders are sent</h3><p>An order is packed within <i>two days</i>.</p><ul><li>Parcels</li><li>Letters</li></ul>");
        auto *slider = new QSlider(Qt::Horizontal, more);
        slider->setValue(30);
        column->addWidget(tree);
        column->addWidget(help);
        column->addWidget(slider);
        column->addWidget(new SalesChart(more));
        return more;
    }
};

#endif
