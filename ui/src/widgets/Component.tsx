import { memo, type ReactNode } from "react";
import type { Node } from "../gen/widget/Node";
// biome-ignore lint/suspicious/noImportCycles: a form holds components, and is one
import { Control } from "./controls";
import { Icon } from "./Icon";
import { Box, Divider, Spacer, Transition } from "./Layout";
import { colorOf, ICON_SIZES, sizeOf } from "./look";
import { Image } from "./Media";
import { keyed, type NodeOf, ownKey } from "./nodes";
import { Basic, Card, ListView, ListViewItem } from "./Roots";
import { Loose, Table } from "./Tables";
import { Badge, Caption, Markdown, Text, Title } from "./Words";
import styles from "./words.module.css";

interface ComponentProps {
  readonly node: Node;
}

/** One component of a widget in its place: the one place that chooses how it is drawn, by its type. */
export const Component = memo(function Component({ node }: ComponentProps): ReactNode {
  switch (node.type) {
    case "Card":
      return <Card card={node}>{all(node.children)}</Card>;
    case "ListView":
      return <ListView list={node} draw={one} />;
    case "ListViewItem":
      return <ListViewItem node={node}>{all(node.children)}</ListViewItem>;
    case "Basic":
      return <Basic node={node}>{all(node.children)}</Basic>;
    case "Unknown":
      return all(node.children);
    case "Box":
    case "Row":
    case "Col":
    case "Spacer":
    case "Divider":
    case "Transition":
      return <Laid node={node} />;
    case "Text":
      // One that can be written over is a field.
      return node.editable === null ? <Said node={node} /> : <Control node={node} />;
    case "Title":
    case "Caption":
    case "Markdown":
    case "Badge":
      return <Said node={node} />;
    case "Icon":
      return <Sign node={node} />;
    case "Image":
      return <Image image={node} />;
    case "Table":
      return <Table rows={node.children} draw={all} />;
    case "Table.Row":
    case "Table.Cell":
      return <Loose node={node} draw={all} />;
    default:
      return <Control node={node} />;
  }
});

function one(node: Node): ReactNode {
  return <Component node={node} />;
}

/** Components one after the other. */
export function all(nodes: readonly Node[]): ReactNode {
  return keyed(nodes).map(([key, node]) => <Component key={key} node={node} />);
}

/** What holds others, and what stands between them. */
function Laid({ node }: { node: NodeOf<"Box" | "Row" | "Col" | "Spacer" | "Divider" | "Transition"> }) {
  switch (node.type) {
    case "Box":
    case "Row":
    case "Col": {
      const kind = ({ Box: "box", Row: "row", Col: "col" } as const)[node.type];
      return (
        <Box kind={kind} look={node.look}>
          {all(node.children)}
        </Box>
      );
    }
    case "Spacer":
      return <Spacer minSize={node.min_size} />;
    case "Divider":
      return <Divider look={node} />;
    case "Transition": {
      const [child] = node.children;
      return <Transition of={child ? (ownKey(child) ?? child.type) : null}>{all(node.children)}</Transition>;
    }
  }
}

/** What can be read. */
function Said({ node }: { node: NodeOf<"Title" | "Caption" | "Text" | "Markdown" | "Badge"> }) {
  switch (node.type) {
    case "Title":
      return <Title value={node.value} look={node.look} />;
    case "Caption":
      return <Caption value={node.value} look={node.look} />;
    case "Text":
      return <Text text={node} />;
    case "Markdown":
      return <Markdown patches={node.patches} streaming={node.streaming} />;
    case "Badge":
      return <Badge badge={node} />;
  }
}

function Sign({ node }: { node: NodeOf<"Icon"> }) {
  return (
    <span className={styles["sign"]} style={{ color: colorOf(node.color) }}>
      <Icon name={node.name} size={sizeOf(ICON_SIZES, node.size, "md")} />
    </span>
  );
}
