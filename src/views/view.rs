//! One view: where it lies, and what is in it.

use super::changes::Changes;
use super::element::Element;
use super::ids::ViewIds;
use super::layers::Layers;
use super::nodes::{NodeKind, NodeList, colour, mask, number, shorten};
use crate::error::Error;
use crate::model::privacy::MaskLevel;

const MAX_TITLE_BYTES: usize = 1_024;
const MAX_COORDINATE: f64 = 100_000.0;

/// A state of a view: bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum ViewFlag {
    /// It is not seen now: minimized, or on another tab.
    Hidden = 1,
    /// Its window has the keyboard.
    Focused = 1 << 1,
}

const ALL_FLAGS: u32 = 3;

/// A view as the host places it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ViewInfo<'a> {
    /// The host's name for it; 0: the desk.
    pub view: u64,
    /// The view it lies in; 0: the desk.
    pub parent: u64,
    /// Left, top, width, height, in pixels, from the upper left corner of what it lies in.
    pub rectangle: [f64; 4],
    /// Above those with a lower one.
    pub z: i32,
    /// [`ViewFlag`]s.
    pub flags: u32,
    /// 0xAARRGGBB; 0: as usual.
    pub background: u32,
    /// What stands in its title bar; none: it has no title bar.
    pub title: Option<&'a str>,
}

/// Where a view lies, and how it looks around its content.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Placement {
    pub rectangle: [f64; 4],
    z: i32,
    flags: u32,
    pub background: u32,
    title: Option<String>,
}

impl Placement {
    /// Within its bounds, and masked.
    pub fn of(info: &ViewInfo, level: MaskLevel) -> Result<Self, Error> {
        let [x, y, width, height] = info.rectangle;
        let is_good = |value: f64| value.is_finite() && value.abs() <= MAX_COORDINATE;
        if !info.rectangle.into_iter().all(is_good) || width < 0.0 || height < 0.0 {
            return Err(Error::InvalidArgument(format!(
                "view {} has an impossible rectangle ({x}, {y}, {width} by {height})",
                info.view
            )));
        }
        if info.flags & !ALL_FLAGS != 0 {
            let (view, flags) = (info.view, info.flags);
            return Err(Error::InvalidArgument(format!(
                "the flags of view {view} ({flags:#x}) have a bit that is none of sr_view_flag"
            )));
        }
        let title = info.title.map(|title| {
            mask(shorten(title, MAX_TITLE_BYTES), NodeKind::Text, false, level).replace(char::is_control, " ")
        });
        Ok(Self {
            rectangle: info.rectangle,
            z: info.z,
            flags: info.flags,
            background: info.background,
            title,
        })
    }

    /// The same, masked by a stricter level, too.
    pub fn masked(&self, level: MaskLevel) -> Self {
        let title = self.title.as_ref().map(|title| mask(title, NodeKind::Text, false, level).into_owned());
        Self { title, ..self.clone() }
    }

    /// From the desk's corner, as large as this.
    pub fn of_size([width, height]: [f64; 2]) -> Self {
        Self { rectangle: [0.0, 0.0, width, height], ..Self::default() }
    }

    pub fn is_hidden(&self) -> bool {
        self.has(ViewFlag::Hidden)
    }

    fn has(&self, flag: ViewFlag) -> bool {
        self.flags & flag as u32 != 0
    }

    /// The element of the view that lies here without what is in its content; with the frame of its page, if it has one.
    /// `origin` is where what it lies in begins.
    pub fn shell(&self, view: &View, origin: [f64; 2], has_page: bool) -> Element {
        let ids = view.ids;
        let [x, y, width, height] = self.rectangle.map(number);
        let (left, top) = (number(x - origin[0]), number(y - origin[1]));
        let display = if self.is_hidden() { ";display:none" } else { "" };
        let z = self.z;
        let style =
            format!("left:{left}px;top:{top}px;width:{width}px;height:{height}px;z-index:{z}{display}");
        let bar = Element::new(ids.bar(), "div")
            .with("class", if self.has(ViewFlag::Focused) { "b f" } else { "b" })
            .with("style", if self.title.is_some() { "" } else { "display:none" })
            .with_text(ids.title(), self.title.as_deref().unwrap_or_default());
        let content = view.content_box();
        let content = if has_page { content.with_child(self.frame(ids)) } else { content };
        // For whoever looks at the replay: which view it is, and what is in it or why there is nothing.
        Element::new(ids.window(), "div")
            .with("class", "w")
            .with("data-view", view.number.to_string())
            .with(CONTENT, view.content.name())
            .with("style", style)
            .with_child(bar)
            .with_child(content)
    }

