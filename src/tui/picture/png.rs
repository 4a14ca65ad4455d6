//! SVG as PNG, with the font that comes with vigie: no other machine's fonts play a part.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// It is no SVG, or holds nothing.
    #[error("the picture cannot be read: {0}")]
    Unreadable(String),
    /// It is larger than memory may be.
    #[error("a picture of {width} × {height} px is too large")]
    TooLarge {
        /// px.
        width: u32,
        /// px.
        height: u32,
    },
    /// The pixels found no PNG.
    #[error("the picture cannot be written: {0}")]
    Unwritable(String),
}

/// px of a side at most.
const LARGEST_SIDE: u32 = 16_384;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans_mono::regular().to_vec());
    fonts.load_font_data(dejavu::sans_mono::bold().to_vec());
    fonts.set_monospace_family("DejaVu Sans Mono");
    Arc::new(fonts)
});

/// The PNG of an SVG, `scale` times its size.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PictureFault> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "DejaVu Sans Mono".to_owned(),
        ..Options::default()
    };
    let unreadable = |fault: resvg::usvg::Error| PictureFault::Unreadable(fault.to_string());
    let tree = Tree::from_str(svg, &options).map_err(unreadable)?;
    let own = tree.size().to_int_size();
    let too_large = PictureFault::TooLarge { width: own.width(), height: own.height() };
    let size = own.scale_by(scale).ok_or(too_large)?;
    let (width, height) = (size.width(), size.height());
    if width > LARGEST_SIDE || height > LARGEST_SIDE {
        return Err(PictureFault::TooLarge { width, height });
    }
    let mut pixels = Pixmap::new(width, height).ok_or(PictureFault::TooLarge { width, height })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|fault| PictureFault::Unwritable(fault.to_string()))
}
