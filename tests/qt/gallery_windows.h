// Windows with each kind of widget in each of its forms.
#ifndef GALLERY_WINDOWS_H
#define GALLERY_WINDOWS_H

#include <QActionGroup>
#include <QApplication>
#include <QCalendarWidget>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMainWindow>
#include <QMdiArea>
#include <QMdiSubWindow>
#include <QMenu>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QStyle>
#include <QTabWidget>
#include <QTableWidget>
#include <QTextBrowser>
#include <QTextEdit>
#include <QToolBox>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace gallery {

inline QIcon icon(QStyle::StandardPixmap name) { return qApp->style()->standardIcon(name); }

inline QWidget *buttons(QWidget *parent) {
    auto *box = new QGroupBox("Choices", parent);
    auto *column = new QVBoxLayout(box);
    auto *some = new QCheckBox("Some of them", box);
    some->setTristate(true);
    some->setCheckState(Qt::PartiallyChecked);
    auto *all = new QCheckBox("All of them", box);
    all->setChecked(true);
    auto *one = new QRadioButton("This one", box);
    one->setChecked(true);
    auto *toggle = new QPushButton("Pressed in", box);
    toggle->setCheckable(true);
    toggle->setChecked(true);
    auto *main = new QPushButton(icon(QStyle::SP_DialogApplyButton), "With an icon", box);
    main->setDefault(true);
    auto *menu = new QToolButton(box);
    menu->setText("More");
    menu->setMenu(new QMenu(menu));
    menu->setPopupMode(QToolButton::MenuButtonPopup);
    auto *inner = new QGroupBox("Only when checked", box);
    inner->setCheckable(true);
    (new QVBoxLayout(inner))->addWidget(new QLabel("Inside", inner));
    for (QWidget *it : {static_cast<QWidget *>(some), static_cast<QWidget *>(all), static_cast<QWidget *>(new QCheckBox("None of them", box)), static_cast<QWidget *>(one),
                        static_cast<QWidget *>(toggle), static_cast<QWidget *>(main), static_cast<QWidget *>(menu), static_cast<QWidget *>(inner)}) {
        column->addWidget(it);
    }
    return box;
}

inline QWidget *values(QWidget *parent) {
    auto *box = new QGroupBox("Values", parent);
    auto *form = new QFormLayout(box);
    auto *price = new QDoubleSpinBox(box);
    price->setRange(0, 1e9);
    price->setPrefix("EUR ");
    price->setValue(12345.75);
    auto *count = new QSpinBox(box);
    count->setRange(0, 1000000);
    count->setValue(654321);
    count->setAlignment(Qt::AlignRight);
    auto *plus = new QSpinBox(box);
    plus->setButtonSymbols(QAbstractSpinBox::PlusMinus);
    plus->setValue(7);
    auto *date = new QDateTimeEdit(QDateTime(QDate(2026, 3, 9), QTime(12, 30)), box);
    date->setCalendarPopup(true);
    date->setDisplayFormat("yyyy-MM-dd hh:mm");
    auto *choice = new QComboBox(box);
    choice->addItem(icon(QStyle::SP_DirIcon), "A folder");
    auto *typed = new QComboBox(box);
    typed->setEditable(true);
    typed->addItem("Typed in");
    auto *slider = new QSlider(Qt::Horizontal, box);
    slider->setTickPosition(QSlider::TicksBelow);
    slider->setTickInterval(20);
    slider->setValue(60);
    auto *done = new QProgressBar(box);
    done->setValue(40);
    auto *more = new QProgressBar(box);
    more->setValue(60);
    auto *field = new QLineEdit("At the right", box);
    field->setAlignment(Qt::AlignRight);
    field->setClearButtonEnabled(true);
    form->addRow("&Price", price);
    form->addRow("&Count", count);
    form->addRow("Plus", plus);
    form->addRow("When", date);
    form->addRow("Choice", choice);
    form->addRow("Typed", typed);
    form->addRow("Slider", slider);
    form->addRow("Done", done);
    form->addRow("More", more);
    form->addRow("Field", field);
    return box;
}

inline QWidget *upright(QWidget *parent) {
    auto *box = new QGroupBox("Upright", parent);
    auto *row = new QHBoxLayout(box);
    auto *slider = new QSlider(Qt::Vertical, box);
    slider->setValue(70);
    auto *done = new QProgressBar(box);
    done->setOrientation(Qt::Vertical);
    done->setValue(40);
    auto *bar = new QScrollBar(Qt::Vertical, box);
    bar->setValue(30);
    row->addWidget(slider);
    row->addWidget(done);
    row->addWidget(bar);
    return box;
}

