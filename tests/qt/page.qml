// A page in a scene of Qt Quick.
import QtQuick
import QtWebEngine

Rectangle {
    width: 420
    height: 300
    color: "#fdf6e3"

    Text { x: 20; y: 16; text: "Around it"; objectName: "plain"; font.pixelSize: 22; color: "#073642" }
    WebEngineView {
        objectName: "page"
        x: 20; y: 60; width: 380; height: 220
        Component.onCompleted: loadHtml("<p style='font-size:40px'>A page<p><input value='SPRING-2026'><input type='password' value='swordfish'>")
    }
}
