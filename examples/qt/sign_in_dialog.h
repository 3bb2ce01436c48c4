// A dialog with a password, which can be shown.
#ifndef SIGN_IN_DIALOG_H
#define SIGN_IN_DIALOG_H

#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

class SignInDialog : public QDialog {
public:
    explicit SignInDialog(QWidget *parent) : QDialog(parent) {
        setWindowTitle("Sign in to pay");
        user_ = new QLineEdit(this);
        user_->setPlaceholderText("name@example.com");
        password_ = new QLineEdit(this);
        password_->setEchoMode(QLineEdit::Password);
        shown_ = new QCheckBox("Show the password", this);
        auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
        buttons->button(QDialogButtonBox::Ok)->setText("Sign in");
        auto *text = new QLabel("<b>Your session has ended.</b><br>Sign in again to pay this order.", this);
        auto *form = new QFormLayout(this);
        form->addRow(text);
        form->addRow("&User", user_);
        form->addRow("&Password", password_);
        form->addRow("", shown_);
        form->addRow(buttons);
        connect(shown_, &QCheckBox::toggled, this, [this](bool is_shown) {
            password_->setEchoMode(is_shown ? QLineEdit::Normal : QLineEdit::Password);
        });
        connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
        connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    }

    QLineEdit *user_, *password_;
    QCheckBox *shown_;
};

#endif
