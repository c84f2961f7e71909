import { useState } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { classes } from "../../design/classes";
import type { Chart } from "../../gen/widget/Chart";
import styles from "./chart.module.css";
import { type PlotRow, type PlotSeries, type Plotted, tickText, valueText } from "./plotting";

const css = classes(styles);

/** How a chart is drawn. It is loaded when the first one is there. */
export default function Plot({
  chart,
  plot,
  name,
}: {
  readonly chart: Chart;
  readonly plot: Plotted;
  readonly name: string;
}) {
  // Asked once: who changes it sees it with the next chart.
  const [moves] = useState(() => !window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0}>
      <ComposedChart
        data={[...plot.rows]}
        accessibilityLayer
        aria-label={name}
        margin={{ top: 8, right: 8, bottom: 0, left: chart.show_y_axis ? 0 : 8 }}
        {...(chart.bar_gap === null ? {} : { barGap: chart.bar_gap })}
        {...(chart.bar_category_gap === null ? {} : { barCategoryGap: chart.bar_category_gap })}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="place"
          tickFormatter={(place: number) => plot.rows[place]?.at ?? ""}
          hide={chart.x_axis.hide}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={12}
        />
        <YAxis
          hide={!chart.show_y_axis}
          width="auto"
          tickFormatter={tickText}
          tickLine={false}
          axisLine={false}
        />
        {chart.show_tooltip && (
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--line-strong)", fill: "var(--surface-hover)" }}
            content={({ active, label }) => (active ? <Tip plot={plot} place={Number(label)} /> : null)}
          />
        )}
        {plot.series.map((series, place) => drawn(series, place, moves))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** One series, as a child that the library knows by its type. */
function drawn({ label, kind, curve, stack, color }: PlotSeries, place: number, moves: boolean) {
  const shared = {
    dataKey: (row: PlotRow) => row.values[place] ?? null,
    name: label,
    isAnimationActive: moves,
    ...(stack === null ? {} : { stackId: stack }),
  };
  const key = `${place}-${kind}`;
  if (kind === "bar") return <Bar key={key} {...shared} fill={color} radius={stack === null ? 3 : 0} />;
  if (kind === "area")
    return <Area key={key} {...shared} type={curve} stroke={color} fill={color} fillOpacity={0.2} />;
  const { stackId: _, ...line } = { stackId: undefined, ...shared };
  return <Line key={key} {...line} type={curve} stroke={color} strokeWidth={2} dot={false} />;
}

/** What stands beside the place that is pointed at. */
function Tip({ plot, place }: { readonly plot: Plotted; readonly place: number }) {
  const row = plot.rows[place];
  if (row === undefined) return null;
  return (
    <div className={css("tip")}>
      <p className={css("at")}>{row.at}</p>
      {plot.series.map(({ label, color }, series) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place
        <p key={series} className={css("entry")}>
          <span className={css("swatch")} style={{ background: color }} />
          {label}: {valueText(row.values[series] ?? null)}
        </p>
      ))}
    </div>
  );
}
