import { type ReactNode, useRef } from "react";
import { classes } from "../design/classes";
import type { Node } from "../gen/widget/Node";
import { CELL_ALIGN, CELL_VALIGN, COLUMN_SIZES, paddingStyle, type Style, sizeOf } from "./look";
import { childrenOf, keyed, type NodeOf } from "./nodes";
import styles from "./tables.module.css";
import { useOverflow } from "./useOverflow";

const css = classes(styles);

type Draw = (nodes: readonly Node[]) => ReactNode;

interface TableProps {
  readonly rows: readonly Node[];
  readonly draw: Draw;
}

/** Rows of cells. The rows at the beginning that are marked as headers are the head of the table. */
export function Table({ rows, draw }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  useOverflow(scroller, table, "Table");
  const end = rows.findIndex((row) => !isHeader(row));
  const head = end < 0 ? rows.length : end;
  const all = keyed(rows).map(([key, row]) => <Row key={key} row={row} draw={draw} />);
  return (
    <div ref={scroller} className={css("scroller")}>
      <table ref={table} className={css("table")}>
        {head > 0 && <thead>{all.slice(0, head)}</thead>}
        {head < rows.length && <tbody>{all.slice(head)}</tbody>}
      </table>
    </div>
  );
}

function isHeader(row: Node): boolean {
  return row.type === "Table.Row" && row.header;
}

/** A row, wherever it may stand: what is none is a row of one cell. */
function Row({ row, draw }: { readonly row: Node; readonly draw: Draw }) {
  const cells = row.type === "Table.Row" ? row.children : [row];
  return (
    <tr>
      {keyed(cells).map(([key, cell]) => (
        <Cell key={key} cell={cell} isHeader={isHeader(row)} draw={draw} />
      ))}
    </tr>
  );
}

interface CellProps {
  readonly cell: Node;
  readonly isHeader: boolean;
  readonly draw: Draw;
}

function Cell({ cell, isHeader, draw }: CellProps) {
  const inside = cell.type === "Table.Cell" ? cell.children : [cell];
  const props = {
    className: css("cell"),
    ...(cell.type === "Table.Cell" && { style: cellStyle(cell), ...spans(cell) }),
  };
  const content = <div className={css("inside")}>{draw(inside)}</div>;
  if (!isHeader) return <td {...props}>{content}</td>;
  return (
    <th {...props} scope={cell.type === "Table.Cell" && cell.col_span > 1 ? "colgroup" : "col"}>
      {content}
    </th>
  );
}

function spans({ col_span, row_span }: NodeOf<"Table.Cell">) {
  return { ...(col_span > 1 && { colSpan: col_span }), ...(row_span > 1 && { rowSpan: row_span }) };
}

/** How a cell looks. */
export function cellStyle(cell: NodeOf<"Table.Cell">): Style {
  const column = cell.col_size === null ? undefined : sizeOf(COLUMN_SIZES, cell.col_size, "md");
  const align = cell.align && CELL_ALIGN[cell.align];
  return {
    width: cell.width?.startsWith("-") ? column : (cell.width ?? column),
    minWidth: column,
    textAlign: align ?? undefined,
    verticalAlign: cell.v_align === null ? undefined : CELL_VALIGN[cell.v_align],
    "--cell-align": align === null ? undefined : align === "center" ? "center" : `flex-${align}`,
    ...paddingStyle(cell.padding),
  };
}

/** A row or a cell that stands in no table: what it holds. */
export function Loose({ node, draw }: { readonly node: Node; readonly draw: Draw }) {
  return <div className={css("inside")}>{draw(childrenOf(node))}</div>;
}