/// Labels and what else stands alone.
inline QWidget *labels(QWidget *parent) {
    auto *box = new QWidget(parent);
    auto *column = new QVBoxLayout(box);
    auto *rich = new QLabel("<b>Bold words</b>, <i>slanted ones</i>, <a href='https://example.com'>a link</a> and <span style='color:#c02020'>red</span>", box);
    auto *lines = new QLabel("A label that is wrapped, since it has more words than there is room for in one line of it", box);
    lines->setWordWrap(true);
    auto *framed = new QLabel("In a frame, in the middle", box);
    framed->setFrameStyle(QFrame::Panel | QFrame::Sunken);
    framed->setAlignment(Qt::AlignCenter);
    column->addWidget(rich);
    column->addWidget(lines);
    column->addWidget(framed);
    return box;
}

/// Buttons, values, labels.
inline QWidget *controls() {
    auto *window = new QWidget;
    window->setWindowTitle("Controls");
    auto *column = new QVBoxLayout(window);
    auto *row = new QHBoxLayout;
    row->addWidget(buttons(window));
    row->addWidget(values(window));
    row->addWidget(upright(window));
    column->addLayout(row);
    column->addWidget(labels(window));
    window->resize(640, 430);
    return window;
}

inline QTreeWidget *tree(QWidget *parent) {
    auto *tree = new QTreeWidget(parent);
    tree->setHeaderLabels({"Name", "Size", "Kind", "Changed"});
    for (const char *name : {"Screws", "Panels"}) {
        auto *group = new QTreeWidgetItem(tree, {name, "12", "Parts", "Monday"});
        group->setIcon(0, icon(QStyle::SP_DirIcon));
        for (int at = 0; at < 3; ++at) {
            auto *item = new QTreeWidgetItem(group, {QString("%1 %2").arg(name).arg(at), "5", "Part", "Tuesday"});
            item->setCheckState(0, at == 0 ? Qt::Checked : at == 1 ? Qt::PartiallyChecked : Qt::Unchecked);
        }
    }
    tree->expandItem(tree->topLevelItem(0));
    tree->topLevelItem(0)->child(1)->setSelected(true);
    QFont bold = tree->font();
    bold.setBold(true);
    tree->topLevelItem(1)->setFont(0, bold);
    tree->topLevelItem(1)->setForeground(1, QColor("#c02020"));
    return tree;
}

inline QTableWidget *table(QWidget *parent) {
    auto *table = new QTableWidget(12, 4, parent);
    table->setHorizontalHeaderLabels({"One", "Two", "Three", "Four"});
    for (int row = 0; row < 12; ++row) {
        for (int column = 0; column < 4; ++column) {
            table->setItem(row, column, new QTableWidgetItem(QString("%1.%2").arg(row).arg(column)));
        }
    }
    table->setSpan(1, 1, 2, 2);
    table->item(1, 1)->setText("Over four cells");
    table->item(0, 0)->setBackground(QColor("#ffe0a0"));
    auto *inside = new QProgressBar;
    inside->setValue(30);
    table->setCellWidget(3, 1, inside);
    table->setCellWidget(3, 2, new QPushButton("In a cell"));
    table->setSortingEnabled(false);
    table->horizontalHeader()->setSortIndicatorShown(true);
    table->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
    table->selectRow(5);
    return table;
}

inline QWidget *items() {
    auto *window = new QWidget;
    window->setWindowTitle("Items");
    auto *row = new QHBoxLayout(window);
    auto *left = new QVBoxLayout;
    auto *icons = new QListWidget(window);
    icons->setViewMode(QListView::IconMode);
    icons->setIconSize(QSize(32, 32));
    for (int at = 0; at < 5; ++at) {
        new QListWidgetItem(icon(at % 2 ? QStyle::SP_FileIcon : QStyle::SP_DirIcon), QString("File %1").arg(at), icons);
    }
    icons->item(2)->setSelected(true);
    auto *list = new QListWidget(window);
    for (const char *text : {"Checked", "Partly", "Unchecked"}) {
        auto *item = new QListWidgetItem(text, list);
        item->setCheckState(text[0] == 'C' ? Qt::Checked : text[0] == 'P' ? Qt::PartiallyChecked : Qt::Unchecked);
    }
    left->addWidget(tree(window));
    left->addWidget(icons);
    left->addWidget(list);
    row->addLayout(left, 1);
    row->addWidget(table(window), 1);
    window->resize(900, 520);
    return window;
}

inline QTextBrowser *browser(QWidget *parent) {
    auto *browser = new QTextBrowser(parent);
    QPixmap dot(24, 16);
    dot.fill(QColor("#208040"));
    browser->document()->addResource(QTextDocument::ImageResource, QUrl("dot.png"), dot);
    browser->setHtml("<h2>A heading</h2><p>Words that are <b>bold</b>, <i>slanted</i>, <u>underlined</u>, <code>fixed</code>, "
                     "<span style='color:#c02020'>red</span> and <span style='background:#ffe0a0'>marked</span>, with <a href='#a'>a link in it</a> "
                     "that goes on in the next line.</p><ul><li>First of a list</li><li>The <b>second</b></li></ul><ol><li>Counted</li></ol>"
                     "<p align='center'>An image <img src='dot.png'> in the middle</p>"
                     "<table border='1' cellpadding='4'><tr><td>Cell A</td><td>Cell B</td></tr></table><p>A plain paragraph at the end.</p>");
    return browser;
}

