import { type CSSProperties, lazy, Suspense, useId, useMemo, useState } from "react";
import { ToggleButton } from "react-aria-components";
import { classes } from "../../design/classes";
import type { Chart as ChartNode } from "../../gen/widget/Chart";
import { blockStyle } from "../look";
import styles from "./chart.module.css";
import { type Plotted, plotted, summary, valueText } from "./plotting";

const css = classes(styles);

// Not with the parts that every start loads in the end: it is large, and charts are few.
const Plot = lazy(() => import("./Plot"));

/** Values, drawn, and as a table for who wants to read them one by one. */
export function Chart({ chart }: { readonly chart: ChartNode }) {
  const [asTable, setAsTable] = useState(false);
  const plot = useMemo(() => plotted(chart), [chart]);
  const isEmpty = plot.rows.length === 0 || plot.series.length === 0;
  const name = summary(plot);
  const id = useId();
  return (
    <figure className={css("chart")} style={roomOf(chart)} aria-labelledby={id}>
      <span id={id} className="visually-hidden">
        {name}
      </span>
      {isEmpty && <p className={css("nothing")}>No values to show</p>}
      {!isEmpty && asTable && <Values plot={plot} axis={chart.x_axis.data_key} name={name} />}
      {!isEmpty && !asTable && (
        <>
          <div className={css("plot", chart.block.height === null && aspect(chart) === null && "usual")}>
            <Suspense fallback={null}>
              <Plot chart={chart} plot={plot} name={name} />
            </Suspense>
          </div>
          {chart.show_legend && <Legend plot={plot} />}
        </>
      )}
      {!isEmpty && (
        <ToggleButton className={css("toggle")} isSelected={asTable} onChange={setAsTable}>
          Show as table
        </ToggleButton>
      )}
    </figure>
  );
}

/** A chart that says nothing of its height has the usual one; one that does is as high as it says. */
function roomOf({ block, flex }: ChartNode): CSSProperties {
  return {
    ...blockStyle(block),
    ...(flex === null ? {} : { flex }),
    // What is as high as it says is as wide as there is room.
    ...(block.height === null ? {} : { aspectRatio: undefined }),
    ...(block.radius === null ? {} : { overflow: "hidden" }),
  };
}

function aspect({ block }: ChartNode): string | null {
  return block.aspect_ratio;
}

function Legend({ plot }: { readonly plot: Plotted }) {
  return (
    <ul className={css("legend")} aria-label="Series">
      {plot.series.map(({ label, color, kind }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place, its name need not be its own
        <li key={place} className={css("entry")}>
          <span className={css("swatch", kind === "line" && "stroke")} style={{ background: color }} />
          {label}
        </li>
      ))}
    </ul>
  );
}

function Values({
  plot,
  axis,
  name,
}: {
  readonly plot: Plotted;
  readonly axis: string;
  readonly name: string;
}) {
  return (
    // What scrolls must be within reach of the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className={css("values")} aria-label="Values" tabIndex={0}>
      <table>
        <caption className="visually-hidden">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{axis === "" ? "Place" : axis}</th>
            {plot.series.map(({ label }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place
              <th key={place} scope="col" className={css("number")}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plot.rows.map(({ at, values }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <tr key={place}>
              <th scope="row">{at}</th>
              {values.map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place
                <td key={column} className={css("number")}>
                  {valueText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
