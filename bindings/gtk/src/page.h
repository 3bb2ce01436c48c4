/* The page in a WebKitWebView, recorded by bindings/web in a view of its own. */
#ifndef SRG_PAGE_H
#define SRG_PAGE_H

#include "parts.h"

gboolean srg_is_web_view(GtkWidget *widget);
/* The recorder's script; whether pages can be recorded at all. */
gboolean srg_pages_set_script(const char *script);
gboolean srg_pages_are_recorded(void);
/* As early as the web view is known: the script is to be there before the page. */
void srg_page_prepare(GtkWidget *widget);
/* The page is shown in this part's view from now on, until the end. The view is another one after each navigation. */
void srg_page_begin(SrgPart *part);
void srg_page_end(SrgPart *part);
/* What is masked has changed: tells all pages. */
void srg_pages_set_privacy(const char *config);

#endif