/// Text of many lines.
inline QWidget *texts() {
    auto *window = new QWidget;
    window->setWindowTitle("Texts");
    auto *row = new QHBoxLayout(window);
    auto *right = new QVBoxLayout;
    auto *code = new QPlainTextEdit(window);
    QFont fixed("monospace");
    fixed.setStyleHint(QFont::Monospace);
    code->setFont(fixed);
    code->setLineWrapMode(QPlainTextEdit::NoWrap);
    QString lines;
    for (int at = 0; at < 60; ++at) {
        lines += QString("line %1 of a program that is longer than there is room for it\n").arg(at);
    }
    code->setPlainText(lines);
    auto *rich = new QTextEdit(window);
    rich->setHtml("<p>Typed, <b>bold</b> and <i>slanted</i>.</p><p>Another paragraph of it, which is wrapped somewhere in the middle of its words.</p>");
    auto *log = new QPlainTextEdit(lines, window);
    log->setReadOnly(true);
    right->addWidget(code);
    right->addWidget(rich);
    right->addWidget(log);
    row->addWidget(browser(window), 1);
    row->addLayout(right, 1);
    window->resize(820, 520);
    window->show();
    code->verticalScrollBar()->setValue(20);
    code->horizontalScrollBar()->setValue(40);
    log->verticalScrollBar()->setValue(30);
    return window;
}

/// Windows in a window, docks, a tool box.
inline QMainWindow *containers() {
    auto *window = new QMainWindow;
    window->setWindowTitle("Containers");
    auto *area = new QMdiArea(window);
    const char *const names[] = {"Letters", "Invoices", "Drafts"};
    for (int at = 0; at < 3; ++at) {
        auto *inside = new QWidget;
        (new QVBoxLayout(inside))->addWidget(new QLabel(QString("Inside of %1").arg(names[at])));
        inside->setWindowTitle(names[at]);
        QMdiSubWindow *sub = area->addSubWindow(inside);
        sub->setGeometry(20 + at * 70, 20 + at * 60, 220, 130);
    }
    window->setCentralWidget(area);
    auto *docked = new QDockWidget("Docked", window);
    auto *box = new QToolBox(docked);
    box->addItem(new QLabel("On the first page"), icon(QStyle::SP_DirIcon), "First page");
    box->addItem(new QLabel("On the second page"), "Second page");
    docked->setWidget(box);
    window->addDockWidget(Qt::LeftDockWidgetArea, docked);
    auto *floating = new QDockWidget("Floating", window);
    floating->setWidget(new QLabel("In a dock that floats"));
    window->addDockWidget(Qt::RightDockWidgetArea, floating);
    floating->setFloating(true);
    floating->setGeometry(740, 130, 200, 110);
    window->resize(640, 430);
    window->show();
    area->setActiveSubWindow(area->subWindowList().at(1));
    return window;
}

inline QWidget *tabs() {
    auto *window = new QWidget;
    window->setWindowTitle("Tabs");
    auto *grid = new QGridLayout(window);
    const QTabWidget::TabPosition places[] = {QTabWidget::North, QTabWidget::South, QTabWidget::West, QTabWidget::East};
    for (int at = 0; at < 4; ++at) {
        auto *tabs = new QTabWidget(window);
        tabs->setTabPosition(places[at]);
        tabs->setTabsClosable(at == 0);
        tabs->addTab(new QLabel(QString("Inside %1").arg(at)), icon(QStyle::SP_FileIcon), QString("First %1").arg(at));
        tabs->addTab(new QLabel("Behind"), QString("Second %1").arg(at));
        grid->addWidget(tabs, at / 2, at % 2);
    }
    auto *calendar = new QCalendarWidget(window);
    calendar->setSelectedDate(QDate(2026, 3, 9));
    grid->addWidget(calendar, 0, 2, 2, 1);
    window->resize(860, 360);
    return window;
}

/// The one of a window's menus.
inline QMenu *menu(QWidget *parent) {
    auto *menu = new QMenu(parent);
    menu->addAction(icon(QStyle::SP_DialogOpenButton), "&Open")->setShortcut(QKeySequence::Open);
    QAction *checked = menu->addAction("Checked");
    checked->setCheckable(true);
    checked->setChecked(true);
    QAction *one = menu->addAction("One of several");
    one->setCheckable(true);
    (new QActionGroup(menu))->addAction(one);
    one->setChecked(true);
    QAction *bold = menu->addAction(icon(QStyle::SP_DialogSaveButton), "&Save as it is");
    QFont font = bold->font();
    font.setBold(true);
    bold->setFont(font);
    menu->addSection("A section");
    menu->addAction("Not now")->setEnabled(false);
    menu->addMenu("Deeper")->addAction("Down there");
    menu->addAction("With a key\tCtrl+Shift+K");
    return menu;
}

} // namespace gallery

#endif
