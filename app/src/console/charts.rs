//! Draws charts as SVG on the server. The style sheet replaces each colour for light mode and for dark mode.

use plotters::{
    coord::Shift,
    prelude::{
        ChartBuilder, Circle, Color, DrawingArea, IntoDrawingArea, IntoFont, IntoSegmentedCoord, LineSeries,
        RGBColor, Rectangle, SVGBackend, SegmentValue,
    },
};

/// The colour of axes and text.
const INK: RGBColor = RGBColor(0, 0, 0);

/// The colour of the grid behind the data.
const GRID: RGBColor = RGBColor(204, 204, 204);

/// The colour of the data.
const DATA: RGBColor = RGBColor(7, 193, 96);

/// The result of drawing. After an error the page has no chart.
type Drawn = Result<(), Box<dyn std::error::Error>>;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The maximum number of labels below the axis.
const LABELS: usize = 8;

fn svg(draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut text = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut text, (520, 240)).into_drawing_area();
        draw(&area).and_then(|()| Ok(area.present()?))
    };
    if let Err(error) = drawn {
        tracing::warn!(%error, "cannot draw a chart");
        return String::new();
    }
    text
}

/// A bar chart. Each bar has its name below it; `label` returns the texts of the y axis.
pub(super) fn bars(names: &[String], values: &[i64], label: fn(i64) -> String) -> String {
    svg(|area| {
        let most = values.iter().copied().max().unwrap_or(0).max(1);
        // a day with more refunds than sales has a value below zero
        let least = values.iter().copied().min().unwrap_or(0).min(0);
        let last = i32::try_from(names.len())?.saturating_sub(1).max(0);
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(56)
            .build_cartesian_2d((0..last).into_segmented(), least + least / 10..most + most / 10 + 1)?;
        let name_at = |at: &SegmentValue<i32>| match at {
            SegmentValue::CenterOf(at) => name(names, *at),
            SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(GRID.mix(0.0))
            .axis_style(INK)
            .x_labels(names.len().min(LABELS))
            .y_labels(5)
            .x_label_formatter(&name_at)
            .y_label_formatter(&|value| label(*value))
            .label_style(("sans-serif", 13).into_font().color(&INK))
            .draw()?;
        chart.draw_series((0_i32..).zip(values).map(|(at, value)| {
            let right = if at < last { SegmentValue::Exact(at + 1) } else { SegmentValue::Last };
            let mut bar = Rectangle::new([(SegmentValue::Exact(at), 0), (right, *value)], DATA.filled());
            bar.set_margin(0, 0, 3, 3);
            bar
        }))?;
        Ok(())
    })
}

/// A line chart. It has a gap for each missing value.
pub(super) fn line(names: &[String], values: &[Option<i64>], most: i64) -> String {
    svg(|area| {
        let count = i32::try_from(names.len())?;
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(56)
            .build_cartesian_2d(0..count, 0..most)?;
        let label = |at: &i32| name(names, *at);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(GRID.mix(0.0))
            .axis_style(INK)
            .x_labels(names.len().min(LABELS))
            .y_labels(5)
            .x_label_formatter(&label)
            .label_style(("sans-serif", 13).into_font().color(&INK))
            .draw()?;
        let points: Vec<(i32, i64)> =
            (0_i32..).zip(values).filter_map(|(at, value)| value.map(|value| (at, value))).collect();
        chart.draw_series(LineSeries::new(points.iter().copied(), DATA.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, DATA.filled())))?;
        Ok(())
    })
}

fn name(names: &[String], at: i32) -> String {
    usize::try_from(at).ok().and_then(|at| names.get(at)).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_no_style_attribute_and_may_be_empty() {
        let names: Vec<String> = (1..=30).map(|day| format!("11-{day:02}")).collect();
        let values: Vec<i64> = (0..30).map(|day| day * 1000).collect();
        let svg = bars(&names, &values, |fen| (fen / 100).to_string());
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style=") && svg.contains("11-01"), "{svg}");
        assert!(bars(&names, &[0; 30], |count| count.to_string()).contains("</svg>"));
        let below_zero = bars(&names, &[-5; 30], |count| count.to_string());
        // plotters writes each text on its own line
        assert!(below_zero.lines().any(|line| line.trim() == "-4"), "{below_zero}");
        assert!(line(&names, &[None; 30], 100).contains("</svg>"));
    }
}