    /// What the page lies in: as large as the view, until the page says how large it is.
    pub fn frame(&self, ids: ViewIds) -> Element {
        let [_, _, width, height] = self.rectangle.map(|value| number(value).to_string());
        Element::new(ids.frame(), "iframe").with("width", width).with("height", height)
    }
}

/// A view.
#[derive(Debug)]
pub(super) struct View {
    /// The host's name for it.
    pub number: u64,
    pub ids: ViewIds,
    pub parent: u64,
    /// The host said where it lies; otherwise it is as large as what is in it.
    pub is_placed: bool,
    pub placement: Placement,
    pub content: Content,
    /// The ids of its content below this number were given since the last full snapshot, if only to content that is gone.
    pub given_ids: u64,
}

/// The attribute that says [`Content::name`].
pub(super) const CONTENT: &str = "data-content";

/// What is in a view.
#[derive(Debug, Default)]
pub(super) enum Content {
    #[default]
    Nothing,
    /// Pixels that are not kept: nobody says what of them is to be masked, or it was said for a looser level than is in force.
    Masked,
    Nodes(NodeList),
    Pixels(Layers),
    Page,
}

impl Content {
    /// As the document has it. The viewer tells by it what is in a view, or why it is empty.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Masked => "masked",
            Self::Nodes(_) => "nodes",
            Self::Pixels(layers) if layers.is_too_large() => "too-large",
            Self::Pixels(_) => "pixels",
            Self::Page => "page",
        }
    }

    /// The number of the next id that it gives, where it gives any.
    fn next_id(&mut self) -> Option<&mut u64> {
        match self {
            Self::Nodes(nodes) => Some(&mut nodes.next_id),
            Self::Pixels(layers) => Some(&mut layers.next_id),
            Self::Nothing | Self::Masked | Self::Page => None,
        }
    }
}

impl View {
    /// Its element without what is in its content, but for the frame of a page, on a desk that begins there.
    pub fn shell(&self, origin: [f64; 2]) -> Element {
        self.placement.shell(self, origin, matches!(self.content, Content::Page))
    }

    /// The element that its content lies in, without that.
    pub fn content_box(&self) -> Element {
        let mut style = match self.placement.background {
            0 => String::new(),
            value => format!("background:{}", colour(value)),
        };
        if let Content::Nodes(nodes) = &self.content {
            let more = nodes.declarations();
            style.push_str(if style.is_empty() || more.is_empty() { "" } else { ";" });
            style.push_str(&more);
        }
        Element::new(self.ids.content(), "div").with("class", "c").with("style", style)
    }

    /// Shows this from now on, whose ids none of what was there had: a player that jumps may still know those. What was there.
    pub fn replace_content(&mut self, mut content: Content) -> Content {
        if let Some(next_id) = self.content.next_id() {
            self.given_ids = *next_id;
        }
        if let Some(next_id) = content.next_id() {
            *next_id = self.given_ids;
        }
        std::mem::replace(&mut self.content, content)
    }

    /// Tells what is in it, if it was something else before.
    pub fn tell_content(&self, before: &str, changes: &mut Changes) {
        if self.content.name() != before {
            changes.set(self.ids.window(), CONTENT, self.content.name());
        }
    }

    /// The elements in its content.
    pub fn elements(&self) -> Vec<Element> {
        match &self.content {
            Content::Nothing | Content::Masked => Vec::new(),
            Content::Nodes(nodes) => nodes.elements(self.ids).collect(),
            Content::Pixels(layers) => layers.elements().collect(),
            Content::Page => vec![self.placement.frame(self.ids)],
        }
    }
}
