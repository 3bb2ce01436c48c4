// A page in the app's window: a web view, where Qt WebEngine is there.
#ifndef SHOP_PAGE_H
#define SHOP_PAGE_H

#include <QString>
#include <QUrl>
#include <QWebEngineView>

inline QWebEngineView *make_shop(QWidget *parent) {
    auto *shop = new QWebEngineView(parent);
    shop->setHtml(QStringLiteral(R"html(<!doctype html><title>Shop</title>
<style>
  body { font: 14px sans-serif; margin: 12px; background: #fffdf5; }
  h1 { font-size: 20px; margin: 0 0 8px; color: #7a3e00; }
  input, button { font: inherit; margin: 4px 0; padding: 4px; width: 150px; box-sizing: border-box; }
</style>
<h1>The shop's page</h1>
<p>Sent within <em>two days</em>.</p>
<p><label>Voucher<br><input id="voucher"></label></p>
<p><label>Password<br><input id="password" type="password"></label></p>
<p><button onclick="basket.textContent = ++pieces + ' pieces in the basket'">Add a piece</button></p>
<p id="basket">Nothing in the basket</p>
<script>let pieces = 0;</script>
)html"),
                  QUrl(QStringLiteral("http://shop.example/")));
    return shop;
}

#endif
