//! Draws a growth as an SVG: `plot FILE TITLE X_NAME`, with `series x y` lines on standard input. x is logarithmic; y is
//! a multiple of each series' first value, so that a flat line at 1 is no growth.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::stdin;

use plotters::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, title, x_name] = &arguments[..] else { return Err("plot FILE TITLE X_NAME".into()) };
    let mut series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for line in stdin().lines() {
        let line = line?;
        if let [name, x, y] = line.split(' ').collect::<Vec<_>>()[..] {
            series.entry(name.to_owned()).or_default().push((x.parse()?, y.parse()?));
        }
    }
    for points in series.values_mut() {
        let first = points.first().map_or(1.0, |point| point.1);
        points.iter_mut().for_each(|point| point.1 /= first);
    }
    let all = || series.values().flatten();
    let (least, most) =
        all().fold((f64::MAX, 0f64), |(least, most), point| (least.min(point.0), most.max(point.0)));
    let top = all().fold(2f64, |top, point| top.max(point.1 * 1.1));
    let area = SVGBackend::new(file, (720, 400)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(50)
        .build_cartesian_2d((least..most).log_scale(), 0f64..top)?;
    chart.configure_mesh().x_desc(x_name).y_desc("× the first").draw()?;
    for (number, (name, points)) in series.iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK).draw()?;
    area.present()?;
    Ok(())
}
