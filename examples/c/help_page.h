/* What a recorder in views.c's web view would hand over. */
#ifndef HELP_PAGE_H
#define HELP_PAGE_H

#define ELEMENT(id, tag, attributes, children) \
    "{\"type\":2,\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"id\":" id ",\"childNodes\":[" children "]}"
#define WORDS(id, text) "{\"type\":3,\"textContent\":\"" text "\",\"id\":" id "}"
#define STYLE(css) "\"style\":\"" css "\""
#define HELP_DOCUMENT \
    ELEMENT("2", "html", "", ELEMENT("3", "body", STYLE("font:14px/1.5 sans-serif;margin:0;color:#223"), \
        ELEMENT("4", "h2", STYLE("margin:0;padding:10px 16px;background:#2f6fde;color:#fff;font-size:17px"), WORDS("5", "Help")) "," \
        ELEMENT("9", "div", STYLE("padding:4px 16px"), \
            ELEMENT("8", "input", STYLE("width:280px;margin:8px 0;padding:4px 8px") ",\"value\":\"\",\"placeholder\":\"Search help\"", "") "," \
            ELEMENT("6", "p", STYLE("margin:6px 0"), WORDS("7", "Loading")))))

/* Formats: %lld is the time, in milliseconds since 1970. */
#define HELP_IS_LOADED \
    "{\"type\":4,\"timestamp\":%lld,\"data\":{\"href\":\"app://help\",\"width\":320,\"height\":240}}\n" \
    "{\"type\":2,\"timestamp\":%lld,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[" HELP_DOCUMENT "]}," \
    "\"initialOffset\":{\"left\":0,\"top\":0}}}"
#define HELP_CHANGES \
    "{\"type\":3,\"timestamp\":%lld,\"data\":{\"source\":0,\"texts\":[{\"id\":7,\"value\":\"How to pay an order\"}]," \
    "\"attributes\":[],\"removes\":[],\"adds\":[]}}\n" \
    "{\"type\":3,\"timestamp\":%lld,\"data\":{\"source\":5,\"text\":\"refunds\",\"isChecked\":false,\"id\":8}}"

#endif
